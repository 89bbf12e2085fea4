"""Where a thing stands in the documents: what every contract node and finding carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

Pointer = tuple[str | int, ...]
"""A JSON Pointer (RFC 6901) as its unescaped tokens; the empty tuple is the whole document."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Locator(Protocol):
    """A document that can say where one of its values stands.

    The position is looked up only when somebody asks, because a document of 13 MB has
    half a million values and a run prints a handful of places.
    """

    @property
    def name(self) -> str:
        """The file as the user named it."""

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` starts; the nearest parent when it is absent."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The value at `pointer` in `document`."""

    document: Locator = field(repr=False)
    pointer: Pointer = ()

    @property
    def place(self) -> Place:
        return self.document.place(self.pointer)

    def child(self, *tokens: str | int) -> Origin:
        """Return the origin of a value below this one."""
        return Origin(self.document, (*self.pointer, *tokens))

    def __str__(self) -> str:
        return f"{self.document.name}#{pointer_text(self.pointer)}"


def pointer_text(pointer: Pointer) -> str:
    """Return a pointer as RFC 6901 writes it: `/paths/~1orders/post`."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in pointer)
