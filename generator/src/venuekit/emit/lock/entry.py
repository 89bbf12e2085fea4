"""What a lock holds for one target: every name, its place, what it was called, what is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["class", "error", "method"]
"""What may have a name: a schema's class or type, an error code's class, an operation's method."""

Key = tuple[Kind, str]
"""A kind and a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """An earlier name, emitted as an alias, and the contract's version that gave it up."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name that an SDK has.

    `wish` is what the document calls the thing: when that changes, the document renamed it.
    `shape` is a digest by which a schema is known again under another key, empty where the shape
    is too plain for that. `since` is the version of the contract that brought the name. `members`
    are the fields or values of a class that are called otherwise than on the wire.
    """

    kind: Kind
    place: str
    name: str
    wish: str
    since: str
    shape: str = ""
    formers: tuple[Former, ...] = ()
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A name that the contract lost, and the version that lost it."""

    kind: Kind
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLock:
    """All names of one target; `versions` are the contract's, in the order in which they came."""

    versions: tuple[str, ...] = ()
    entries: Mapping[Key, Entry] = field(default_factory=dict)
    gone: tuple[Gone, ...] = ()
