"""Plain text that is one scalar: which kind of value it says, so that SDKs read and write that."""

from __future__ import annotations

from typing import Literal

from venuekit.contract import (
    BooleanSchema,
    ConstSchema,
    Content,
    Contract,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    JsonValue,
    NumberSchema,
    TimestampSchema,
)
from venuekit.contract.walk import referred
from venuekit.emit.media_types import media_kind

ScalarText = Literal["number", "boolean", "string"]


def scalar_text(contract: Contract, content: Content) -> ScalarText | None:
    """Return how the text of a body is read: as a JSON number, as a truth value, or as what its
    schema makes of a string. None where it is text and no more, or no plain text at all.

    Text that may also be null has no settled form, and stays text.
    """
    kind = media_kind(content.media_type)
    is_text = kind.startswith("text/") and not kind.endswith(("/json", "+json"))
    if not is_text or content.schema is None:
        return None
    match referred(contract, content.schema):
        case BooleanSchema():
            return "boolean"
        case NumberSchema():
            return "number"
        case IntegerSchema(is_empty_null=True) | DecimalSchema(is_empty_null=True):
            return None
        case IntegerSchema(wire=wire) | DecimalSchema(wire=wire):
            return wire
        case TimestampSchema(wire="number"):
            return "number"
        case ConstSchema(value=value):
            return _kind_of((value,))
        case EnumSchema(values=values):
            return _kind_of(values)
        case _:
            return None


def _kind_of(values: tuple[JsonValue, ...]) -> ScalarText | None:
    kinds: set[ScalarText | None] = {_kind(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else None


def _kind(value: JsonValue) -> ScalarText | None:
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case None | list() | dict():
            return None
        case _:
            return "number"
