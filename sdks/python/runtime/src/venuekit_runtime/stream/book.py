"""A book kept from snapshots and deltas: sorted prices and a map, exact decimals. No I/O."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from msgspec import Struct

from venuekit_runtime.operation import BookRule


class Level(Struct, frozen=True):
    """One price and the quantity that stands at it."""

    price: Decimal
    quantity: Decimal


class BookSide:
    """The levels of one side; prices ascend, so the best bid is last and the best ask first."""

    __slots__ = ("_is_bid", "_prices", "_quantities")

    def __init__(self, is_bid: bool) -> None:
        self._is_bid = is_bid
        self._prices: list[Decimal] = []
        self._quantities: dict[Decimal, Decimal] = {}

    def replace(self, levels: Iterable[tuple[Decimal, Decimal]]) -> None:
        """Make a snapshot's levels the whole side; levels without quantity are none."""
        self._quantities = {price: quantity for price, quantity in levels if quantity}
        self._prices = sorted(self._quantities)

    def change(self, price: Decimal, quantity: Decimal) -> None:
        """Set one level; quantity zero removes it, and removing what is not there is no error."""
        quantities = self._quantities
        if quantity:
            if price not in quantities:
                insort(self._prices, price)
            quantities[price] = quantity
        elif quantities.pop(price, None) is not None:
            del self._prices[bisect_left(self._prices, price)]

    def best(self) -> Level | None:
        """The best level, or None when the side is empty."""
        if not self._prices:
            return None
        price = self._prices[-1 if self._is_bid else 0]
        return Level(price, self._quantities[price])

    def levels(self, depth: int | None = None) -> list[Level]:
        """The best levels first, at most ``depth`` of them."""
        if depth is not None and depth <= 0:
            return []
        if self._is_bid:
            prices = self._prices[::-1] if depth is None else self._prices[: -depth - 1 : -1]
        else:
            prices = self._prices[:depth]
        return [Level(price, self._quantities[price]) for price in prices]

    def __len__(self) -> int:
        return len(self._prices)


class Book:
    """Both sides of one instrument, rebuilt from a channel's messages."""

    __slots__ = ("_rule", "asks", "bids")

    def __init__(self, rule: BookRule) -> None:
        self._rule = rule
        self.bids = BookSide(is_bid=True)
        self.asks = BookSide(is_bid=False)

    def apply_snapshot(self, message: Any) -> None:
        """Start anew from a snapshot."""
        rule = self._rule
        self.bids.replace(self._pairs(getattr(message, rule.bids)))
        self.asks.replace(self._pairs(getattr(message, rule.asks)))

    def apply_delta(self, message: Any) -> None:
        """Apply the levels that changed, in their order."""
        rule = self._rule
        for price, quantity in self._pairs(getattr(message, rule.bids)):
            self.bids.change(price, quantity)
        for price, quantity in self._pairs(getattr(message, rule.asks)):
            self.asks.change(price, quantity)

    def _pairs(self, levels: Iterable[Any]) -> list[tuple[Decimal, Decimal]]:
        price, quantity = self._rule.price, self._rule.quantity
        if isinstance(price, int) or isinstance(quantity, int):
            return [(_exact(level[price]), _exact(level[quantity])) for level in levels]
        return [
            (_exact(getattr(level, price)), _exact(getattr(level, quantity))) for level in levels
        ]


def _exact(value: Any) -> Decimal:
    """Decimals stay; text and integers become decimals exactly."""
    return value if type(value) is Decimal else Decimal(value)
