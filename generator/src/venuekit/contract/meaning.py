"""What a field's name tells about its value: money, or a point in time; nothing else is guessed."""

from __future__ import annotations

import re

MONEY = frozenset(
    {
        "price",
        "px",
        "quantity",
        "qty",
        "amount",
        "amt",
        "balance",
        "notional",
        "fee",
        "commission",
        "margin",
        "equity",
        "pnl",
        "funding",
        "volume",
        "size",
        "sz",
        "vol",
        "bal",
        "eq",
        "upl",
        "ntl",
    }
)
"""Words that name money or a traded quantity, in any of a field's words; some are venues' short
forms of size, volume, balance, equity, unrealized profit and notional."""

NOT_MONEY = frozenset(
    {
        "type",
        "asset",
        "currency",
        "ccy",
        "coin",
        "id",
        "mode",
        "rule",
        "filter",
        "level",
        "tier",
        "name",
        "status",
        "side",
        "source",
        "unit",
        "precision",
        "scale",
        "time",
        "timestamp",
        "ms",
        "count",
        "page",
    }
)
"""A field that ends in one of these describes money without being an amount of it."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TIME = re.compile(r"(^|_)(time|timestamp|ts|at)(_|$)|[a-z](Time|Timestamp)$|^[tT]imestamp$")


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in camel case, snake case or prose, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


def is_money(name: str) -> bool:
    """Tell whether a field of this name holds money or a quantity."""
    words = words_of(name)
    return bool(words) and words[-1] not in NOT_MONEY and not MONEY.isdisjoint(words)


def is_time(name: str) -> bool:
    """Tell whether a field of this name holds a point in time."""
    return _TIME.search(name) is not None
