"""A value with its place: the cursor by which loaders walk documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from venuekit.origin import Origin, Pointer
from venuekit.source.document import Document
from venuekit.source.values import JsonValue


@dataclass(frozen=True, slots=True)
class Node:
    """The value at `pointer` of `document`."""

    document: Document
    pointer: Pointer
    value: JsonValue

    @property
    def origin(self) -> Origin:
        return Origin(self.document, self.pointer)

    @property
    def members(self) -> dict[str, JsonValue]:
        """The members of an object; none for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    def has(self, key: str) -> bool:
        """Say whether the value is an object with that member."""
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str) -> Node | None:
        """Return a member of an object, or None when it is absent."""
        if isinstance(self.value, dict) and key in self.value:
            return Node(self.document, (*self.pointer, key), self.value[key])
        return None

    def text(self, key: str) -> str | None:
        """Return a member that is text, or None when it is absent or anything else."""
        # Asked of every schema a dozen times, so it takes no step that it does not need.
        if not isinstance(self.value, dict):
            return None
        value = self.value.get(key)
        return value if isinstance(value, str) else None

    def flag(self, key: str) -> bool:
        """Say whether a member is true."""
        return isinstance(self.value, dict) and self.value.get(key) is True

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield the members of an object in the document's order."""
        for key, value in self.members.items():
            yield key, Node(self.document, (*self.pointer, key), value)

    def elements(self) -> Iterator[Node]:
        """Yield the items of a list."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(self.document, (*self.pointer, index), value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list member; what is not text is left out."""
        value = self.members.get(key)
        return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def root(document: Document) -> Node:
    """Return the whole value of a document as a node."""
    return Node(document, (), document.value)
