"""Names that all emitters share: the words of a wire name, its cases, and names that differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache, partial
from typing import TypeVar

from venuekit.emit.ledger import noted_name

Key = TypeVar("Key", bound=Hashable)

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """Split a wire name into words as written: `HTTPServer_v2.orderID` is HTTP Server v2 order ID.

    Whatever may not stand in an identifier (Unicode UAX 31) separates words, bidirectional
    control characters among it; the text is first brought to NFKC, as Python does with names.
    """
    text = unicodedata.normalize("NFKC", name)
    kept = "".join(c if c != "_" and ("a" + c).isidentifier() else " " for c in text)
    return tuple(word for part in kept.split() for word in _HUMP.split(part) if word)


def pascal(name: str | Iterable[str]) -> str:
    """Return words in PascalCase: `place_order` and `placeOrder` are `PlaceOrder`."""
    return _pascal(_words(name))


def camel(name: str | Iterable[str]) -> str:
    """Return words in camelCase."""
    first, *rest = _words(name) or ("",)
    return first.lower() + "".join(capital(word) for word in rest)


def snake(name: str | Iterable[str]) -> str:
    """Return words in snake_case."""
    return _snake(_words(name))


def constant(name: str | Iterable[str]) -> str:
    """Return words in CONSTANT_CASE."""
    return snake(name).upper()


def assign(
    wanted: Iterable[tuple[Key, Iterable[str]]],
    taken: Iterable[str] = (),
    space: str | None = None,
    text: Callable[[Key], str] = str,
) -> dict[Key, str]:
    """Give every key the first of its names that is still free, in the order given.

    Where all are taken, the last one gets a digest of the key's text, so that the result does
    not depend on how many others collide. `text` says what a key stands for, the same in every
    run. Names that have to differ over the whole contract are noted by their `space`.
    """
    used = set(taken)
    names: dict[Key, str] = {}
    for key, choices in wanted:
        names[key] = noted_name(space, text(key), choices, used, partial(text, key))
        used.add(names[key])
    return names


def capital(word: str) -> str:
    """Return a word with a capital first letter and no other."""
    return word[:1].upper() + word[1:].lower()


@lru_cache(maxsize=65536)
def _pascal(found: tuple[str, ...]) -> str:
    return "".join(capital(word) for word in found)


@lru_cache(maxsize=65536)
def _snake(found: tuple[str, ...]) -> str:
    return "_".join(word.lower() for word in found)


def _words(name: str | Iterable[str]) -> tuple[str, ...]:
    return words(name) if isinstance(name, str) else tuple(name)
