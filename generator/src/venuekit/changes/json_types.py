"""Which JSON types a schema allows, and how such sets relate; the words for shapes and values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import assert_never

from venuekit.changes.difference import Sets
from venuekit.contract import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Contract,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    JsonValue,
    NeverSchema,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import resolve

ANY_TYPE = "any value"
Types = frozenset[str]
NUMBER: Types = frozenset({"integer", "fraction"})
NULL: Types = frozenset({"null"})
EVERYTHING: Types = NUMBER | {"null", "boolean", "string", "object", "array"}


def json_types(contract: Contract, schema: Schema) -> Types:
    """Return the JSON types of a shape; an integer is a number without a fraction."""
    match schema:
        case AnySchema():
            return EVERYTHING
        case NeverSchema():
            return frozenset()
        case NullSchema():
            return frozenset({"null"})
        case BooleanSchema():
            return frozenset({"boolean"})
        case IntegerSchema(wire=wire):
            return frozenset({"integer" if wire == "number" else "string"})
        case TimestampSchema(wire=wire):
            return frozenset({"integer" if wire == "number" else "string"})
        case DecimalSchema(wire=wire):
            return NUMBER if wire == "number" else frozenset({"string"})
        case NumberSchema():
            return NUMBER
        case StringSchema():
            return frozenset({"string"})
        case ConstSchema(value=value):
            return _type_of(value)
        case EnumSchema(values=values):
            return frozenset().union(*(_type_of(value) for value in values))
        case ArraySchema() | TupleSchema():
            return frozenset({"array"})
        case ObjectSchema():
            return frozenset({"object"})
        case UnionSchema(variants=variants):
            alone = (resolve(contract, variant) for variant in variants)
            return frozenset().union(*(json_types(contract, variant) for variant in alone))
        case NullableSchema(inner=inner):
            return json_types(contract, inner) | {"null"}
        case RefSchema():
            # `resolve` leaves a reference only where it leads back to itself.
            return EVERYTHING
        case _:
            assert_never(schema)


def _type_of(value: JsonValue) -> Types:
    match value:
        case None:
            return frozenset({"null"})
        case bool():
            return frozenset({"boolean"})
        case int():
            return frozenset({"integer"})
        case Decimal():
            return NUMBER
        case str():
            return frozenset({"string"})
        case list():
            return frozenset({"array"})
        case dict():
            return frozenset({"object"})
        case _:
            assert_never(value)


def related(before: Types, after: Types) -> Sets:
    """Say how two different sets of types relate."""
    if before < after:
        return Sets.WIDER
    return Sets.NARROWER if after < before else Sets.OTHER


_WORDS: dict[type, str] = {
    AnySchema: ANY_TYPE,
    NeverSchema: "no value",
    NullSchema: "null",
    BooleanSchema: "boolean",
    IntegerSchema: "integer",
    NumberSchema: "number",
    StringSchema: "string",
    ArraySchema: "array",
    TupleSchema: "array",
    ObjectSchema: "object",
}


def shape_text(schema: Schema) -> str:
    """Return a few words for a shape: "integer", "decimal as a string", "one of 3 shapes"."""
    match schema:
        case ConstSchema(value=value):
            return value_text(value)
        case EnumSchema(values=values):
            return f"one of {len(values)} values"
        case UnionSchema(variants=variants):
            return f"one of {len(variants)} shapes"
        case DecimalSchema(wire=wire):
            return f"decimal as a {wire}"
        case TimestampSchema(wire=wire):
            return f"timestamp as a {wire}"
        case IntegerSchema(wire="string"):
            return "integer as a string"
        case NullableSchema(inner=inner):
            return f"{shape_text(inner)} or null"
        case RefSchema(name=name):
            return name
        case _:
            return _WORDS[type(schema)]


def value_text(value: JsonValue) -> str:
    """Return a value as JSON writes it; a Decimal keeps its digits."""
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)
