"""Several messages arrive on one channel and no field tells which one a frame is."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Action, ChannelBinding, ConstSchema, Contract, ObjectSchema
from venuekit.contract.walk import resolve
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def _tags(contract: Contract, key: str) -> dict[str, str]:
    """Return the required fields of a message that hold exactly one value."""
    payload = contract.messages[key].payload
    shape = resolve(contract, payload) if payload is not None else None
    if not isinstance(shape, ObjectSchema):
        return {}
    tags: dict[str, str] = {}
    for field in shape.fields:
        schema = resolve(contract, field.schema)
        if field.is_required and isinstance(schema, ConstSchema):
            tags[field.name] = repr(schema.value)
    return tags


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        binding = operation.binding
        if not isinstance(binding, ChannelBinding) or operation.action is not Action.RECEIVE:
            continue
        if len(binding.messages) < 2:
            continue
        tags = [_tags(contract, key) for key in binding.messages]
        shared = set(tags[0]).intersection(*tags[1:])
        if not any(len({tag[name] for tag in tags}) == len(tags) for name in shared):
            names = ", ".join(contract.messages[key].name for key in binding.messages)
            yield operation.origin, {"name": operation.name, "messages": names}


RULE = Rule(
    severity=Severity.WARNING,
    message="operation {name!r} receives {messages} and no field tells them apart",
    help="give each message a required field of the same name with its own const value",
    find=find,
)
