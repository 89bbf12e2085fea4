"""What a thing is known by where its place changes: digests of what it is or does."""

from __future__ import annotations

import hashlib

from venuekit.contract import (
    ArraySchema,
    ChannelBinding,
    Contract,
    EnumSchema,
    FixBinding,
    HttpBinding,
    NullableSchema,
    ObjectSchema,
    Operation,
    Schema,
    TupleSchema,
    UnionSchema,
    WebhookBinding,
)
from venuekit.emit.lock.places import At

_DEEPEST = 4
"""How far a shape is looked into; below that only the kinds count."""


def operation_places(contract: Contract) -> dict[int, At]:
    """Return the place of each operation by its identity.

    Operations that share one place in the document, told apart by a field of the body, have
    their names as roles.
    """
    seen: dict[tuple[int, tuple[str | int, ...]], int] = {}
    for operation in contract.operations:
        key = (id(operation.origin.document), operation.origin.pointer)
        seen[key] = seen.get(key, 0) + 1
    return {
        id(operation): At(
            operation.origin,
            operation.name
            if seen[(id(operation.origin.document), operation.origin.pointer)] > 1
            else "",
        )
        for operation in contract.operations
    }


def operation_shape(operation: Operation) -> str:
    """Return a digest of what an operation over a channel does; HTTP has a path as its place."""
    match operation.binding:
        case HttpBinding() | WebhookBinding():
            return ""
        case (
            ChannelBinding(channel=channel, messages=keys)
            | FixBinding(channel=channel, messages=keys)
        ):
            return _short(f"{operation.action} {channel} {' '.join(keys)}")


def schema_shape(schema: Schema) -> str:
    """Return a digest of a shape that is telling enough to be known again, else nothing.

    References count as such, whatever they name: a schema that only refers to one which was
    renamed is still the same.
    """
    if not _is_telling(schema):
        return ""
    return _short(_shape(schema, 0))


def _is_telling(schema: Schema) -> bool:
    match schema:
        case ObjectSchema(fields=fields):
            return len(fields) > 1
        case EnumSchema(values=values):
            return len(values) > 2
        case UnionSchema() | TupleSchema():
            return True
        case _:
            return False


def variant_mark(schema: Schema) -> str:
    """Return what tells a variant without title or tag from its siblings, whatever the order.

    That is its kind, and a digest of its shape.
    """
    kind = type(schema).__name__.removesuffix("Schema")
    return f"{kind}~{_short(_shape(schema, _DEEPEST - 1))}"


def _shape(schema: Schema, depth: int) -> str:
    kind = type(schema).__name__.removesuffix("Schema")
    if depth >= _DEEPEST:
        return kind
    match schema:
        case ObjectSchema(fields=fields):
            rows = [f"{f.name}{'!' * f.is_required}:{_shape(f.schema, depth + 1)}" for f in fields]
            return "{" + ",".join(sorted(rows)) + "}"
        case EnumSchema(values=values):
            return "<" + "|".join(sorted(str(value) for value in values)) + ">"
        case ArraySchema(items=items):
            return f"[{_shape(items, depth + 1)}]"
        case TupleSchema(items=items):
            return f"({','.join(_shape(item, depth + 1) for item in items)})"
        case UnionSchema(variants=variants):
            return "/".join(sorted(_shape(variant, depth + 1) for variant in variants))
        case NullableSchema(inner=inner):
            return "?" + _shape(inner, depth)
        case _:
            return kind


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
