"""What is true of a schema in Python, whatever its name: a struct, an enum, an exact number."""

from __future__ import annotations

from venuekit.contract import DecimalSchema, EnumSchema, NumberSchema, ObjectSchema, Schema


def is_struct(schema: Schema) -> bool:
    """Whether a schema becomes a struct: an object with declared members."""
    return isinstance(schema, ObjectSchema) and bool(schema.fields)


def has_free_members(schema: Schema) -> bool:
    """Whether an object has declared members and, as the document states, free ones."""
    return isinstance(schema, ObjectSchema) and bool(schema.fields) and schema.is_open


def is_decimal(schema: Schema) -> bool:
    """Whether a schema is an exact or inexact number that Python holds as Decimal."""
    return isinstance(schema, DecimalSchema | NumberSchema)


def is_class_enum(schema: Schema) -> bool:
    """Whether an enum becomes a class: texts alone, or integers alone."""
    if not isinstance(schema, EnumSchema) or not schema.values:
        return False
    return all(isinstance(v, str) for v in schema.values) or all(
        isinstance(v, int) and not isinstance(v, bool) for v in schema.values
    )
