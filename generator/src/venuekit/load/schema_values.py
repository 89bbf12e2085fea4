"""Says whether a value has the form that a schema demands: its type and its constants."""

from __future__ import annotations

from typing import Any

from venuekit.contract import (
    MISSING,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.load.findings import Report
from venuekit.load.schema_scalars import is_of_type
from venuekit.source import Node
from venuekit.source.values import equal


def report_default(node: Node, schema: Schema, report: Report) -> None:
    """Warn where a default is not of its own schema; a client that sent it would be refused."""
    default = node.members.get("default", MISSING)
    if default is MISSING or isinstance(schema, AnySchema | RefSchema | UnionSchema):
        return
    inner = schema.inner if isinstance(schema, NullableSchema) else schema
    if isinstance(inner, AnySchema | RefSchema | UnionSchema) or accepts(inner, default):
        return
    if default is None:
        return  # It says "absent" in most documents that write it, and it is never sent.
    report.warning(
        "default-not-allowed",
        node.get("default") or node,
        f"the default {default!r} is not a value that the schema allows",
        "Correct it, or drop it where there is no default.",
    )


def accepts(schema: Schema, value: Any) -> bool:
    """Say whether a value is of the schema's type and bounds, or one of its constants.

    Patterns and what stands inside lists and objects are not looked at.
    """
    match schema:
        case EnumSchema(values=values):
            return any(equal(value, other) for other in values)
        case ConstSchema(value=other):
            return equal(value, other)
        case IntegerSchema(wire="number"):
            return is_of_type(value, "integer") and _within(schema, value)
        case NumberSchema():
            return is_of_type(value, "number") and _within(schema, value)
        case DecimalSchema(wire=wire) | TimestampSchema(wire=wire) | IntegerSchema(wire=wire):
            return is_of_type(value, wire)
        case StringSchema(min_length=shortest, max_length=longest):
            return isinstance(value, str) and (
                (shortest is None or len(value) >= shortest)
                and (longest is None or len(value) <= longest)
            )
        case BooleanSchema():
            return isinstance(value, bool)
        case ObjectSchema():
            return isinstance(value, dict)
        case ArraySchema() | TupleSchema():
            return isinstance(value, list)
        case _:
            return False


def _within(schema: IntegerSchema | NumberSchema, value: Any) -> bool:
    return value is not None and all(
        (
            schema.minimum is None or value >= schema.minimum,
            schema.maximum is None or value <= schema.maximum,
            schema.exclusive_minimum is None or value > schema.exclusive_minimum,
            schema.exclusive_maximum is None or value < schema.exclusive_maximum,
        )
    )
