"""How each scalar of a contract travels and what it is in TypeScript, decided in one place."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from venuekit.contract import (
    DecimalSchema,
    IntegerSchema,
    NumberSchema,
    Schema,
    TimestampSchema,
    TimeUnit,
)

Kind = Literal[
    "plain",
    "decimal",
    "decimal_number",
    "decimal_or_empty",
    "int64",
    "int64_string",
    "int64_or_empty",
    "integer_string",
    "integer_or_empty",
    "number",
    "text_or_empty",
]
Way = Literal["in", "out"]

LARGEST_SAFE = Decimal(2**53 - 1)
"""Number.MAX_SAFE_INTEGER (ECMA-262 section 21.1.2.6)."""

LOSSY: frozenset[Kind] = frozenset(("int64", "decimal_number"))
"""What needs JSON to be parsed with every digit."""

TYPES: dict[Kind, tuple[str, str]] = {
    "decimal": ("DecimalInput", "Decimal"),
    "decimal_number": ("DecimalInput", "Decimal"),
    "int64": ("bigint | number", "bigint"),
    "int64_string": ("bigint | number", "bigint"),
    "integer_string": ("number", "number"),
    "number": ("number", "number"),
    "decimal_or_empty": ("DecimalInput | null", "Decimal | null"),
    "int64_or_empty": ("bigint | number | null", "bigint | null"),
    "integer_or_empty": ("number | null", "number | null"),
    "text_or_empty": ("string | null", "string | null"),
}
"""The type of each kind, as a caller may give it and as a caller gets it."""


def kind_of(schema: Schema) -> Kind:
    """Return how a schema's own value travels; everything but numbers is plain."""
    match schema:
        case DecimalSchema(is_empty_null=True):
            return "decimal_or_empty"
        case DecimalSchema(wire=wire):
            return "decimal" if wire == "string" else "decimal_number"
        case IntegerSchema():
            return _integer(schema)
        case NumberSchema():
            return "number"
        case TimestampSchema():
            return _timestamp(schema)
        case _:
            return "plain"


def type_of_kind(kind: Kind, way: Way) -> str:
    """Return the TypeScript type of a kind that is not plain."""
    return TYPES[kind][0 if way == "in" else 1]


def _integer(schema: IntegerSchema) -> Kind:
    is_wide = schema.bits == 64 and not _is_safe(schema.maximum, schema.exclusive_maximum)
    if schema.is_empty_null:
        return "int64_or_empty" if is_wide else "integer_or_empty"
    if schema.wire == "string":
        return "int64_string" if is_wide else "integer_string"
    return "int64" if is_wide else "plain"


def _timestamp(schema: TimestampSchema) -> Kind:
    if schema.unit is TimeUnit.RFC3339:
        return "text_or_empty" if schema.is_empty_null else "plain"
    is_wide = schema.unit is TimeUnit.UNIX_NS and not _is_safe(schema.maximum, None)
    if schema.is_empty_null:
        return "int64_or_empty" if is_wide else "integer_or_empty"
    if schema.wire == "string":
        return "int64_string" if is_wide else "integer_string"
    return "int64" if is_wide else "plain"


def _is_safe(maximum: Decimal | None, exclusive: Decimal | None) -> bool:
    return (maximum is not None and maximum <= LARGEST_SAFE) or (
        exclusive is not None and exclusive <= LARGEST_SAFE + 1
    )
