"""Bodies: from bytes and a media type to the values that the document's schema speaks of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from email import policy
from email.parser import BytesParser
from urllib.parse import unquote_plus

from venuekit.contract import (
    ArraySchema,
    Content,
    Contract,
    JsonValue,
    ObjectSchema,
    Schema,
    StringSchema,
)
from venuekit.contract.walk import resolve
from venuekit.mock.parameters import pairs, typed

FORM = "application/x-www-form-urlencoded"


class BodyError(ValueError):
    """The bytes are not what their media type says."""


def essence(media_type: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Say whether a media type is JSON (RFC 6839 section 3.1)."""
    kind = essence(media_type)
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def chosen(contents: Iterable[Content], media_type: str) -> Content | None:
    """Return the content that a Content-Type means; exact types before ranges."""
    kind = essence(media_type)
    listed = {essence(content.media_type): content for content in reversed(tuple(contents))}
    for wanted in (kind, kind.partition("/")[0] + "/*", "*/*"):
        if wanted in listed:
            return listed[wanted]
    return next((c for name, c in listed.items() if is_json(name) and is_json(kind)), None)


def read_body(contract: Contract, content: Content, media_type: str, body: bytes) -> JsonValue:
    """Return the value of a body. Raises BodyError."""
    kind = essence(media_type)
    if is_json(kind):
        return read_json(body)
    schema = content.schema
    is_text = schema is not None and isinstance(resolve(contract, schema), StringSchema)
    if kind == FORM and schema is not None and not is_text:
        return _form(contract, schema, body.decode("utf-8", "replace"))
    if kind.startswith("multipart/") and schema is not None:
        return _multipart(contract, schema, media_type, body)
    text = body.decode("utf-8", "surrogateescape")
    return typed(contract, schema, text) if schema is not None else text


def read_json(body: bytes) -> JsonValue:
    """Return the value of JSON text, fractions as Decimal. Raises BodyError."""
    try:
        value: JsonValue = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise BodyError(f"the body is not JSON: {error}") from None
    return value


def _form(contract: Contract, schema: Schema, text: str) -> JsonValue:
    parts = [(name, unquote_plus(value)) for name, value in pairs(text)]
    return _members(contract, schema, parts)


def _multipart(contract: Contract, schema: Schema, media_type: str, body: bytes) -> JsonValue:
    head = f"Content-Type: {media_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise BodyError("the body is not multipart as its boundary says")
    parts = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(data, bytes):
            raise BodyError("a part has no name")
        parts.append((name, data.decode("utf-8", "surrogateescape")))
    return _members(contract, schema, parts)


def _members(contract: Contract, schema: Schema, parts: list[tuple[str, str]]) -> JsonValue:
    shape = resolve(contract, schema)
    fields = {f.name: f.schema for f in shape.fields} if isinstance(shape, ObjectSchema) else {}
    made: dict[str, JsonValue] = {}
    for name, text in parts:
        inner = fields.get(name)
        member = resolve(contract, inner) if inner is not None else None
        if isinstance(member, ArraySchema):
            found = made.setdefault(name, [])
            assert isinstance(found, list)
            found += _items(contract, member, text)
        else:
            made[name] = typed(contract, inner, text) if inner is not None else text
    return made


def _items(contract: Contract, member: ArraySchema, text: str) -> list[JsonValue]:
    """Return what one part adds to a list: an item, or the whole list as JSON."""
    whole = typed(contract, member, text)
    if isinstance(whole, list) and not isinstance(resolve(contract, member.items), StringSchema):
        return whole
    return [typed(contract, member.items, text)]
