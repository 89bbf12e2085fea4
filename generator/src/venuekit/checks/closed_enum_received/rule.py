"""A venue promises never to add a value to a list that clients read."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import (
    Action,
    Contract,
    EnumSchema,
    HttpBinding,
    RefSchema,
    Schema,
    WebhookBinding,
)
from venuekit.contract.walk import descend
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def _received(contract: Contract) -> Iterator[Schema]:
    """Yield the schemas of all that the server sends."""
    for operation in contract.operations:
        binding = operation.binding
        if isinstance(binding, HttpBinding):
            for response in binding.responses:
                yield from (c.schema for c in response.contents if c.schema is not None)
            continue
        if isinstance(binding, WebhookBinding):
            contents = binding.body.contents if binding.body is not None else ()
            yield from (c.schema for c in contents if c.schema is not None)
            continue
        keys = binding.reply.messages if binding.reply is not None else ()
        if operation.action is Action.RECEIVE:
            keys = (*keys, *binding.messages)
        payloads = (contract.messages[key].payload for key in keys)
        yield from (payload for payload in payloads if payload is not None)


def _reachable(contract: Contract) -> Iterator[Schema]:
    seen: set[str] = set()
    stack = list(_received(contract))
    while stack:
        for schema in descend(stack.pop()):
            if isinstance(schema, RefSchema):
                if schema.name not in seen:
                    seen.add(schema.name)
                    stack.append(contract.schemas[schema.name].schema)
            else:
                yield schema


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    reported: set[Origin] = set()
    for schema in _reachable(contract):
        if not isinstance(schema, EnumSchema) or schema.is_openness_stated:
            continue
        if schema.notes.origin in reported:
            continue
        reported.add(schema.notes.origin)
        yield schema.notes.origin, {"values": ", ".join(map(str, schema.values))}


RULE = Rule(
    severity=Severity.INFO,
    message="the values {values} are closed, so a new one would break clients that read them",
    help="add x-extensible-enum: true, or false where the list can never grow",
    find=find,
)
