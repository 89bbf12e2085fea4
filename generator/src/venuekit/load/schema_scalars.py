"""Reads scalar schemas: text, numbers, exact decimals, points in time, enums."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from venuekit.contract import (
    AnySchema,
    BooleanSchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    JsonValue,
    Notes,
    NullableSchema,
    NullSchema,
    NumberSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TimeUnit,
    UnionSchema,
)
from venuekit.load.findings import Report
from venuekit.load.schema_notes import bare_notes
from venuekit.load.schema_types import extensible
from venuekit.origin import Origin
from venuekit.source import Node
from venuekit.source.values import equal

_UNIX_UNITS = {str(unit): unit for unit in TimeUnit if unit is not TimeUnit.RFC3339}
_INTEGER_FORMATS: dict[str, tuple[Literal[32, 64] | None, bool]] = {
    "int8": (32, True),
    "int16": (32, True),
    "int32": (32, True),
    "int64": (64, True),
    "uint8": (32, False),
    "uint16": (32, False),
    "uint32": (32, False),
    "uint64": (64, False),
}
_Wire = Literal["string", "number"]


class _Bounds(NamedTuple):
    """Bounds of a number; exclusive ones in the style of 2020-12."""

    minimum: Decimal | None
    maximum: Decimal | None
    exclusive_minimum: Decimal | None
    exclusive_maximum: Decimal | None
    multiple_of: Decimal | None


def _is_empty_null(node: Node) -> bool:
    return node.has("x-empty") and node.members["x-empty"] is None


def number_word(node: Node, key: str) -> Decimal | None:
    """Return a numeric keyword exactly."""
    value = node.members.get(key)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def count_word(node: Node, key: str) -> int | None:
    """Return a keyword that counts, such as minLength; 3.0 is 3."""
    value = number_word(node, key)
    return int(value) if value is not None and value == int(value) else None


def read_string(node: Node, notes: Notes) -> Schema:
    """Return the schema of `type: string`, by its format."""
    word = node.text("format")
    unit = _UNIX_UNITS.get(notes.unit or "")
    if unit is not None:
        return TimestampSchema(
            notes=notes, unit=unit, wire="string", is_empty_null=_is_empty_null(node)
        )
    if word == "decimal":
        return _decimal(node, notes, "string")
    if word == "date-time":
        return TimestampSchema(
            notes=notes,
            unit=TimeUnit.RFC3339,
            wire="string",
            is_empty_null=_is_empty_null(node),
        )
    if word in _INTEGER_FORMATS:
        return _integer(node, notes, "string")
    return StringSchema(
        notes=notes,
        format=word,
        min_length=count_word(node, "minLength"),
        max_length=count_word(node, "maxLength"),
        pattern=node.text("pattern"),
        content_encoding=node.text("contentEncoding"),
        content_media_type=node.text("contentMediaType"),
    )


def read_integer(node: Node, notes: Notes) -> Schema:
    """Return the schema of `type: integer`, a point in time where `x-unit` says so."""
    unit = _UNIX_UNITS.get(notes.unit or "")
    return _timestamp(node, notes, unit) if unit else _integer(node, notes, "number")


def read_number(node: Node, notes: Notes) -> Schema:
    """Return the schema of `type: number`; `format: decimal` makes it exact."""
    unit = _UNIX_UNITS.get(notes.unit or "")
    if unit is not None:
        return _timestamp(node, notes, unit)
    word = node.text("format")
    if word == "decimal":
        return _decimal(node, notes, "number")
    if word in _INTEGER_FORMATS:
        return _integer(node, notes, "number")
    return NumberSchema(notes=notes, format=word, **_bounds(node)._asdict())


def read_boolean(_node: Node, notes: Notes) -> Schema:
    """Return the schema of `type: boolean`."""
    return BooleanSchema(notes=notes)


def read_null(_node: Node, notes: Notes) -> Schema:
    """Return the schema of `type: 'null'`."""
    return NullSchema(notes=notes)


def read_enum(node: Node, notes: Notes, types: tuple[str, ...], report: Report) -> Schema:
    """Return the schema of `const` or `enum`; null among the values makes it nullable.

    Numbers in an enum of text are read as text, with a warning: YAML writers forget quotes.
    """
    is_open = extensible(node) not in (None, False)
    values: list[JsonValue] = []
    for at, value in _enum_values(node):
        checked = _of_types(at, value, types, report)
        if not any(equal(checked, other) for other in values):
            values.append(checked)
    has_null = None in values
    if not values or values == [None]:
        return NullSchema(notes=notes) if has_null else AnySchema(notes=notes)
    inner = bare_notes(notes.origin, notes.unit) if has_null else notes
    compounds = [value for value in values if isinstance(value, dict | list)]
    scalars = tuple(v for v in values if v is not None and not isinstance(v, dict | list))
    schema: Schema
    if compounds:
        schema = _compounds(inner, compounds, scalars, is_open)
        return NullableSchema(notes=notes, inner=schema) if has_null else schema
    if len(scalars) == 1 and not is_open:
        schema = ConstSchema(notes=inner, value=scalars[0])
    else:
        schema = EnumSchema(
            notes=inner,
            values=scalars,
            is_open=is_open,
            is_openness_stated=extensible(node) is not None,
        )
        schema = _with_fix(schema, node)
    return NullableSchema(notes=notes, inner=schema) if has_null else schema


def _compounds(
    notes: Notes, compounds: Sequence[JsonValue], scalars: tuple[JsonValue, ...], is_open: bool
) -> Schema:
    """Return an enum that has lists or objects: one of several constants, or a scalar of some."""
    bare = bare_notes(notes.origin)
    variants: list[Schema] = [ConstSchema(notes=bare, value=value) for value in compounds]
    if len(scalars) == 1:
        variants.append(ConstSchema(notes=bare, value=scalars[0]))
    elif scalars:
        variants.append(EnumSchema(notes=bare, values=scalars))
    if is_open:
        variants.append(AnySchema(notes=bare))
    if len(variants) == 1:
        return ConstSchema(notes=notes, value=compounds[0])
    return UnionSchema(notes=notes, kind="any_of", variants=tuple(variants))


def _of_types(at: Origin, value: JsonValue, types: tuple[str, ...], report: Report) -> JsonValue:
    """Return an enum's value in its stated type, with a warning where it has another."""
    if not types or any(is_of_type(value, word) for word in types):
        return value
    is_text = types == ("string",) and isinstance(value, int | Decimal | bool)
    report.warning(
        "enum-type-mismatch",
        at,
        f"the value {_written(value)} of the enum is not of type {' or '.join(types)}"
        + ("; it is read as text" if is_text else ""),
        "Quote the value, or correct the type.",
    )
    return _written(value) if is_text else value


