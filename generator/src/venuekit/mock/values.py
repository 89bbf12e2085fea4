"""Made values: JSON that a schema of the contract allows, the same for the same seed."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, assert_never

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
from venuekit.mock.numbers import as_json, number
from venuekit.mock.text import TextError, from_pattern, text

Direction = Literal["request", "response"]

_DEEP = 6
"""How many named schemas may stand inside each other before optional fields are left out."""

_INSTANT = {
    TimeUnit.UNIX_S: 1_767_323_045,
    TimeUnit.UNIX_MS: 1_767_323_045_000,
    TimeUnit.UNIX_US: 1_767_323_045_000_000,
    TimeUnit.UNIX_NS: 1_767_323_045_000_000_000,
}
_ABSENT = 0.2
"""How often an answer leaves out a number that may be empty text."""

_FREE_NAME = "notDeclared"
_RFC3339 = "2026-01-02T03:04:05Z"


class NoValueError(ValueError):
    """No value could be made: the schema forbids all, or demands itself without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What kind of value is wanted.

    `attempt` counts from 0; each further attempt takes other variants of unions and other
    texts. `is_full` asks for the optional fields as well, `is_free` for a member beside them
    where the document admits some, `is_empty` for no item that a list can do without.
    """

    direction: Direction
    attempt: int = 0
    is_full: bool = True
    is_free: bool = False
    is_empty: bool = False
    seed: int = 0


@dataclass(slots=True)
class Maker:
    """Makes values of one contract's schemas under one wish."""

    contract: Contract
    wish: Wish
    _stack: list[str] = field(default_factory=list)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.wish.seed * 1000 + self.wish.attempt)

    def make(self, schema: Schema) -> JsonValue:
        """Return a value of a schema. Raises NoValueError where none can be made."""
        match schema:
            case RefSchema(name=name):
                return self._named(name)
            case NullableSchema(inner=inner):
                return self._nullable(inner)
            case ObjectSchema():
                return self._object(schema)
            case ArraySchema() | TupleSchema():
                return self._list(schema)
            case UnionSchema():
                return self._union(schema)
            case ConstSchema(value=value):
                return value
            case EnumSchema(values=values):
                return values[self.wish.attempt % len(values)]
            case NeverSchema():
                raise NoValueError("the schema allows no value")
            case NullSchema():
                return None
            case AnySchema():
                return "any"
            case BooleanSchema():
                return True
            case _:
                return self._scalar(schema)

    def _scalar(
        self,
        schema: IntegerSchema | NumberSchema | DecimalSchema | TimestampSchema | StringSchema,
    ) -> JsonValue:
        if self._is_absent(schema):
            return ""
        try:
            match schema:
                case IntegerSchema():
                    whole = int(number(schema, Decimal(1)))
                    return str(whole) if schema.wire == "string" else whole
                case NumberSchema():
                    return as_json(number(schema, Decimal("1.5")))
                case DecimalSchema():
                    return self._decimal(schema)
                case TimestampSchema():
                    return _instant(schema)
                case StringSchema():
                    return text(schema, self._chance)
                case _:
                    assert_never(schema)
        except TextError as error:
            raise NoValueError(str(error)) from None

    def _is_absent(self, schema: Schema) -> bool:
        """Say whether an answer leaves a number out here, as text that is empty (`x-empty`)."""
        may_be = getattr(schema, "is_empty_null", False) and self.wish.direction == "response"
        return may_be and self._chance.random() < _ABSENT

    def _decimal(self, schema: DecimalSchema) -> JsonValue:
        if schema.pattern is not None:
            return from_pattern(schema.pattern, None, None, self._chance)
        value = number(schema, Decimal("1.5") if schema.scale != 0 else Decimal(1))
        return format(value, "f") if schema.wire == "string" else as_json(value)

    def _named(self, name: str) -> JsonValue:
        if name in self._stack:
            raise NoValueError(f"the schema {name} demands itself without end")
        self._stack.append(name)
        try:
            return self.make(self.contract.schemas[name].schema)
        finally:
            self._stack.pop()

    def _nullable(self, inner: Schema) -> JsonValue:
        try:
            return self.make(inner)
        except NoValueError:
            return None

    def _object(self, schema: ObjectSchema) -> JsonValue:
        made: dict[str, JsonValue] = {}
        is_full = self.wish.is_full and len(self._stack) <= _DEEP
        for member in schema.fields:
            if self._is_hidden(member) or not (member.is_required or is_full):
                continue
            try:
                made[member.name] = self.make(member.schema)
            except NoValueError:
                if member.is_required:
                    raise
        least = schema.min_properties or 0
        if len(made) < least and not is_full:
            self._fill(schema, made, least)
        if schema.additional is not None and len(made) < least + (not schema.fields):
            self._add_members(schema.additional, made, max(least, 1))
        elif self.wish.is_free and is_full and schema.fields and schema.is_additional_stated:
            self._add_free(schema, made)
        return made

    def _add_free(self, schema: ObjectSchema, made: dict[str, JsonValue]) -> None:
        names = {member.name for member in schema.fields}
        if schema.additional is not None and _FREE_NAME not in names:
            with contextlib.suppress(NoValueError):
                made[_FREE_NAME] = self.make(schema.additional)

    def _fill(self, schema: ObjectSchema, made: dict[str, JsonValue], least: int) -> None:
        for member in schema.fields:
            if len(made) < least and member.name not in made and not self._is_hidden(member):
                made[member.name] = self.make(member.schema)

    def _add_members(self, additional: Schema, made: dict[str, JsonValue], least: int) -> None:
        for count in range(least - len(made)):
            try:
                made[f"key{count + 1}"] = self.make(additional)
            except NoValueError:
                return

    def _is_hidden(self, member: Field) -> bool:
        """Say whether a field travels only the other way (OpenAPI 3.1, readOnly, writeOnly)."""
        resolved = resolve(self.contract, member.schema).notes
        stated = (member.schema.notes, resolved)
        if self.wish.direction == "request":
            return any(notes.is_read_only for notes in stated)
        return any(notes.is_write_only for notes in stated)

    def _list(self, schema: ArraySchema | TupleSchema) -> JsonValue:
        if isinstance(schema, TupleSchema):
            made = [self.make(item) for item in schema.items]
            least = schema.min_items or 0
            rest = schema.rest
            if rest is not None:
                made += [self.make(rest) for _ in range(least - len(made))]
            return made
        least = schema.min_items or 0
        if schema.max_items == 0 or (self.wish.is_empty and least == 0):
            return []
        try:
            items = [self.make(schema.items) for _ in range(1 if schema.is_unique else least)]
            items = items or [self.make(schema.items)]
        except NoValueError:
            if least > 0:
                raise
            return []
        return self._distinct(schema.items, items, least) if schema.is_unique else items

    def _distinct(self, items: Schema, made: list[JsonValue], least: int) -> list[JsonValue]:
        shape = resolve(self.contract, items)
        for value in _others(shape):
            if len(made) >= least:
                break
            if value not in made:
                made.append(value)
        return made

    def _union(self, schema: UnionSchema) -> JsonValue:
        count = len(schema.variants)
        order = [(self.wish.attempt + n) % count for n in range(count)]
        problem = NoValueError("the union has no variants")
        for position in order:
            try:
                value = self.make(schema.variants[position])
            except NoValueError as error:
                problem = error
                continue
            return self._tagged(schema, position, value)
        raise problem

    def _tagged(self, schema: UnionSchema, position: int, value: JsonValue) -> JsonValue:
        """Return a variant with its tag: the first one that the discriminator maps to it."""
        told = schema.discriminator
        if told is None or not isinstance(value, dict):
            return value
        tags = [tag for tag, variant in told.mapping if variant == position]
        if tags and value.get(told.field) not in tags:
            value[told.field] = tags[0]
        return value


def _others(shape: Schema) -> Iterator[JsonValue]:
    """Yield different values of a shape, for lists whose items must differ."""
    match shape:
        case EnumSchema(values=values):
            yield from values
        case IntegerSchema():
            low = int(shape.minimum or 1)
            yield from (low + n for n in range(1000))
        case StringSchema(pattern=None, format=None):
            width = shape.min_length or 1
            yield from (str(n).rjust(width, "x") for n in range(1000))
        case _:
            return


def _instant(schema: TimestampSchema) -> JsonValue:
    if schema.unit is TimeUnit.RFC3339:
        return _RFC3339
    value = _INSTANT[schema.unit]
    return str(value) if schema.wire == "string" else value
