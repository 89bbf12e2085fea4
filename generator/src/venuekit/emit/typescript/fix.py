"""FIX operations as data: the SDK carries the dictionary, sessions are the runtime's to come."""

from __future__ import annotations

from venuekit.contract import (
    Contract,
    FixBinding,
    FixField,
    FixGroup,
    FixMember,
    Operation,
    Presence,
    Wire,
)
from venuekit.emit.typescript.text import Value


def fix_operations(contract: Contract) -> list[Operation]:
    """Return the operations over FIX."""
    return [operation for operation in contract.operations if operation.wire is Wire.FIX]


def operations_table(contract: Contract) -> Value:
    """Return each FIX operation with the messages that it sends and gets, by their keys."""
    found: dict[str, Value] = {}
    for operation in fix_operations(contract):
        binding = operation.binding
        assert isinstance(binding, FixBinding)
        entry: dict[str, Value] = {
            "action": operation.action.value,
            "channel": binding.channel,
            "messages": list(binding.messages),
        }
        if binding.reply is not None:
            entry["replies"] = list(binding.reply.messages)
        if operation.effect is not None:
            entry["effect"] = operation.effect.value
        found[operation.name] = entry
    return found


def messages_table(contract: Contract) -> Value:
    """Return each FIX message with its MsgType (35) and its members in their order."""
    return {
        key: {
            "msgType": message.fix.msg_type,
            "members": [_member(member) for member in message.fix.members],
        }
        for key, message in contract.messages.items()
        if message.fix is not None
    }


def session_table(contract: Contract) -> Value:
    """Return the FIX servers with header and trailer of every message."""
    return {
        server.key: {
            "url": server.url,
            "beginString": server.fix.begin_string,
            "header": [_member(member) for member in server.fix.header],
            "trailer": [_member(member) for member in server.fix.trailer],
        }
        for server in contract.servers
        if server.fix is not None
    }


def _member(member: FixMember) -> Value:
    found: dict[str, Value] = {"name": member.name}
    if isinstance(member, FixGroup):
        found["countTag"] = member.count_tag
        found["members"] = [_member(inner) for inner in member.members]
    else:
        found |= _field(member)
    if member.presence is not Presence.OPTIONAL:
        found["presence"] = member.presence.value
    if member.source is not None:
        found["source"] = member.source
    return found


def _field(member: FixField) -> dict[str, Value]:
    found: dict[str, Value] = {"tag": member.tag}
    if member.datatype is not None:
        found["datatype"] = member.datatype
    if member.constant is not None:
        found["constant"] = member.constant
    if member.codes:
        found["codes"] = {code.meaning: code.value for code in member.codes}
    return found
