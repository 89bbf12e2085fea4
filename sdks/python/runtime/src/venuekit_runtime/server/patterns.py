"""Patterns: JSON Schema's regular expressions (ECMA 262) in Python's words."""

from __future__ import annotations

import re

_PIECES = re.compile(r"(\\.|\[(?:\\.|[^\]])*\])", re.DOTALL)
_GROUP = re.compile(r"\(\?<(?![=!])")


def python_pattern(pattern: str) -> str:
    """Return an ECMA pattern as Python reads it: `$` is the very end (Python also lets a newline
    follow), `\\d` and `\\w` are ASCII, and named groups have a P.

    The result may still be no pattern to Python (`\\p{L}`): compile it to know.
    """
    parts = _PIECES.split(pattern)
    written = (
        part if number % 2 else _GROUP.sub("(?P<", part.replace("$", r"\Z"))
        for number, part in enumerate(parts)
    )
    return f"(?a){''.join(written)}"
