"""Shapes: a closed union in JSON Schema's words, with two of the trading domain.

Every emitter and judge consumes it with `match` and `assert_never`, so a new member of the
union is a type error wherever it is not yet handled. Schemas hold no casing, no language and
no reserved words; names are as written on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Final, Literal

from venuekit.contract.domain import Stability
from venuekit.origin import Origin

JsonValue = None | bool | int | Decimal | str | list["JsonValue"] | dict[str, "JsonValue"]
"""A JSON value as the source layer reads it: numbers with a fraction are Decimal."""


class Missing(Enum):
    """The one value that says "not stated", where null is a value of its own."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a schema says beside its shape (JSON Schema 2020-12 Validation section 9)."""

    origin: Origin
    title: str | None = None
    description: str | None = None
    default: JsonValue | Missing = MISSING
    examples: tuple[JsonValue, ...] = ()
    is_deprecated: bool = False
    is_read_only: bool = False
    is_write_only: bool = False
    unit: str | None = None
    stability: Stability | None = None
    sunset: str | None = None
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnySchema:
    """Any JSON value: `true`, `{}`, or a schema that states no type."""

    notes: Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverSchema:
    """No value at all: `false`."""

    notes: Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class NullSchema:
    """The value null alone."""

    notes: Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class BooleanSchema:
    """`true` or `false`."""

    notes: Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerSchema:
    """An integer, exact at any size; `bits` is 32 or 64 where a format states it.

    `wire` is "string" where the document writes the integer as a JSON string
    (`type: string, format: int64`). `is_empty_null` says that empty text means no value
    (`x-empty: null`); so it does for decimals and points in time.
    """

    notes: Notes
    bits: Literal[32, 64] | None = None
    is_signed: bool = True
    wire: Literal["number", "string"] = "number"
    is_empty_null: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    exclusive_minimum: Decimal | None = None
    exclusive_maximum: Decimal | None = None
    multiple_of: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSchema:
    """A JSON number of unstated exactness; `format` is "float", "double" or another word."""

    notes: Notes
    format: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    exclusive_minimum: Decimal | None = None
    exclusive_maximum: Decimal | None = None
    multiple_of: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalSchema:
    """An exact decimal (`format: decimal`), written as a JSON string or a JSON number.

    `scale` is the greatest number of digits after the point (`x-scale`).
    """

    notes: Notes
    wire: Literal["string", "number"] = "string"
    scale: int | None = None
    is_empty_null: bool = False
    pattern: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    exclusive_minimum: Decimal | None = None
    exclusive_maximum: Decimal | None = None
    multiple_of: Decimal | None = None


class TimeUnit(StrEnum):
    """How a point in time is written."""

    RFC3339 = "rfc3339"
    UNIX_S = "unix-s"
    UNIX_MS = "unix-ms"
    UNIX_US = "unix-us"
    UNIX_NS = "unix-ns"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampSchema:
    """A point in time: RFC 3339 text (`format: date-time`), or Unix time by `x-unit`."""

    notes: Notes
    unit: TimeUnit
    wire: Literal["string", "number"] = "string"
    is_empty_null: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StringSchema:
    """Text; `format` is kept as written ("date", "uuid", "byte", "binary", ...)."""

    notes: Notes
    format: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    content_encoding: str | None = None
    content_media_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstSchema:
    """Exactly one value (`const`, or an enum of one)."""

    notes: Notes
    value: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumSchema:
    """One of several scalar values, never null (see NullableSchema).

    `is_open` says that more values may come (`x-extensible-enum`), `is_openness_stated` that
    the document says so or denies it; SDKs keep unknown values in either case. `meanings`
    describes values, keyed by their JSON text.
    """

    notes: Notes
    values: tuple[JsonValue, ...]
    is_open: bool = False
    is_openness_stated: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict)
    fix_codes: Mapping[str, str] = field(default_factory=dict)
    fix_tag: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArraySchema:
    """A list of equal items."""

    notes: Notes
    items: Schema
    min_items: int | None = None
    max_items: int | None = None
    is_unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TupleSchema:
    """A list whose items have their own schemas by position (`prefixItems`).

    `rest` is the schema of further items; None forbids them.
    """

    notes: Notes
    items: tuple[Schema, ...]
    rest: Schema | None = None
    min_items: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A named part of an object, by its wire name."""

    name: str
    schema: Schema
    is_required: bool
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectSchema:
    """An object; a map is an object without fields.

    `additional` is the schema of undeclared members, None where they are forbidden
    (`additionalProperties: false`). Where the document says nothing, it is an AnySchema and
    `is_additional_stated` is False. `patterns` are `patternProperties`.
    """

    notes: Notes
    fields: tuple[Field, ...] = ()
    additional: Schema | None
    is_additional_stated: bool = False
    patterns: tuple[tuple[str, Schema], ...] = ()
    min_properties: int | None = None
    max_properties: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the document states that there are members beside the declared ones."""
        return bool(self.patterns) or (self.is_additional_stated and self.additional is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discriminator:
    """The field whose value tells a union's variants apart.

    `mapping` maps each tag to a variant's position; several tags may lead to one variant.
    It is filled whether the document states it (OpenAPI discriminator) or the loader found
    that every variant has a required const of that name (`is_stated` is then False).
    """

    field: str
    mapping: tuple[tuple[str, int], ...]
    is_stated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionSchema:
    """One of (or any of) several schemas, none of which is null."""

    notes: Notes
    kind: Literal["one_of", "any_of"]
    variants: tuple[Schema, ...]
    discriminator: Discriminator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NullableSchema:
    """The inner schema or null, in whichever style the document says it."""

    notes: Notes
    inner: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RefSchema:
    """A named schema of the contract, by its key in `Contract.schemas`.

    `notes` are the words beside the `$ref` (OpenAPI 3.1 allows them).
    """

    notes: Notes
    name: str


Schema = (
    AnySchema
    | NeverSchema
    | NullSchema
    | BooleanSchema
    | IntegerSchema
    | NumberSchema
    | DecimalSchema
    | TimestampSchema
    | StringSchema
    | ConstSchema
    | EnumSchema
    | ArraySchema
    | TupleSchema
    | ObjectSchema
    | UnionSchema
    | NullableSchema
    | RefSchema
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSchema:
    """A schema that documents refer to by name; `name` is unique in the contract."""

    name: str
    schema: Schema
    origin: Origin
