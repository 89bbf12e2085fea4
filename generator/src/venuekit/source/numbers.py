"""Numbers of JSON and YAML, exactly: integers as int, everything else as Decimal."""

from __future__ import annotations

import re
from decimal import Decimal

MAXIMUM_DIGITS = 1000
"""The longest number, and the largest exponent, that is read: more is an attack, not a price."""

_EXPONENT = re.compile(r"[eE]([-+]?\d+)$")


class NumberTooLongError(ValueError):
    """A number whose digits or exponent pass the bound."""


def integer(text: str) -> int:
    """Return the integer that decimal digits say."""
    if len(text) > MAXIMUM_DIGITS:
        raise NumberTooLongError(text[:20])
    return int(text)


def fraction(text: str) -> Decimal:
    """Return the number with a fraction or exponent that `text` says, exactly."""
    exponent = _EXPONENT.search(text)
    if len(text) > MAXIMUM_DIGITS or (
        exponent is not None
        and (len(exponent[1]) > len(str(MAXIMUM_DIGITS)) + 1 or abs(int(exponent[1])) > 1000)
    ):
        raise NumberTooLongError(text[:20])
    return Decimal(text)
