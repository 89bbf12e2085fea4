"""FIX operations to descriptors: data for a session, because tags are facts and not code."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.contract import (
    Effect,
    FixBinding,
    FixField,
    FixGroup,
    FixMember,
    Message,
    Operation,
    Presence,
    Wire,
)
from venuekit.emit.naming import snake
from venuekit.emit.python.context import Context
from venuekit.emit.python.names import constant_names, identifier
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.views import DescriptorView


def fix_messages(context: Context) -> list[DescriptorView]:
    """Return a descriptor of every message that has a FIX layout."""
    found = [m for m in context.contract.messages.values() if m.fix is not None]
    names = message_constants(context)
    return [_message(message, names[message.key]) for message in found]


def message_constants(context: Context) -> dict[str, str]:
    """Return the constant of each FIX message."""
    keys = [m.key for m in context.contract.messages.values() if m.fix is not None]
    return constant_names(keys, "_MESSAGE")


def fix_operations(context: Context) -> list[DescriptorView]:
    """Return a descriptor of every FIX operation."""
    names = message_constants(context)
    return [_operation(context, o, names) for o in context.operations(Wire.FIX)]


def _operation(context: Context, operation: Operation, names: dict[str, str]) -> DescriptorView:
    binding = operation.binding
    assert isinstance(binding, FixBinding)
    replies = binding.reply.messages if binding.reply is not None else ()
    effect = operation.effect or Effect.CREATE
    parts = [literal(operation.name), literal(str(operation.action)), literal(str(effect))]
    parts.append(tuple_text(names[key] for key in binding.messages))
    if replies:
        parts.append(tuple_text(names[key] for key in replies))
    key = operation.dedup_key
    if key is not None:
        argument = identifier(snake(key), key, frozenset())
        parts.append(f"dedup_key=DedupKey({literal(argument)}, {literal(key)}, True)")
    lines = "".join(f"    {part},\n" for part in parts)
    return DescriptorView(
        name=context.constants[operation.name],
        annotation="FixOperation",
        source=f"FixOperation(\n{lines})",
    )


def _message(message: Message, name: str) -> DescriptorView:
    assert message.fix is not None
    members = _members(message.fix.members, "        ")
    source = (
        f"FixMessage(\n    {literal(message.name)},\n    {literal(message.fix.msg_type)},\n"
        f"    (\n{members}    ),\n)"
    )
    return DescriptorView(name=name, annotation="FixMessage", source=source)


def _members(members: Sequence[FixMember], indent: str) -> str:
    return "".join(f"{indent}{_member(member, indent)},\n" for member in members)


def _member(member: FixMember, indent: str) -> str:
    match member:
        case FixField():
            return _field(member)
        case FixGroup():
            inner = _members(member.members, indent + "        ")
            head = f"{member.count_tag}, {literal(member.name)}, {literal(str(member.presence))}"
            rest = f", source={literal(member.source)}" if member.source else ""
            rest += f", when={literal(member.when)}" if member.when else ""
            return f"FixGroup({head}, (\n{inner}{indent}    ){rest})"


def _field(member: FixField) -> str:
    parts = [str(member.tag), literal(member.name)]
    if member.presence is not Presence.OPTIONAL:
        parts.append(literal(str(member.presence)))
    named = {
        "datatype": member.datatype,
        "source": member.source,
        "constant": member.constant,
        "when": member.when,
    }
    parts += [f"{key}={literal(value)}" for key, value in named.items() if value is not None]
    if member.codes:
        pairs = tuple_text(f"({literal(c.value)}, {literal(c.meaning)})" for c in member.codes)
        parts.append(f"codes={pairs}")
    return f"FixField({', '.join(parts)})"
