"""The whole state of the venue, and its canonical hash."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from meridian_server.commands import Deposit
from meridian_server.engine.accounts import Account
from meridian_server.engine.book import Book, BookSide, Order
from meridian_server.engine.instrument import Instrument
from meridian_server.events import Traded

TRADES_KEPT = 10_000


@dataclass(slots=True, eq=False)
class Market:
    """One instrument, its book and its latest trades (oldest first)."""

    instrument: Instrument
    book: Book = field(default_factory=Book)
    trades: deque[Traded] = field(default_factory=lambda: deque(maxlen=TRADES_KEPT))


@dataclass(slots=True, eq=False)
class State:
    """Everything that commands change; nothing else may."""

    sequence: int = 0
    timestamp_ms: int = 0
    last_execution_id: int = 0
    last_trade_id: int = 0
    currencies: dict[str, int] = field(default_factory=dict)
    markets: dict[str, Market] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    deposits: dict[str, Deposit] = field(default_factory=dict)
    fees: dict[str, int] = field(default_factory=dict)


def state_hash(state: State) -> str:
    """Lower-hex SHA-256 over the whole state in one canonical order. Two engines that applied
    the same commands have the same hash, whatever the order their dicts grew in."""
    digest = hashlib.sha256()
    encoder = msgspec.json.Encoder(order="deterministic")
    for part in _parts(state):
        digest.update(encoder.encode(part))
        digest.update(b"\n")
    return digest.hexdigest()


def _parts(state: State) -> Iterator[Any]:
    yield ["venue", state.sequence, state.timestamp_ms]
    yield ["counters", state.last_execution_id, state.last_trade_id]
    yield ["currencies", state.currencies]
    yield ["fees", state.fees]
    for deposit_id in sorted(state.deposits):
        yield ["deposit", state.deposits[deposit_id]]
    for symbol in sorted(state.markets):
        market = state.markets[symbol]
        yield ["instrument", market.instrument.terms]
        yield ["book", symbol, market.book.sequence]
        yield ["bids", _levels(market.book.bids)]
        yield ["asks", _levels(market.book.asks)]
        for trade in market.trades:
            yield ["trade", trade]
    for account_id in sorted(state.accounts):
        yield from _account_parts(state.accounts[account_id])


def _account_parts(account: Account) -> Iterator[Any]:
    yield ["account", account.account_id, account.sequence, account.total, account.reserved]
    for order in account.history:
        yield _order_part(order)
    for execution in account.executions:
        yield ["execution", execution]


def _order_part(order: Order) -> list[Any]:
    return [
        "order",
        order.placed,
        order.quantity,
        order.price,
        order.leaves_quantity,
        order.reserve_currency,
        order.reserve_per_unit,
        order.cumulative_quantity,
        order.cumulative_notional,
        order.order_status,
        order.updated_at_ms,
        order.sequence,
    ]


def _levels(side: BookSide) -> list[Any]:
    return [
        [key * side.sign, side.levels[key].quantity, list(side.levels[key].orders)]
        for key in reversed(side.keys)
    ]
