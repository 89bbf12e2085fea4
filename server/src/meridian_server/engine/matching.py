"""Matching: what an incoming order would meet, and the settlement of what it met."""

from __future__ import annotations

from typing import NamedTuple

from meridian_server.commands import Side
from meridian_server.engine.accounts import Account
from meridian_server.engine.book import Book, Order
from meridian_server.engine.state import Market, State
from meridian_server.events import Event, Execution, ExecutionType, Liquidity, OrderStatus, Traded


class Sweep(NamedTuple):
    """The resting orders that an incoming one would fill, best price and oldest first.
    `met_own` says that an order of the same account stood next in line."""

    fills: tuple[tuple[Order, int], ...] = ()
    quantity: int = 0
    notional: int = 0
    met_own: bool = False


NOTHING = Sweep()


def sweep(book: Book, side: Side, account_id: str, quantity: int, limit: int | None) -> Sweep:
    """Look, without changing anything, at what `quantity` would trade against up to `limit`
    (None: any price). Price-time priority; it ends where an own order comes next."""
    opposite = book.other_side(side)
    sign = opposite.sign
    keys = opposite.keys
    if not keys or (limit is not None and keys[-1] < limit * sign):
        return NOTHING
    fills: list[tuple[Order, int]] = []
    left = quantity
    notional = 0
    for key in reversed(keys):
        if not left or (limit is not None and key < limit * sign):
            break
        for resting in opposite.levels[key].orders.values():
            if resting.placed.account_id == account_id:
                return Sweep(tuple(fills), quantity - left, notional, met_own=True)
            take = min(left, resting.leaves_quantity)
            fills.append((resting, take))
            notional += take * key * sign
            left -= take
            if not left:
                break
    return Sweep(tuple(fills), quantity - left, notional)


def report(
    state: State,
    account: Account,
    order: Order,
    execution_type: ExecutionType,
    last: tuple[int, int, Liquidity, int, int] | None = None,
) -> Execution:
    """Number and record one execution of `order` as it stands now. `last` is the fill:
    (quantity, price, liquidity, fee, trade_id)."""
    placed = order.placed
    state.last_execution_id += 1
    account.sequence += 1
    order.sequence = account.sequence
    order.updated_at_ms = state.timestamp_ms
    last_quantity, last_price, liquidity, fee, trade_id = last or (None, None, None, None, None)
    execution = Execution(
        placed.account_id,
        account.sequence,
        state.last_execution_id,
        execution_type,
        placed.sequence,
        placed.client_order_id,
        placed.symbol,
        placed.side,
        order.order_status,
        order.quantity,
        order.price,
        last_quantity,
        last_price,
        order.cumulative_quantity,
        order.leaves_quantity,
        order.cumulative_notional,
        liquidity,
        fee,
        trade_id,
        state.timestamp_ms,
    )
    account.executions.append(execution)
    return execution


def settle(state: State, market: Market, taker: Order, found: Sweep, events: list[Event]) -> None:
    """Trade the incoming order against every fill of the sweep, at the resting prices."""
    if not found.fills:
        return
    instrument = market.instrument
    side = taker.placed.side
    resting_side = market.book.other_side(side)
    for maker, quantity in found.fills:
        price = maker.price
        if price is None:
            raise AssertionError("an order without a price rests in the book")
        state.last_trade_id += 1
        trade_id = state.last_trade_id
        trade = Traded(trade_id, instrument.symbol, price, quantity, side, state.timestamp_ms)
        market.trades.append(trade)
        resting_side.reduce(maker, price, quantity)
        taker.leaves_quantity -= quantity
        fee_unit = quantity * price * instrument.quote_factor
        maker_fee = fee_unit * instrument.maker_rate
        taker_fee = fee_unit * instrument.taker_rate
        events.append(trade)
        events.append(_fill(state, market, maker, (quantity, price, "maker", maker_fee, trade_id)))
        events.append(_fill(state, market, taker, (quantity, price, "taker", taker_fee, trade_id)))


def _fill(
    state: State, market: Market, order: Order, last: tuple[int, int, Liquidity, int, int]
) -> Execution:
    quantity, price, _, fee, _ = last
    instrument = market.instrument
    account = state.accounts[order.placed.account_id]
    quote = instrument.quote_currency
    notional = quantity * price
    value = notional * instrument.fee_one * instrument.quote_factor
    bought = quantity * instrument.base_factor
    if order.reserve_per_unit:
        account.release(order.reserve_currency, quantity * order.reserve_per_unit)
    if order.placed.side == "buy":
        account.credit(quote, -value - fee)
        account.credit(instrument.base_currency, bought)
    else:
        account.credit(instrument.base_currency, -bought)
        account.credit(quote, value - fee)
    state.fees[quote] = state.fees.get(quote, 0) + fee
    order.cumulative_quantity += quantity
    order.cumulative_notional += notional
    if order.leaves_quantity:
        order.order_status = "partially_filled"
    else:
        order.order_status = "filled"
        account.open_orders.pop(order.placed.sequence, None)
    return report(state, account, order, "fill", last)


def close(
    state: State, account: Account, order: Order, status: OrderStatus, kind: ExecutionType
) -> Execution:
    """End an order that is not (or no longer) in the book and give back what it reserved."""
    if order.reserve_per_unit:
        account.release(order.reserve_currency, order.leaves_quantity * order.reserve_per_unit)
    order.leaves_quantity = 0
    order.order_status = status
    account.open_orders.pop(order.placed.sequence, None)
    return report(state, account, order, kind)
