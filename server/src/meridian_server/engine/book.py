"""The book of one instrument: price to FIFO of orders, prices kept sorted with the best last."""

from __future__ import annotations

from bisect import bisect_left, insort

from msgspec import Struct

from meridian_server.commands import PlaceOrder, Side
from meridian_server.events import OrderStatus


class Order(Struct, eq=False, gc=False):
    """A standing instruction and what became of it. `placed` is the command as first given;
    quantity and price follow replacements. An open order reserves
    `leaves_quantity * reserve_per_unit` of `reserve_currency`. It is in no reference cycle, so
    the collector need not look at it, however many orders there are."""

    placed: PlaceOrder
    quantity: int
    price: int | None
    leaves_quantity: int
    reserve_currency: str
    reserve_per_unit: int
    cumulative_quantity: int = 0
    cumulative_notional: int = 0
    order_status: OrderStatus = "new"
    updated_at_ms: int = 0
    sequence: int = 0

    @property
    def order_id(self) -> int:
        return self.placed.sequence

    @property
    def is_open(self) -> bool:
        return self.order_status in ("new", "partially_filled")


class Level:
    """All orders at one price, first come first served: a dict keeps the order in which its
    keys came. (Python walks over the holes that taken orders left at its front, about 1 ns
    each until the next resize; an OrderedDict would cost every level more than that.)"""

    __slots__ = ("orders", "quantity")

    def __init__(self) -> None:
        self.quantity = 0
        self.orders: dict[int, Order] = {}


class BookSide:
    """One side. Keys are prices for bids and negated prices for asks, so that on both sides
    a higher key is the better price and the best stands last."""

    __slots__ = ("keys", "levels", "sign", "touched")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[int, Level] = {}
        self.touched: set[int] = set()

    def add(self, order: Order, price: int) -> None:
        """Put an order behind all others of its price."""
        key = price * self.sign
        level = self.levels.get(key)
        if level is None:
            level = self.levels[key] = Level()
            insort(self.keys, key)
        level.orders[order.placed.sequence] = order
        level.quantity += order.leaves_quantity
        self.touched.add(key)

    def reduce(self, order: Order, price: int, quantity: int) -> None:
        """Take `quantity` off a resting order without touching its place in the queue;
        the order leaves the book when nothing is left of it."""
        key = price * self.sign
        level = self.levels[key]
        level.quantity -= quantity
        order.leaves_quantity -= quantity
        self.touched.add(key)
        if not order.leaves_quantity:
            self._unlink(key, level, order)

    def remove(self, order: Order, price: int) -> None:
        """Take a resting order out of the book; what is left of the order stays as it is."""
        key = price * self.sign
        level = self.levels[key]
        level.quantity -= order.leaves_quantity
        self.touched.add(key)
        self._unlink(key, level, order)

    def _unlink(self, key: int, level: Level, order: Order) -> None:
        del level.orders[order.placed.sequence]
        if not level.orders:
            self._drop(key)

    def _drop(self, key: int) -> None:
        del self.levels[key]
        if self.keys[-1] == key:
            self.keys.pop()
        else:
            del self.keys[bisect_left(self.keys, key)]

    def depth(self, count: int) -> list[tuple[int, int]]:
        """The best `count` levels as (price, quantity), best first."""
        sign, levels = self.sign, self.levels
        return [(key * sign, levels[key].quantity) for key in self.keys[: -count - 1 : -1]]

    def take_touched(self) -> tuple[tuple[int, int], ...]:
        """What changed since the last call, as (price, new quantity), best first."""
        touched = self.touched
        if not touched:
            return ()
        sign, levels = self.sign, self.levels
        if len(touched) == 1:
            key = touched.pop()
            level = levels.get(key)
            return ((key * sign, level.quantity if level else 0),)
        keys = sorted(touched, reverse=True)
        changes = [(key * sign, levels[key].quantity if key in levels else 0) for key in keys]
        touched.clear()
        return tuple(changes)


class Book:
    """Both sides of an instrument; `sequence` counts the commands that changed it."""

    __slots__ = ("asks", "bids", "sequence")

    def __init__(self) -> None:
        self.bids = BookSide(1)
        self.asks = BookSide(-1)
        self.sequence = 0

    def own_side(self, side: Side) -> BookSide:
        """Where an order of this side rests."""
        return self.bids if side == "buy" else self.asks

    def other_side(self, side: Side) -> BookSide:
        """What an order of this side trades against."""
        return self.asks if side == "buy" else self.bids
