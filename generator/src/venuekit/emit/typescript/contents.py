"""Media types: which one is sent or asked for, and how the members of a body are written."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Body, Content, JsonValue
from venuekit.emit.media_types import media_kind
from venuekit.emit.typescript.findings import uncarried
from venuekit.emit.typescript.model import MULTIPART
from venuekit.emit.typescript.shapes import ShapeWriter
from venuekit.emit.typescript.text import Value
from venuekit.finding import Finding

FORM = "application/x-www-form-urlencoded"


def content_findings(body: Body, content: Content) -> Iterator[Finding]:
    """Yield what of the chosen media type this SDK cannot write."""
    kind = media_kind(content.media_type)
    if kind.startswith("multipart/") and kind != MULTIPART:
        yield uncarried(
            f"the body's media type {content.media_type} cannot be written by this SDK",
            "offer application/json or multipart/form-data beside it",
            body.origin,
        )
    for name, stated in content.encoding.items():
        if kind == MULTIPART and isinstance(stated, dict) and stated.get("headers"):
            yield uncarried(
                f"the headers of the part {name!r} cannot be written by this SDK",
                "leave them out, or send the same facts as members of the body",
                content.origin,
            )


def body_descriptor(content: Content, body: Body, whole: str | None, shapes: ShapeWriter) -> Value:
    """Return a request body as the runtime reads it."""
    found: dict[str, Value] = {"mediaType": content.media_type}
    schema = shapes.direct(content.schema) if content.schema is not None else None
    if schema is not None:
        found["schema"] = schema
    if whole is not None:
        found["whole"] = whole
    if body.is_required:
        found["isRequired"] = True
    encoding = {
        name: rule for name, stated in content.encoding.items() if (rule := _encoding(stated))
    }
    if encoding and has_members(content):
        found["encoding"] = encoding
    return found


def _encoding(stated: JsonValue) -> dict[str, Value]:
    """Return how one member of a form is written (OpenAPI 3.1, 4.8.15)."""
    found: dict[str, Value] = {}
    if not isinstance(stated, dict):
        return found
    kind, style, exploded = (stated.get(key) for key in ("contentType", "style", "explode"))
    if isinstance(kind, str) and "," not in kind and "*" not in kind:
        found["mediaType"] = kind
    if isinstance(style, str):
        found["style"] = style
    if isinstance(exploded, bool):
        found["isExploded"] = exploded
    return found


def is_json(content: Content) -> bool:
    """True for JSON, and for what may be anything."""
    kind = media_kind(content.media_type)
    return kind.endswith(("/json", "+json")) or kind == "*/*"


def has_members(content: Content) -> bool:
    """True for what is written member by member."""
    return media_kind(content.media_type) in (FORM, MULTIPART)


def is_text(content: Content) -> bool:
    """True for what is read and written as text."""
    return is_json(content) or content.media_type.lower().startswith("text/")


def content_rank(content: Content) -> int:
    """Return which media type is better: JSON, a form, multipart, else text or bytes."""
    kind = media_kind(content.media_type)
    if kind.endswith("/json"):
        return 0
    if kind.endswith("+json"):
        return 1
    if kind == FORM:
        return 2
    if kind == MULTIPART:
        return 3
    if kind.startswith("text/"):
        return 4
    return 6 if kind.startswith("multipart/") else 5
