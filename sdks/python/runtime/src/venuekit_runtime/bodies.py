"""Bodies that are written member by member: forms and multipart, with files. No I/O."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UNSET, Raw, Struct, json

from venuekit_runtime.encoding import percent_encode, plain_value, scalar_text, styled
from venuekit_runtime.operation import PartEncoding

FORM = "application/x-www-form-urlencoded"
_PLAIN_FILE = "application/octet-stream"
_AS_USUAL = PartEncoding("")
_QUOTED = str.maketrans({"\r": "%0D", "\n": "%0A", '"': "%22"})


class File(Struct, frozen=True):
    """A file in a multipart body; without a name it goes by its field's."""

    content: bytes
    filename: str | None = None
    media_type: str | None = None


def kind_of(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def form_text(members: Mapping[str, Any], encodings: Iterable[PartEncoding] = ()) -> str:
    """A form (OpenAPI 3.1, 4.8.15.1): lists repeat their name, objects are JSON unless styled."""
    rules = {rule.name: rule for rule in encodings}
    pairs: list[str] = []
    for name, value in members.items():
        rule = rules.get(name, _AS_USUAL)
        if rule.style is not None:
            text = styled(name, value, rule.style, rule.explode, "plain")
            pairs += [text] if text else []
            continue
        key = percent_encode(name)
        pairs += [f"{key}={percent_encode(_text(item, name))}" for item in _items(value)]
    return "&".join(pairs)


def multipart(
    members: Iterable[tuple[str, Any]], encodings: Iterable[PartEncoding], media_type: str
) -> tuple[str, bytes]:
    """A multipart body and its media type (RFC 7578): a part for each member and item of a list.

    Raises TypeError for a value that has no text form, and ValueError for a file's media type
    that would break out of its line.
    """
    rules = {rule.name: rule for rule in encodings}
    # 128 random bits: no file holds the boundary, not even one that was made to.
    boundary = os.urandom(16).hex()
    chunks: list[bytes] = []
    for name, value in members:
        for item in _items(value):
            head, data = _part(name, item, rules.get(name, _AS_USUAL).media_type)
            chunks += [f"--{boundary}\r\n{head}\r\n\r\n".encode(), data, b"\r\n"]
    chunks.append(f"--{boundary}--\r\n".encode())
    return f"{media_type}; boundary={boundary}", b"".join(chunks)


def _part(name: str, value: Any, media_type: str | None) -> tuple[str, bytes]:
    head = f'content-disposition: form-data; name="{_quoted(name)}"'
    if isinstance(value, (bytes, bytearray)):
        value = File(bytes(value))
    if isinstance(value, File):
        head += f'; filename="{_quoted(value.filename or name)}"'
        kind = value.media_type or media_type or _PLAIN_FILE
        if not (kind.isascii() and kind.isprintable()):
            raise ValueError(f"the media type of {name} must be printable ASCII")
        return f"{head}\r\ncontent-type: {kind}", value.content
    if media_type is None and _is_compound(value):
        media_type = "application/json"
    if media_type is not None:
        head += f"\r\ncontent-type: {media_type}"
    return head, _text(value, name).encode()


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _text(value: Any, name: str) -> str:
    if _is_compound(value):
        return json.encode(plain_value(value, name)).decode()
    return scalar_text(value, name)


def _is_compound(value: Any) -> bool:
    return isinstance(value, (dict, list, tuple, Struct)) and not isinstance(value, (Raw, File))


def _quoted(text: str) -> str:
    """A name in quotes, as browsers write it: nothing in it ends the line or the quotes."""
    return text.translate(_QUOTED)


def present(members: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The members of an object that are there."""
    return [(str(k), v) for k, v in members.items() if v is not None and v is not UNSET]
