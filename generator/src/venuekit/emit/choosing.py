"""Choosing the first name that is still free, the same way every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable


def first_free(choices: Iterable[str], used: Container[str], text: Callable[[], str]) -> str:
    """Return the first of some names that is not used.

    Where all are, the last one gets a digest of `text`, so that the result does not depend on
    how many others collide.
    """
    name = ""
    for choice in choices:
        name = choice
        if name and name not in used:
            return name
    seed, marked = text(), name
    while marked in used or marked == name:
        mark = digest(seed)
        marked, seed = f"{name}{mark[:1].upper()}{mark[1:]}", f"{seed}+"
    return marked


def digest(text: str) -> str:
    """Return eight characters, the first one a letter, that stand for a text."""
    return "x" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:7]
