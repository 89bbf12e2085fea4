"""Writes schemas in one notation: a type in a few words, and a row for each field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

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
    Missing,
    NeverSchema,
    Notes,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TimeUnit,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import resolve
from venuekit.emit.docs.pages import Pages, anchor, link
from venuekit.emit.docs.text import cell, code, inline, value_code
from venuekit.emit.docs.views import FieldRow
from venuekit.emit.schema_naming import variant_word

LISTED_VALUES = 12
"""An enum with more values than this is listed on the schema's own page alone."""

TIME_WORDS = {
    TimeUnit.RFC3339: "RFC 3339 time",
    TimeUnit.UNIX_S: "Unix seconds",
    TimeUnit.UNIX_MS: "Unix milliseconds",
    TimeUnit.UNIX_US: "Unix microseconds",
    TimeUnit.UNIX_NS: "Unix nanoseconds",
}


@dataclass(frozen=True, slots=True)
class Shapes:
    """Writes the schemas of one contract as seen from one page."""

    contract: Contract
    pages: Pages
    page: str

    def type_words(self, schema: Schema) -> str:
        """Return the type of a value in a few words, with links to the schemas it names."""
        match schema:
            case RefSchema(name=name):
                return self._ref_words(name)
            case NullableSchema(inner=inner):
                return f"{self.type_words(inner)} or null"
            case ArraySchema(items=items):
                return f"array of {self.type_words(items)}"
            case TupleSchema(items=items):
                inside = ", ".join(self.type_words(item) for item in items)
                return f"array of exactly ({inside})"
            case UnionSchema(variants=variants):
                return " or ".join(dict.fromkeys(self.type_words(v) for v in variants))
            case ObjectSchema(fields=(), additional=additional) if additional is not None:
                return f"map of {self.type_words(additional)}"
            case ObjectSchema():
                return "object"
            case _:
                return _scalar_words(schema)

    def _ref_words(self, name: str) -> str:
        target = self.contract.schemas[name].schema
        path = self.pages.schemas[name]
        if isinstance(
            target,
            ObjectSchema | UnionSchema | ArraySchema | TupleSchema | NullableSchema | RefSchema,
        ):
            return link(self.page, path, inline(name))
        return link(self.page, path, _scalar_words(target))

    def rows(self, schema: Schema, prefix: str) -> tuple[FieldRow, ...]:
        """Return a row for each field of a schema, following a reference at its top alone.

        `prefix` starts every anchor: `req` for what a client sends, for instance.
        """
        return tuple(self._below(resolve(self.contract, schema), "", prefix))

    def row(self, name: str, prefix: str, schema: Schema, is_required: bool) -> FieldRow:
        """Return the row of one field or parameter."""
        return FieldRow(
            anchor=anchor(f"{prefix}.{name}"),
            name=code(name),
            type=self.type_words(schema),
            required="yes" if is_required else "no",
            text=self.words(schema),
        )

    def words(self, schema: Schema) -> str:
        """Return what is to be said about a value: its description, bounds and an example."""
        target = resolve(self.contract, schema)
        own, general = schema.notes, target.notes
        parts = [cell(own.description or general.description)]
        parts += facts(target)
        parts += _note_facts(own if own.unit or not general.unit else general, own, general)
        return " ".join(part for part in parts if part)

    def _below(self, schema: Schema, path: str, prefix: str) -> Iterator[FieldRow]:
        match schema:
            case ObjectSchema():
                yield from self._object(schema, path, prefix)
            case ArraySchema(items=items):
                yield from self._below(items, f"{path}[]", prefix)
            case NullableSchema(inner=inner):
                yield from self._below(inner, path, prefix)
            case TupleSchema(items=items):
                for position, item in enumerate(items):
                    yield self.row(f"{path}[{position}]", prefix, item, is_required=True)
                    yield from self._below(item, f"{path}[{position}]", prefix)
            case UnionSchema(variants=variants):
                for position, variant in enumerate(variants):
                    word = f"{path}({variant_word(variant, position)})"
                    yield from self._below(variant, word, prefix)
            case _:
                return

    def _object(self, schema: ObjectSchema, path: str, prefix: str) -> Iterator[FieldRow]:
        start = f"{path}." if path else ""
        for field in schema.fields:
            name = f"{start}{field.name}"
            yield self.row(name, prefix, field.schema, field.is_required)
            yield from self._below(field.schema, name, prefix)
        extra = [(f"(matching {pattern})", inner) for pattern, inner in schema.patterns]
        if schema.is_additional_stated and schema.additional is not None:
            extra.append(("(any other name)", schema.additional))
        for word, inner in extra:
            yield self.row(f"{start}{word}", prefix, inner, is_required=False)
            yield from self._below(inner, f"{start}{word}", prefix)


