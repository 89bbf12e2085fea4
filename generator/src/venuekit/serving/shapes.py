"""Schemas to strict shapes: closed enumerations, bounds, patterns, exact numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never, get_args

from msgspec.structs import replace

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Contract,
    DecimalSchema,
    EnumSchema,
    Field,
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
    TimeUnit,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import resolve
from venuekit.origin import Origin, pointer_text
from venuekit_runtime.server import shapes
from venuekit_runtime.server.patterns import python_pattern

_FORMATS = get_args(shapes.TextFormat)
_DEEPEST = 8
"""How many shapes are written inside each other; what is deeper gets a name of its own."""


class Shaper:
    """Makes the shapes of one contract's schemas, as a client may send them.

    `table` collects the named ones that were met; `unread` the patterns that Python cannot read,
    with their places: nothing checks those. `forbidden_defaults` is for whoever reads defaults.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.table: dict[str, shapes.Shape] = {}
        self.unread: list[tuple[str, Origin]] = []
        self.forbidden_defaults: list[tuple[str, Origin]] = []
        self._depth = 0

    def shape(self, schema: Schema) -> shapes.Shape:
        """Return what a schema lets a client send."""
        match schema:
            case RefSchema(name=name):
                return self._named(name)
            case NullableSchema() | ObjectSchema() | ArraySchema() | TupleSchema() | UnionSchema():
                return self._compound(schema)
            case AnySchema():
                return shapes.Anything()
            case NeverSchema():
                return shapes.Nothing()
            case NullSchema():
                return shapes.Null()
            case BooleanSchema():
                return shapes.Truth()
            case ConstSchema(value=value):
                return _values((value,))
            case EnumSchema(values=values):
                # An open one may grow in a later contract; this one's server knows these.
                return _values(values)
            case _:
                return self._scalar(schema)

    def _named(self, name: str) -> shapes.Shape:
        if name not in self.table:
            # The place is held first, because a schema may stand inside itself.
            self.table[name] = shapes.Anything()
            self.table[name] = self.shape(self._contract.schemas[name].schema)
        return shapes.Named(name)

    def _compound(
        self, schema: NullableSchema | ObjectSchema | ArraySchema | TupleSchema | UnionSchema
    ) -> shapes.Shape:
        """Return a shape with others inside; one that stands too deep is named by its place."""
        self._depth += 1
        try:
            match schema:
                case NullableSchema(inner=inner):
                    made: shapes.Shape = shapes.Maybe(self.shape(inner))
                case ObjectSchema():
                    made = self._object(schema)
                case UnionSchema():
                    made = self._union(schema)
                case _:
                    made = self._list(schema)
        finally:
            self._depth -= 1
        if self._depth == 0 or self._depth % _DEEPEST:
            return made
        name = pointer_text(schema.notes.origin.pointer)
        self.table[name] = made
        return shapes.Named(name)

    def _scalar(
        self,
        schema: IntegerSchema | NumberSchema | DecimalSchema | TimestampSchema | StringSchema,
    ) -> shapes.Shape:
        match schema:
            case IntegerSchema():
                return _integer(schema)
            case NumberSchema():
                return _bounded(schema, shapes.Number())
            case DecimalSchema(wire=wire, scale=scale, pattern=pattern):
                read = self._pattern(pattern, schema.notes.origin)
                number = shapes.Number(is_text=wire == "string", scale=scale, pattern=read)
                return _bounded(schema, number)
            case TimestampSchema(unit=TimeUnit.RFC3339):
                return shapes.Text(format="date-time")
            case TimestampSchema(wire=wire, minimum=low, maximum=high):
                is_text = wire == "string"
                return shapes.Number(is_whole=True, is_text=is_text, low=low, high=high)
            case StringSchema():
                return self._text(schema)
            case _:
                assert_never(schema)

    def _text(self, schema: StringSchema) -> shapes.Shape:
        known = next((word for word in _FORMATS if word == schema.format), None)
        has_media_type = schema.content_media_type is not None
        return shapes.Text(
            shortest=schema.min_length,
            longest=schema.max_length,
            pattern=self._pattern(schema.pattern, schema.notes.origin),
            format=known,
            is_binary=schema.format == "binary"
            or (has_media_type and schema.content_encoding is None),
        )

    def _pattern(self, pattern: str | None, origin: Origin) -> str | None:
        """Return a pattern as Python reads it; None where it cannot, which is noted."""
        if pattern is None:
            return None
        written = python_pattern(pattern)
        try:
            re.compile(written)
        except (re.error, RecursionError, OverflowError):
            self.unread.append((pattern, origin))
            return None
        return written

    def _object(self, schema: ObjectSchema) -> shapes.Shape:
        patterns = []
        for pattern, inner in schema.patterns:
            read = self._pattern(pattern, schema.notes.origin)
            if read is not None:
                patterns.append((read, self.shape(inner)))
        # Members that a pattern which nobody can read allows are taken as they come.
        is_unread = len(patterns) < len(schema.patterns)
        others = schema.additional if not is_unread else AnySchema(notes=schema.notes)
        return shapes.Members(
            members=tuple(self._member(field) for field in schema.fields),
            others=None if others is None else self.shape(others),
            patterns=tuple(patterns),
            least=schema.min_properties,
            most=schema.max_properties,
        )

    def _member(self, field: Field) -> shapes.Member:
        """Return a member; what is readOnly is not demanded of a client (OpenAPI 3.1, 4.8.24)."""
        stated = (field.schema.notes, resolve(self._contract, field.schema).notes)
        is_hidden = any(notes.is_read_only for notes in stated)
        return shapes.Member(
            field.name, self.shape(field.schema), field.is_required and not is_hidden
        )

    def _list(self, schema: ArraySchema | TupleSchema) -> shapes.Shape:
        if isinstance(schema, ArraySchema):
            return shapes.ListOf(
                item=self.shape(schema.items),
                least=schema.min_items,
                most=schema.max_items,
                is_unique=schema.is_unique,
            )
        return shapes.TupleOf(
            items=tuple(self.shape(item) for item in schema.items),
            rest=None if schema.rest is None else self.shape(schema.rest),
            least=schema.min_items,
        )

    def _union(self, schema: UnionSchema) -> shapes.Shape:
        variants = tuple(self.shape(variant) for variant in schema.variants)
        told = schema.discriminator
        if told is None or not told.mapping:
            return shapes.OneOf(variants=variants)
        return shapes.OneOf(variants=variants, tag=told.field, tags=dict(told.mapping))


def _integer(schema: IntegerSchema) -> shapes.Shape:
    whole = shapes.Number(is_whole=True, is_text=schema.wire == "string")
    number = _bounded(schema, whole)
    if schema.bits is None:
        return number
    span = Decimal(2) ** (schema.bits - schema.is_signed)
    least, most = (-span if schema.is_signed else Decimal(0)), span - 1
    return replace(
        number,
        low=least if number.low is None else max(least, number.low),
        high=most if number.high is None else min(most, number.high),
    )


def _bounded(
    schema: IntegerSchema | NumberSchema | DecimalSchema, number: shapes.Number
) -> shapes.Number:
    return replace(
        number,
        low=schema.minimum,
        high=schema.maximum,
        above=schema.exclusive_minimum,
        below=schema.exclusive_maximum,
        step=schema.multiple_of,
    )


def _values(values: Iterable[JsonValue]) -> shapes.Shape:
    """Return what equals one of some values; a list or object among them is judged by nothing."""
    listed = tuple(values)
    scalars = tuple(v for v in listed if not isinstance(v, list | dict))
    return shapes.Values(scalars) if len(scalars) == len(listed) else shapes.Anything()
