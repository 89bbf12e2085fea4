"""A value that is changed in place by overlays while each part remembers where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from venuekit.origin import Place, Pointer
from venuekit.source.document import Document
from venuekit.source.node import Node
from venuekit.source.values import copied

Source = tuple[Document, Pointer]
"""A document and the pointer of the value in it."""


class Patched:
    """A copy of a document's value under change.

    `sources` says for (id of a container, token) where that member comes from when it is not
    where its container says; `_kept` holds removed containers, so that no id is used twice.
    """

    def __init__(self, base: Document) -> None:
        self.base = base
        self.value: Any = copied(base.value)
        self.sources: dict[tuple[int, str | int], Source] = {}
        self._kept: list[Any] = []

    def at(self, pointer: Pointer) -> Any:
        """Return the value at a pointer; raises KeyError or IndexError when it is gone."""
        value = self.value
        for token in pointer:
            value = value[token]
        return value

    def source(self, pointer: Pointer) -> Source:
        """Return where the value at `pointer` comes from; the nearest parent when absent."""
        value = self.value
        found: Source = (self.base, ())
        for token in pointer:
            document, inner = found
            found = self.sources.get((id(value), token), (document, (*inner, token)))
            try:
                value = value[token]
            except (KeyError, IndexError, TypeError):
                break
        return found

    def remove(self, pointer: Pointer) -> None:
        """Remove a member or an item; items behind it move up and keep their places."""
        parent, token = self.at(pointer[:-1]), pointer[-1]
        self._kept.append(parent[token])
        if isinstance(parent, list) and isinstance(token, int):
            for index in range(token, len(parent) - 1):
                self.sources[(id(parent), index)] = self.source((*pointer[:-1], index + 1))
            self.sources.pop((id(parent), len(parent) - 1), None)
        else:
            self.sources.pop((id(parent), token), None)
        del parent[token]

    def put(self, parent: Any, token: str | int, update: Node) -> None:
        """Set a member of a map, or append an item to a list, from an overlay."""
        value = copied(update.value)
        if isinstance(parent, list):
            parent.append(value)
        else:
            self._kept.append(parent.get(token))
            parent[token] = value
        self.sources[(id(parent), token)] = (update.document, update.pointer)

    def merge(self, target: dict[str, Any], update: Node) -> None:
        """Merge an object: maps recursively, lists by appending, everything else replaced."""
        for key, member in update.items():
            old = target.get(key)
            if isinstance(old, dict) and isinstance(member.value, dict):
                self.merge(old, member)
            elif isinstance(old, list) and isinstance(member.value, list):
                for item in member.elements():
                    self.put(old, len(old), item)
            else:
                self.put(target, key, member)

    def document(self) -> PatchedDocument:
        """Return the finished document."""
        base = self.base
        return PatchedDocument(
            name=base.name,
            value=self.value,
            text=base.text,
            is_json=base.is_json,
            path=base.path,
            patched=self,
        )


@dataclass(frozen=True, eq=False)
class PatchedDocument(Document):
    """A document after an overlay; what the overlay gave has its place in the overlay."""

    patched: Patched = field(kw_only=True, repr=False)

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` starts, in the document or in the overlay."""
        document, inner = self.patched.source(pointer)
        return document.place(inner)

    def written_in(self, pointer: Pointer) -> Document:
        """Return the document that wrote the value at `pointer`."""
        document, inner = self.patched.source(pointer)
        return document.written_in(inner)

    def key_place(self, pointer: Pointer) -> Place:
        """Return where the key of the value at `pointer` starts, likewise."""
        document, inner = self.patched.source(pointer)
        return document.key_place(inner)
