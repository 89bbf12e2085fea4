"""Bodies: from bytes and a media type to the value that the shape speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UNSET

from venuekit_runtime.bodies import File, kind_of
from venuekit_runtime.operation import PartEncoding
from venuekit_runtime.server.json_text import read_json
from venuekit_runtime.server.operations import Body, BodyKind, Content
from venuekit_runtime.server.parameters import Place, read_parameter
from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.shapes import ListOf, Members, Shape, Text, bare
from venuekit_runtime.server.texts import Reading, percent_decode, split_pairs

FORM = "application/x-www-form-urlencoded"
MAX_PARTS = 1_000
_BOUNDARY = re.compile(r";\s*boundary=(?:\"([^\"]{1,70})\"|([^\s;\"]{1,70}))", re.IGNORECASE)
_NAME = re.compile(r";\s*(name|filename)=\"((?:[^\"\\]|\\.)*)\"", re.IGNORECASE)
_BROWSER = {"%0D": "\r", "%0A": "\n", "%22": '"'}
_PLAIN_PART = ("", "text/plain")


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 6839, 3.1)."""
    kind = kind_of(media_type)
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def body_kind(media_type: str) -> BodyKind:
    """How a body of a media type is read."""
    kind = kind_of(media_type)
    if is_json(kind):
        return "json"
    if kind == FORM:
        return "form"
    if kind == "multipart/form-data":
        return "multipart"
    return "text" if kind.startswith("text/") else "bytes"


def chosen(body: Body, media_type: str) -> Content:
    """The content that a Content-Type means: exact before ranges.

    Raises UNSUPPORTED_MEDIA_TYPE for one that the contract does not list.
    """
    kind = kind_of(media_type)
    listed = {kind_of(content.media_type): content for content in reversed(body.contents)}
    for wanted in (kind, kind.partition("/")[0] + "/*", "*/*"):
        if wanted in listed and kind:
            return listed[wanted]
    names = ", ".join(content.media_type for content in body.contents)
    shown = ascii(media_type[:60]) if media_type else "no media type"
    raise RefusalError("UNSUPPORTED_MEDIA_TYPE", f"the body has {shown}; expected {names}")


def read_body(reading: Reading, content: Content, media_type: str, body: bytes) -> Any:
    """The value of a body. Raises MALFORMED_REQUEST for bytes that are not what they claim."""
    match content.kind:
        case "json":
            if _charset(media_type) not in ("", "utf-8"):
                raise RefusalError("UNSUPPORTED_MEDIA_TYPE", "JSON must be in UTF-8")
            return read_json(body)
        case "form":
            return _form(reading, content, body)
        case "multipart":
            return _multipart(reading, content, media_type, body)
        case "text":
            return reading.typed(content.shape, _utf8(body, "the body"))
        case _:
            return body


def _charset(media_type: str) -> str:
    found = re.search(r";\s*charset=\"?([^\s;\"]+)", media_type, re.IGNORECASE)
    return found[1].lower() if found is not None else ""


def _utf8(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed(f"{name} is not UTF-8") from None


def _form(reading: Reading, content: Content, body: bytes) -> Any:
    if not body.isascii():
        raise malformed("a form is percent-encoded ASCII")
    shape = bare(content.shape, reading.table)
    if isinstance(shape, Text):  # A form whose contract states no members is the handler's to read.
        return body.decode("ascii")
    raw = split_pairs(body.decode("ascii"), "the form", is_plus_space=True)
    styled = {rule.name: rule for rule in content.encodings if rule.style is not None}
    members = _shapes(shape)
    found: dict[str, Any] = {}
    taken: set[str] = set()
    for name, rule in styled.items():
        value = read_parameter(reading, _place(rule, members.get(name)), raw, taken)
        if value is not UNSET:
            found[name] = value
    parts = [
        (name, percent_decode(text, name, is_plus_space=True))
        for name, text in raw
        if name not in taken
    ]
    return found | _members(reading, shape, parts)


def _place(rule: PartEncoding, shape: Shape | None) -> Place:
    style = rule.style or "form"
    return Place(rule.name, shape or Text(), "query", style, rule.explode)


def _shapes(shape: Shape) -> Mapping[str, Shape]:
    if not isinstance(shape, Members):
        return {}
    return {member.name: member.shape for member in shape.members}


def _members(
    reading: Reading, shape: Shape, parts: Iterable[tuple[str, str | File]]
) -> dict[str, Any]:
    """An object of parts: a list repeats its name, everything else stands once."""
    shapes = _shapes(shape)
    found: dict[str, Any] = {}
    for name, part in parts:
        member = shapes.get(name)
        inner = bare(member, reading.table) if member is not None else None
        if isinstance(inner, ListOf):
            found.setdefault(name, [])
            found[name] += _items(reading, inner, part)
            continue
        if name in found:
            raise malformed(f"{name[:40]} stands twice")
        is_typed = member is not None and isinstance(part, str)
        found[name] = reading.typed(member, part) if is_typed else part  # type: ignore[arg-type]
    return found


def _items(reading: Reading, shape: ListOf, part: str | File) -> list[Any]:
    """What one part adds to a list: an item, or the whole list as JSON."""
    if isinstance(part, File):
        return [part]
    if not isinstance(bare(shape.item, reading.table), Text):
        whole = reading.typed(shape, part)
        if isinstance(whole, list):
            return whole
    return [reading.typed(shape.item, part)]


def _multipart(reading: Reading, content: Content, media_type: str, body: bytes) -> Any:
    stated = _BOUNDARY.search(media_type)
    if stated is None:
        raise malformed("multipart without a boundary")
    boundary = (stated[1] or stated[2]).encode("latin-1")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 2 or len(pieces) > MAX_PARTS + 2 or not pieces[-1].startswith(b"--"):
        raise malformed(f"the body has no end, or more than {MAX_PARTS} parts")
    shape = bare(content.shape, reading.table)
    shapes = _shapes(shape)
    parts = [_part(reading, shapes, piece) for piece in pieces[1:-1]]
    return _members(reading, shape, parts)


def _part(reading: Reading, shapes: Mapping[str, Shape], piece: bytes) -> tuple[str, str | File]:
    head, mark, data = piece.partition(b"\r\n\r\n")
    if not head.startswith(b"\r\n") or not mark:
        raise malformed("a part without a head")
    headers = {}
    for line in _utf8(head[2:], "a part's head").split("\r\n"):
        key, _, value = line.partition(":")
        headers[key.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    names = {key.lower(): _unquoted(text) for key, text in _NAME.findall(disposition)}
    if kind_of(disposition) != "form-data" or "name" not in names:
        raise malformed("a part is form-data and has a name")
    name, kind = names["name"], headers.get("content-type", "")
    shape = shapes.get(name)
    target = bare(shape, reading.table) if shape is not None else None
    target = bare(target.item, reading.table) if isinstance(target, ListOf) else target
    is_binary = isinstance(target, Text) and target.is_binary
    if is_binary or ("filename" in names and not _is_textual(kind)):
        return name, File(data, names.get("filename"), kind or None)
    return name, _utf8(data, name)


def _is_textual(media_type: str) -> bool:
    return is_json(media_type) or kind_of(media_type) in _PLAIN_PART


def _unquoted(text: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", text)
    for escape, character in _BROWSER.items():
        plain = plain.replace(escape, character)
    return plain
