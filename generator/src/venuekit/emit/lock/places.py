"""Places: what a thing is known by while its name, its neighbours and its document change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from venuekit.origin import Origin

T = TypeVar("T")

_MARK = re.compile(r"~[0-9a-f]{8}(?=/|\+|$)")


@dataclass(frozen=True, slots=True)
class At:
    """A place: something of the document that has a pointer, and a role inside of it.

    A role is made of words (`Request/legs/item`), never of positions, so that a neighbour that
    comes or goes does not move it. `wish` is what the document calls the holder, where a thing has
    several.
    """

    origin: Origin
    role: str = ""
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Generic[T]):
    """Something that needs a name: how it may be called, how the document calls it, its places.

    An act over several wires is one thing with several places. `shape` is asked for only where a
    lock is kept. `text` tells it from others that share its names and its place. `label` is what a
    key is known by from run to run, where it is no text.
    """

    key: T
    choices: Iterable[str]
    wish: str
    at: tuple[At, ...]
    shape: Callable[[], str] | None = None
    text: str = ""
    label: str = ""

    @property
    def mark(self) -> str:
        """Return what the thing is known by from run to run, whatever its name."""
        return self.label or (self.key if isinstance(self.key, str) else self.wish)

    @property
    def wishes(self) -> frozenset[str]:
        """Return all that the document calls the thing, by whichever place."""
        return frozenset((self.wish, *(at.wish for at in self.at if at.wish)))


def said(origin: Origin, name: str) -> str:
    """Return what the document itself calls a component.

    `name` is that of the contract, to which loading adds a document's name where two collide.
    """
    return str(origin.pointer[-1]) if origin.pointer else name


def unmarked(role: str) -> str:
    """Return a role without the digests of shapes, which change with the shapes."""
    return _MARK.sub("", role)
