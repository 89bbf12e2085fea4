"""JSON from strangers: exact numbers, no member twice, no NaN, and no deeper than is sane."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

from venuekit_runtime.server.refusal import malformed

MAX_DEPTH = 128
"""How many lists and objects may stand inside each other."""

_KEY = re.compile(rb'"([^"\\]*)"\s*:')
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_exact = msgspec.json.Decoder(float_hook=Decimal)


def read_json(body: bytes) -> Any:
    """The value of JSON text: numbers with a fraction or exponent are Decimals, never floats.

    Raises MALFORMED_REQUEST for what is no single JSON value in UTF-8, names a member twice, is
    nested deeper than MAX_DEPTH, or has a number beyond all bounds.
    """
    refuse_depth(body)
    try:
        value = _exact.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError, ValueError):
        raise malformed("expected one JSON value in UTF-8") from None
    refuse_duplicate_members(body)
    return value


def refuse_depth(body: bytes) -> None:
    """Refuse text whose brackets stand deeper than MAX_DEPTH, before anything descends."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for byte in re.findall(rb"[\[{\]}]", _TEXT.sub(b"", body)):
        depth += 1 if byte in b"[{" else -1
        if depth > MAX_DEPTH:
            raise malformed(f"lists and objects stand deeper than {MAX_DEPTH}")


def refuse_duplicate_members(body: bytes) -> None:
    """Refuse JSON (known to be well-formed) in which an object names a member twice."""
    if b"\\" not in body:
        keys = _KEY.findall(body)
        if len(keys) == len(set(keys)):
            return
    json.loads(body, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise malformed("an object names a member twice")
    return members