def _scalar_words(schema: Schema) -> str:
    match schema:
        case AnySchema():
            return "any value"
        case NeverSchema():
            return "no value"
        case NullSchema():
            return "null"
        case BooleanSchema():
            return "boolean"
        case IntegerSchema(bits=bits, wire=wire):
            kind = f"int{bits}" if bits else "integer"
            return f"string ({kind})" if wire == "string" else f"integer{f' ({kind})' * bool(bits)}"
        case NumberSchema(format=name):
            return f"number ({inline(name)})" if name else "number"
        case DecimalSchema(wire=wire):
            return f"{wire} (decimal)"
        case TimestampSchema(unit=unit, wire=wire):
            return f"{'integer' if wire == 'number' else 'string'} ({TIME_WORDS[unit]})"
        case StringSchema(format=name):
            return f"string ({inline(name)})" if name else "string"
        case ConstSchema(value=value):
            return f"always {value_code(value)}"
        case EnumSchema(values=values):
            if len(values) > LISTED_VALUES:
                return f"one of {len(values)} values"
            return "one of " + ", ".join(value_code(value) for value in values)
        case (
            ArraySchema()
            | TupleSchema()
            | ObjectSchema()
            | UnionSchema()
            | NullableSchema()
            | RefSchema()
        ):
            return "object"
        case _:
            assert_never(schema)


Bounded = IntegerSchema | NumberSchema | DecimalSchema


def facts(schema: Schema) -> list[str]:
    """Return what a shape demands beyond its type, one sentence each."""
    match schema:
        case NumberSchema():
            return _bounds(schema)
        case IntegerSchema(is_empty_null=is_empty_null):
            return [*_bounds(schema), *_empty(is_empty_null)]
        case TimestampSchema(is_empty_null=is_empty_null):
            return _empty(is_empty_null)
        case DecimalSchema(scale=scale, pattern=pattern, is_empty_null=is_empty_null):
            digits = [f"At most {scale} digits after the point."] if scale is not None else []
            return [*_bounds(schema), *digits, *_pattern(pattern), *_empty(is_empty_null)]
        case StringSchema(min_length=least, max_length=most, pattern=pattern):
            return [*_count("character", least, most), *_pattern(pattern)]
        case ArraySchema(min_items=least, max_items=most, is_unique=is_unique):
            return [*_count("entry", least, most), *(["No entry twice."] if is_unique else [])]
        case ObjectSchema(min_properties=least, max_properties=most):
            return _count("field", least, most)
        case EnumSchema(is_open=True):
            return ["More values may come."]
        case _:
            return []


def _empty(is_empty_null: bool) -> list[str]:
    return ["Empty text means no value."] if is_empty_null else []


def _bounds(schema: Bounded) -> list[str]:
    pairs: tuple[tuple[str, Decimal | None], ...] = (
        ("At least", schema.minimum),
        ("More than", schema.exclusive_minimum),
        ("At most", schema.maximum),
        ("Less than", schema.exclusive_maximum),
        ("A multiple of", schema.multiple_of),
    )
    return [f"{word} {code(format(bound, 'f'))}." for word, bound in pairs if bound is not None]


def _count(unit: str, least: int | None, most: int | None) -> list[str]:
    plural = "entries" if unit == "entry" else f"{unit}s"
    if least and least == most:
        return [f"Exactly {least} {unit if least == 1 else plural}."]
    if least and most is not None:
        return [f"{least} to {most} {plural}."]
    if least:
        return [f"At least {least} {unit if least == 1 else plural}."]
    if most is not None:
        return [f"At most {most} {unit if most == 1 else plural}."]
    return []


def _pattern(pattern: str | None) -> list[str]:
    return [f"Pattern {code(pattern)}."] if pattern else []


def _note_facts(units: Notes, own: Notes, general: Notes) -> list[str]:
    default = own.default if not isinstance(own.default, Missing) else general.default
    examples: tuple[JsonValue, ...] = own.examples or general.examples
    parts = []
    if units.unit and not units.unit.startswith("unix-"):
        parts.append(f"Unit: {code(units.unit)}.")
    if not isinstance(default, Missing):
        parts.append(f"Default: {value_code(default)}.")
    if examples and not isinstance(examples[0], dict | list):
        parts.append(f"Example: {value_code(examples[0])}.")
    if own.is_read_only or general.is_read_only:
        parts.append("Only in answers.")
    if own.is_write_only or general.is_write_only:
        parts.append("Only in requests.")
    if own.is_deprecated or general.is_deprecated:
        parts.append("**Deprecated.**")
    return parts
