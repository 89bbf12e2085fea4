"""Made text: one string that keeps a schema's format, pattern and lengths."""

from __future__ import annotations

import base64
import random
import re

import rstr

from venuekit.contract import StringSchema
from venuekit.load.patterns import is_ecma

_MOST_DRAWN = 90
"""The longest repetition that is drawn; the library draws no more than 100."""
_MOST_TRIES = 20
"""How many texts are drawn from a pattern before its lengths are given up."""

_FORMATS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "hostname": "www.example.com",
    "idn-hostname": "www.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/a",
    "url": "https://example.com/a",
    "iri": "https://example.com/a",
    "uri-reference": "/a",
    "iri-reference": "/a",
    "uri-template": "/a/{b}",
    "uuid": "6f1c2a3e-0d4b-4c5a-8e9f-0a1b2c3d4e5f",
    "json-pointer": "/a",
    "relative-json-pointer": "0",
    "regex": "^a$",
    "decimal": "1.5",
}


_PROPERTIES = {
    "L": "a-zA-Z",
    "Lu": "A-Z",
    "Ll": "a-z",
    "N": "0-9",
    "Nd": "0-9",
    "Z": " ",
    "Zs": " ",
    "P": "!,.",
    "S": "+",
}
"""ASCII members of Unicode's categories: Python knows no `\\p{L}`, and ECMA-262 does."""

_PROPERTY = re.compile(r"\\p\{([A-Z][a-z]?)\}")
_CLASS = re.compile(r"\[(?:\\.|[^\]\\])*\]")


class TextError(ValueError):
    """No text is known that keeps a pattern."""


def text(schema: StringSchema, chance: random.Random) -> str:
    """Return a text for a schema. Raises TextError for a pattern that cannot be drawn from.

    Nothing is held to a pattern in another dialect than ECMA-262.
    """
    if schema.pattern is not None and is_ecma(schema.pattern):
        return from_pattern(schema.pattern, schema.min_length, schema.max_length, chance)
    if schema.format in ("byte", "base64") or schema.content_encoding == "base64":
        return base64.b64encode(_sized(schema, "bytes").encode()).decode()
    known = _FORMATS.get(schema.format or "")
    return known if known is not None else _sized(schema, "text")


def from_pattern(pattern: str, least: int | None, most: int | None, chance: random.Random) -> str:
    """Return a text that a pattern matches, of the lengths wanted where some draw has them.

    Raises TextError where Python cannot read the ECMA pattern.
    """
    try:
        pattern = _in_ascii(pattern)
        matcher = re.compile(pattern, re.ASCII)
        strings = rstr.Rstr(chance)
        drawn = [strings.xeger(_bounded(pattern, least, most)) for _ in range(_MOST_TRIES)]
    except (re.error, KeyError, IndexError, ValueError, OverflowError, NotImplementedError) as e:
        raise TextError(f"no text can be drawn from the pattern {pattern!r}: {e}") from None
    fitting = [draw for draw in drawn if matcher.search(draw) and "\n" not in draw]
    for draw in fitting:
        if (least or 0) <= len(draw) and (most is None or len(draw) <= most):
            return draw
    if not fitting:
        raise TextError(f"no text was found that matches the pattern {pattern!r}")
    padded = fitting[0] + "a" * ((least or 0) - len(fitting[0]))
    return padded if matcher.search(padded) else fitting[0]


def _in_ascii(pattern: str) -> str:
    """Return a pattern with members of Unicode's categories in place of their names.

    Raises KeyError for a category of which no member is known here.
    """
    inside = _CLASS.sub(lambda one: _PROPERTY.sub(lambda p: _PROPERTIES[p[1]], one[0]), pattern)
    return _PROPERTY.sub(lambda p: f"[{_PROPERTIES[p[1]]}]", inside)


def _bounded(pattern: str, least: int | None, most: int | None) -> str:
    """Return a pattern whose one open repetition (`^[a-z]+$`) keeps the stated lengths."""
    open_end = re.fullmatch(r"(\^?)(\[[^\]]+\]|\\[dws]|\.)([+*])(\$?)", pattern)
    if open_end is None or (least is None and most is None):
        return pattern
    start, unit, sign, end = open_end.groups()
    low = max(least or 0, 1 if sign == "+" else 0)
    if low > _MOST_DRAWN:
        return pattern  # What is drawn is padded.
    high = max(low, min(most if most is not None else low + 8, low + 8))
    return f"{start}{unit}{{{low},{high}}}{end}"


def _sized(schema: StringSchema, wish: str) -> str:
    padded = wish + "x" * ((schema.min_length or 0) - len(wish))
    return padded if schema.max_length is None else padded[: schema.max_length]
