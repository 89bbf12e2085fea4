"""Bodies: from bytes and a media type to the values that the document's schema speaks of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from venuekit.contract import (
    ArraySchema,
    Content,
    Contract,
    JsonValue,
    NullableSchema,
    ObjectSchema,
    TupleSchema,
)
from venuekit.contract.walk import resolve
from venuekit.serving import Shaper
from venuekit_runtime.bodies import FORM, File
from venuekit_runtime.bodies import kind_of as essence
from venuekit_runtime.server import operations
from venuekit_runtime.server.bodies import body_kind, is_json
from venuekit_runtime.server.bodies import read_body as read_with_shape
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.shapes import Anything
from venuekit_runtime.server.texts import Reading

__all__ = [
    "FORM",
    "BodyError",
    "chosen",
    "essence",
    "is_json",
    "is_opaque",
    "read_body",
    "read_json",
]


class BodyError(ValueError):
    """The bytes are not what their media type says."""


def chosen(contents: Iterable[Content], media_type: str) -> Content | None:
    """Return the content that a Content-Type means; exact types before ranges."""
    kind = essence(media_type)
    listed = {essence(content.media_type): content for content in reversed(tuple(contents))}
    for wanted in (kind, kind.partition("/")[0] + "/*", "*/*"):
        if wanted in listed:
            return listed[wanted]
    return next((c for name, c in listed.items() if is_json(name) and is_json(kind)), None)


def is_opaque(contract: Contract, content: Content) -> bool:
    """Say whether bytes travel whose schema speaks of an object or a list, which no bytes are.

    What such bytes hold is known to those who make them; nothing is held to the schema.
    """
    if content.schema is None or body_kind(content.media_type) != "bytes":
        return False
    shape = resolve(contract, content.schema)
    if isinstance(shape, NullableSchema):
        shape = resolve(contract, shape.inner)
    return isinstance(shape, ObjectSchema | ArraySchema | TupleSchema)


def read_body(shaper: Shaper, content: Content, media_type: str, body: bytes) -> JsonValue:
    """Return the value of a body; files in it are text, as schemas see them. Raises BodyError."""
    kind = body_kind(media_type)
    if kind == "json":
        return read_json(body)
    shape = shaper.shape(content.schema) if content.schema is not None else Anything()
    described = operations.Content(media_type=content.media_type, kind=kind, shape=shape)
    try:
        return _as_text(read_with_shape(Reading(shaper.table), described, media_type, body))
    except RefusalError as refusal:
        raise BodyError(refusal.message) from None


def read_json(body: bytes) -> JsonValue:
    """Return the value of JSON text, fractions as Decimal. Raises BodyError."""
    try:
        value: JsonValue = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise BodyError(f"the body is not JSON: {error}") from None
    return value


def _as_text(value: Any) -> JsonValue:
    match value:
        case File(content=content) | (bytes() as content):
            return content.decode("utf-8", "surrogateescape")
        case dict():
            return {name: _as_text(item) for name, item in value.items()}
        case list():
            return [_as_text(item) for item in value]
        case _:
            found: JsonValue = value
            return found
