"""A fact that an overlay adds to a document, and how the contract's places lead back to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from venuekit.contract import JsonValue
from venuekit.origin import Origin, Pointer
from venuekit.source import Document
from venuekit.source.patched import PatchedDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The object at `pointer` should also say `update`; `why` is written beside it."""

    pointer: Pointer
    update: dict[str, JsonValue]
    why: str


@dataclass(slots=True)
class Facts:
    """Gathers facts about one document; the first fact about a member of an object stands.

    `elsewhere` counts what stands in other files, which an overlay of this one cannot reach.
    """

    document: Document
    found: dict[tuple[Pointer, str], Fact] = field(default_factory=dict)
    elsewhere: set[tuple[str, Pointer]] = field(default_factory=set)

    def had_default(self, origin: Origin, default: JsonValue) -> bool:
        """Say whether the document, before any cure, states this default at a place."""
        document, pointer = written(origin)
        found = value_at(document, pointer)
        return isinstance(found, dict) and "default" in found and found["default"] == default

    def add(self, origin: Origin, update: dict[str, JsonValue], why: str) -> None:
        """Take a fact about the object at `origin`."""
        document, pointer = written(origin)
        if document.path != self.document.path:
            self.elsewhere.add((document.name, pointer))
            return
        if pointer[-1:] == ("schema",) and not isinstance(value_at(document, pointer), dict):
            pointer = pointer[:-1]  # Swagger 2.0 writes type and format into the parameter.
        key = (pointer, min(update))
        self.found.setdefault(key, Fact(pointer=pointer, update=update, why=why))


def value_at(document: Document, pointer: Pointer) -> JsonValue:
    """Return the value at a pointer; None where there is none."""
    value = document.value
    for token in pointer:
        if isinstance(value, dict) and isinstance(token, str):
            value = value.get(token)
        elif isinstance(value, list) and isinstance(token, int) and token < len(value):
            value = value[token]
        else:
            return None
    return value


def written(origin: Origin) -> tuple[Document, Pointer]:
    """Return the document as it was read, and the place in it, behind upgrades and overlays."""
    document, pointer = origin.document, origin.pointer
    while isinstance(document, PatchedDocument):
        document, pointer = document.patched.source(pointer)
    assert isinstance(document, Document)
    return document, pointer
