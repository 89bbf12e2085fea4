"""Choosing the first name that is still free, the same way every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable


def first_free(choices: Iterable[str], used: Container[str], text: Callable[[], str]) -> str:
    """Return the first of some names that is not used.

    Where all are, the last one gets a digest of `text`, so that the result does not depend on
    how many others collide.
    """
    return tries(choices, used, text)[-1]


def tries(choices: Iterable[str], used: Container[str], text: Callable[[], str]) -> tuple[str, ...]:
    """Return all names that are tried until one is not used, that one last."""
    tried: list[str] = []
    for choice in choices:
        tried.append(choice)
        if choice and choice not in used:
            return tuple(tried)
    name, seed = tried[-1] if tried else "", text()
    marked = name
    while marked in used or marked == name:
        mark = digest(seed)
        marked, seed = f"{name}{mark[:1].upper()}{mark[1:]}", f"{seed}+"
        tried.append(marked)
    return tuple(tried)


def digest(text: str) -> str:
    """Return eight characters, the first one a letter, that stand for a text."""
    return "x" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:7]