def _written(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_of_type(value: JsonValue, word: str) -> bool:
    """Say whether a value is of a JSON Schema type; null is of every type in an enum."""
    match word:
        case "string":
            return isinstance(value, str) or value is None
        case "integer":
            return value is None or (
                isinstance(value, int | Decimal)
                and not isinstance(value, bool)
                and value == value // 1
            )
        case "number":
            return value is None or (
                isinstance(value, int | Decimal) and not isinstance(value, bool)
            )
        case "boolean":
            return isinstance(value, bool) or value is None
        case "array":
            return isinstance(value, list) or value is None
        case "object":
            return isinstance(value, dict) or value is None
        case _:
            return value is None


def _enum_values(node: Node) -> list[tuple[Origin, JsonValue]]:
    """Return the values of const, enum and a listing x-extensible-enum, with their places."""
    if node.has("const"):
        return [(node.origin.child("const"), node.members["const"])]
    found: list[tuple[Origin, JsonValue]] = []
    for key in ("enum", "x-extensible-enum"):
        written = node.get(key) if key == "enum" or extensible(node) else None
        if written is not None:
            found.extend((element.origin, element.value) for element in written.elements())
    return found


def _with_fix(schema: EnumSchema, node: Node) -> EnumSchema:
    """Add the FIX codes of an enum (`x-fix` of the schema)."""
    fix = node.get("x-fix")
    if fix is None:
        return schema
    codes = fix.get("codes")
    tag = fix.members.get("tag")
    return dataclasses.replace(
        schema,
        fix_codes={key: str(code.value) for key, code in codes.items()} if codes else {},
        fix_tag=tag if isinstance(tag, int) else None,
    )


def _timestamp(node: Node, notes: Notes, unit: TimeUnit) -> Schema:
    return TimestampSchema(
        notes=notes,
        unit=unit,
        wire="number",
        minimum=number_word(node, "minimum"),
        maximum=number_word(node, "maximum"),
    )


def _integer(node: Node, notes: Notes, wire: _Wire) -> Schema:
    bits, is_signed = _INTEGER_FORMATS.get(node.text("format") or "", (None, True))
    return IntegerSchema(
        notes=notes,
        bits=bits,
        is_signed=is_signed,
        wire=wire,
        is_empty_null=wire == "string" and _is_empty_null(node),
        **_bounds(node)._asdict(),
    )


def _decimal(node: Node, notes: Notes, wire: _Wire) -> Schema:
    return DecimalSchema(
        notes=notes,
        wire=wire,
        scale=count_word(node, "x-scale"),
        is_empty_null=wire == "string" and _is_empty_null(node),
        pattern=node.text("pattern"),
        **_bounds(node)._asdict(),
    )


def _bounds(node: Node) -> _Bounds:
    """Return the bounds; OpenAPI 3.0 writes exclusive ones as true beside the inclusive."""
    minimum, maximum = number_word(node, "minimum"), number_word(node, "maximum")
    above, below = number_word(node, "exclusiveMinimum"), number_word(node, "exclusiveMaximum")
    if node.flag("exclusiveMinimum"):
        minimum, above = None, minimum
    if node.flag("exclusiveMaximum"):
        maximum, below = None, maximum
    return _Bounds(minimum, maximum, above, below, number_word(node, "multipleOf"))
