"""Patterns: which of them are regular expressions of ECMA-262, as JSON Schema wants them."""

from __future__ import annotations

import functools

import jsonschema_rs


@functools.lru_cache(maxsize=4096)
def is_ecma(pattern: str) -> bool:
    """Say whether a pattern is a regular expression that validators can read."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except jsonschema_rs.ValidationError:
        return False
    return True
