"""Exact numbers: decimal text at the rim, integers of 10**-scale inside."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache


def to_units(text: str, scale: int) -> int | None:
    """The integer number of 10**-scale units that plain decimal `text` names, or None when
    it has more decimals than fit. The text is digits with at most one point, no sign."""
    whole, _, fraction = text.partition(".")
    if len(fraction) > scale:
        fraction = fraction.rstrip("0")
        if len(fraction) > scale:
            return None
    return int(whole + fraction.ljust(scale, "0") or "0")


def decimal_to_units(value: Decimal, scale: int) -> int | None:
    """`to_units` for a finite, non-negative Decimal."""
    return to_units(format(value, "f"), scale)


@lru_cache(maxsize=65_536)
def to_text(units: int, scale: int) -> str:
    """The shortest decimal text of `units` times 10**-scale: one text for each value."""
    if scale == 0:
        return str(units)
    digits = str(abs(units)).rjust(scale + 1, "0")
    text = f"{digits[:-scale]}.{digits[-scale:]}".rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text


def quotient_text(numerator: int, denominator: int, scale: int) -> str:
    """numerator / denominator as decimal text with at most `scale` decimals, half to even."""
    scaled = numerator * 10**scale
    whole, rest = divmod(scaled, denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and whole % 2):
        whole += 1
    return to_text(whole, scale)


def decimals_of(value: Decimal) -> int:
    """How many decimals the value needs: 2 for 0.01, 0 for 100."""
    exponent = value.normalize().as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a finite number")
    return max(0, -exponent)
