"""A document: a text that was read into values and can say where each of them stands."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Protocol

from venuekit.origin import Origin, Place, Pointer
from venuekit.source.errors import SourceError, unreadable
from venuekit.source.json_text import JsonPlaces, parse_json
from venuekit.source.text import MAXIMUM_BYTES, Lines, decode, too_large
from venuekit.source.values import JsonValue


class Places(Protocol):
    """Where the values and keys of one text stand."""

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` starts, or its nearest parent that exists."""

    def key_place(self, pointer: Pointer) -> Place:
        """Return where the key of the value at `pointer` starts."""


@dataclass(frozen=True, eq=False)
class Document:
    """A named value with places; two documents are equal only when they are the same one.

    `path` is where relative references start from; None for a document without a file.
    """

    name: str
    value: JsonValue = field(repr=False)
    text: str = field(repr=False)
    is_json: bool = False
    path: PurePath | None = None

    @functools.cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the text, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @functools.cached_property
    def _places(self) -> Places:
        lines = Lines(self.name, self.text)
        if self.is_json:
            return JsonPlaces(lines, self.text)
        from venuekit.source.yaml_text import YamlPlaces

        return YamlPlaces(lines, self.text)

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` starts, or its nearest parent that exists."""
        return self._places.place(pointer)

    def key_place(self, pointer: Pointer) -> Place:
        """Return where the key of the value at `pointer` starts."""
        return self._places.key_place(pointer)

    def written_in(self, pointer: Pointer) -> Document:
        """Return the document that wrote the value at `pointer`: this one, or an overlay."""
        return self

    def origin(self, *tokens: str | int) -> Origin:
        """Return the origin of the value at a pointer, given as its tokens."""
        return Origin(self, tokens)


def parse_document(name: str, data: bytes, path: PurePath | None = None) -> Document:
    """Return the document that `data` says, as JSON or as YAML.

    A name that ends in .json is JSON; otherwise text that begins like JSON is tried as JSON
    first, because that is fast, and is YAML when it is not. Raises SourceError.
    """
    text = decode(name, data)
    if name.lower().endswith(".json"):
        return Document(name, parse_json(name, text), text, is_json=True, path=path)
    if text.lstrip()[:1] in ("{", "["):
        try:
            return Document(name, parse_json(name, text), text, is_json=True, path=path)
        except SourceError:
            return _yaml_document(name, text, path)
    return _yaml_document(name, text, path)


def _yaml_document(name: str, text: str, path: PurePath | None) -> Document:
    # Imported here, because documents in JSON should not wait for a parser of YAML.
    from venuekit.source.yaml_text import parse_yaml

    return Document(name, parse_yaml(name, text), text, path=path)


def load_document(path: Path, name: str | None = None) -> Document:
    """Return the document in a file; `name` is what messages call it. Raises SourceError."""
    shown = name or str(path)
    try:
        size = path.stat().st_size
        if size > MAXIMUM_BYTES:
            raise too_large(shown, size)
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(
            Place(shown, 1, 1),
            f"the file cannot be read: {error.strerror or error}",
            "Check the path.",
        ) from None
    return parse_document(shown, data, path)
