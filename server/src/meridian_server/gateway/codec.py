"""Decoders from the contract: each schema becomes a msgspec type that accepts what it accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, assert_never

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from venuekit.contract import (
    MISSING,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Contract,
    DecimalSchema,
    EnumSchema,
    Field,
    IntegerSchema,
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
from venuekit_runtime.server.json_text import refuse_duplicate_members
from venuekit_runtime.server.patterns import python_pattern
from venuekit_runtime.server.refusal import RefusalError, invalid, malformed


class ContractError(Exception):
    """The contract demands what this server cannot do; it refuses to start."""


class Types:
    """Builds and keeps the types of one contract's schemas."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._named: dict[str, Any] = {}

    def of(self, schema: Schema) -> Any:
        """The type of what a client may send. ContractError where there is none."""
        match schema:
            case RefSchema(name=name):
                if name not in self._named:
                    self._named[name] = self.of(self._contract.schemas[name].schema)
                return self._named[name]
            case NullableSchema(inner=inner):
                return self.of(inner) | None
            case AnySchema():
                return Any
            case NullSchema():
                return None
            case BooleanSchema():
                return bool
            case IntegerSchema(wire="number") | TimestampSchema(wire="number"):
                return _integer(schema)
            case StringSchema() | DecimalSchema(wire="string"):
                return _text(schema)
            case ConstSchema(value=str() as value):
                return Literal[value]
            case EnumSchema(values=values) if all(isinstance(v, str) for v in values):
                return Literal[values]
            case ArraySchema(items=items, min_items=low, max_items=high, is_unique=False):
                bounds = Meta(min_length=low, max_length=high)
                return Annotated[list[self.of(items)], bounds]  # type: ignore[misc]
            case ObjectSchema():
                return self._object(schema)
            case (
                NeverSchema()
                | NumberSchema()
                | IntegerSchema()
                | TimestampSchema()
                | DecimalSchema()
                | ConstSchema()
                | EnumSchema()
                | ArraySchema()
                | TupleSchema()
                | UnionSchema()
            ):
                raise ContractError(
                    f"{schema.notes.origin}: the server decodes no {type(schema).__name__} like "
                    "this in requests; extend gateway/codec.py"
                )
            case _:
                assert_never(schema)

    def _object(self, schema: ObjectSchema) -> type[Struct]:
        if schema.patterns or schema.max_properties is not None:
            raise ContractError(f"{schema.notes.origin}: patternProperties and maxProperties")
        fields = sorted(schema.fields, key=lambda field: not field.is_required)
        namespace: dict[str, Any] = {}
        if schema.min_properties is not None:
            namespace["__post_init__"] = _at_least(schema.min_properties)
        pointer = schema.notes.origin.pointer
        return msgspec.defstruct(
            _struct_name(pointer),
            [self._field(field) for field in fields],
            namespace=namespace,
            frozen=True,
            kw_only=True,
            forbid_unknown_fields=schema.additional is None,
        )

    def _field(self, field: Field) -> tuple[str, Any] | tuple[str, Any, Any]:
        kind = self.of(field.schema)
        if not field.name.isidentifier():
            raise ContractError(f"{field.origin}: field name {field.name!r} in a request")
        if field.is_required:
            return (field.name, kind)
        default = field.schema.notes.default
        if default is MISSING:
            return (field.name, kind | UnsetType, UNSET)
        return (field.name, kind, default)


def _struct_name(pointer: tuple[str | int, ...]) -> str:
    words = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(str(token) for token in pointer))
    return f"Request_{words}"


def _integer(schema: IntegerSchema | TimestampSchema) -> Any:
    low, high = schema.minimum, schema.maximum
    if isinstance(schema, IntegerSchema):
        if schema.multiple_of is not None:
            raise ContractError(f"{schema.notes.origin}: multipleOf of an integer in a request")
        if schema.exclusive_minimum is not None:
            low = schema.exclusive_minimum + 1
        if schema.exclusive_maximum is not None:
            high = schema.exclusive_maximum - 1
    return Annotated[
        int, Meta(ge=None if low is None else int(low), le=None if high is None else int(high))
    ]


def _text(schema: StringSchema | DecimalSchema) -> Any:
    if isinstance(schema, DecimalSchema):
        bounds = (
            schema.minimum,
            schema.maximum,
            schema.exclusive_minimum,
            schema.exclusive_maximum,
            schema.multiple_of,
        )
        if schema.pattern is None or any(bound is not None for bound in bounds):
            raise ContractError(
                f"{schema.notes.origin}: a decimal in a request needs a pattern and no bounds; "
                "ranges belong to the instrument"
            )
        return Annotated[str, Meta(pattern=python_pattern(schema.pattern))]
    meta = Meta(
        min_length=schema.min_length,
        max_length=schema.max_length,
        pattern=None if schema.pattern is None else python_pattern(schema.pattern),
    )
    return Annotated[str, meta]


def _at_least(count: int) -> Any:
    def check(self: Struct) -> None:
        present = sum(getattr(self, name) is not UNSET for name in self.__struct_fields__)
        if present < count:
            raise ValueError(f"expected at least {count} fields, found {present}")

    return check


_TELLS_FIELD = re.compile(r"`\$\.?([^`]*)`")
_UNKNOWN = re.compile(r"(?:unknown|missing required) field `([^`]*)`")


class BodyDecoder:
    """Decodes JSON into the struct of a schema, refusing what JSON parsers quarrel about."""

    def __init__(self, kind: Any) -> None:
        self._decoder = msgspec.json.Decoder(kind)

    def decode(self, body: bytes) -> Any:
        """The struct. MALFORMED_REQUEST when it is no JSON in UTF-8 or a member stands twice,
        VALIDATION_FAILED with the field when it is not what the schema says."""
        value = self.parse(body)
        refuse_duplicate_members(body)
        return value

    def parse(self, body: bytes | msgspec.Raw) -> Any:
        """As `decode`, for bytes whose members are known to be unique."""
        try:
            return self._decoder.decode(body)
        except msgspec.ValidationError as error:
            raise as_refusal(error) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise malformed("expected one JSON value in UTF-8") from None


def as_refusal(error: msgspec.ValidationError, name: str = "") -> RefusalError:
    """The refusal that a failed validation stands for; `name` prefixes the field."""
    text = str(error)
    place = _TELLS_FIELD.search(text)
    path = [name] if name else []
    if place is not None and place.group(1):
        path.append(place.group(1))
    unknown = _UNKNOWN.search(text)
    if unknown is not None:
        path.append(unknown.group(1))
    field = ".".join(path)
    fact = text.partition(" - at `")[0]
    return invalid(field, f"{field or 'the body'}: {fact}")


def present(value: Struct) -> Mapping[str, Any]:
    """The fields that were given (or have a default), by wire name."""
    return {
        name: found
        for name in value.__struct_fields__
        if (found := getattr(value, name)) is not UNSET
    }
