"""Place, replace and cancel: all checks first, then changes that cannot fail."""

from __future__ import annotations

from meridian_server.commands import CancelOrder, PlaceOrder, ReplaceOrder
from meridian_server.engine.accounts import Account
from meridian_server.engine.book import Order
from meridian_server.engine.instrument import Instrument
from meridian_server.engine.matching import NOTHING, Sweep, close, report, settle, sweep
from meridian_server.engine.state import Market, State
from meridian_server.events import BookChanged, Event, Rejected, Unchanged
from meridian_server.exact import to_text


def place(state: State, command: PlaceOrder) -> list[Event]:
    """Accept a new order, trade what it meets, and rest or end the remainder."""
    account = state.accounts[command.account_id]
    known = account.orders_by_client_id.get(command.client_order_id)
    if known is not None:
        return [_repeat(known, command)]
    market = state.markets.get(command.symbol)
    if market is None:
        return [Rejected("UNKNOWN_INSTRUMENT", f"no instrument {command.symbol}", "symbol")]
    refusal = _check_terms(market.instrument, command)
    if refusal is not None:
        return [refusal]
    limit = command.price
    found = sweep(market.book, command.side, command.account_id, command.quantity, limit)
    order = _new_order(market.instrument, command)
    refusal = _check_market(market.instrument, account, order, found)
    if refusal is not None:
        return [refusal]
    account.orders[command.sequence] = order
    account.history.append(order)
    account.orders_by_client_id[command.client_order_id] = order
    _reserve(account, order)
    events: list[Event] = [report(state, account, order, "new")]
    _enter(state, market, account, order, found, events)
    _add_book_change(state, market, events)
    return events


def replace(state: State, command: ReplaceOrder) -> list[Event]:
    """Give an open order new terms. It keeps its place in the queue only when nothing but
    its quantity goes down; otherwise it enters the book anew, behind all others."""
    account = state.accounts[command.account_id]
    order = account.orders.get(command.order_id)
    if order is None or not order.is_open or order.price is None:
        return [_not_open(order, command.order_id)]
    market = state.markets[order.placed.symbol]
    price = order.price if command.price is None else command.price
    quantity = order.quantity if command.quantity is None else command.quantity
    if (price, quantity) == (order.price, order.quantity):
        return [Unchanged(order.order_id)]
    side = order.placed.side
    leaves = quantity - order.cumulative_quantity
    found = NOTHING
    if price != order.price:
        found = sweep(market.book, side, account.account_id, max(leaves, 0), price)
    refusal = _check_replacement(market.instrument, account, order, quantity, price, found)
    if refusal is not None:
        return [refusal]
    events: list[Event] = []
    if price == order.price and quantity < order.quantity:
        cut = order.quantity - quantity
        market.book.own_side(side).reduce(order, price, cut)
        account.release(order.reserve_currency, cut * order.reserve_per_unit)
        order.quantity = quantity
        events.append(report(state, account, order, "replaced"))
    else:
        market.book.own_side(side).remove(order, order.price)
        account.release(order.reserve_currency, order.leaves_quantity * order.reserve_per_unit)
        order.quantity, order.price, order.leaves_quantity = quantity, price, leaves
        order.reserve_per_unit = _reserve_per_unit(market.instrument, side, price)
        _reserve(account, order)
        events.append(report(state, account, order, "replaced"))
        _enter(state, market, account, order, found, events)
    _add_book_change(state, market, events)
    return events


def cancel(state: State, command: CancelOrder) -> list[Event]:
    """Take an open order off the book and release what it reserved."""
    account = state.accounts[command.account_id]
    order = account.orders.get(command.order_id)
    if order is None or not order.is_open or order.price is None:
        return [_not_open(order, command.order_id)]
    market = state.markets[order.placed.symbol]
    market.book.own_side(order.placed.side).remove(order, order.price)
    events: list[Event] = [close(state, account, order, "canceled", "canceled")]
    _add_book_change(state, market, events)
    return events


def _enter(
    state: State,
    market: Market,
    account: Account,
    order: Order,
    found: Sweep,
    events: list[Event],
) -> None:
    placed = order.placed
    must_fill = placed.time_in_force == "fill_or_kill"
    if must_fill and found.quantity < order.leaves_quantity:
        events.append(close(state, account, order, "expired", "expired"))
        return
    settle(state, market, order, found, events)
    if not order.leaves_quantity:
        return
    if found.met_own:
        events.append(close(state, account, order, "canceled", "canceled"))
    elif order.price is not None and placed.time_in_force == "good_till_cancel":
        market.book.own_side(placed.side).add(order, order.price)
        account.open_orders[placed.sequence] = order
    else:
        events.append(close(state, account, order, "expired", "expired"))


def _add_book_change(state: State, market: Market, events: list[Event]) -> None:
    book = market.book
    bids, asks = book.bids.take_touched(), book.asks.take_touched()
    if not bids and not asks:
        return
    previous = book.sequence
    book.sequence = previous + 1
    symbol = market.instrument.symbol
    events.append(BookChanged(symbol, previous + 1, previous, bids, asks, state.timestamp_ms))


def _new_order(instrument: Instrument, command: PlaceOrder) -> Order:
    is_buy = command.side == "buy"
    return Order(
        placed=command,
        quantity=command.quantity,
        price=command.price,
        leaves_quantity=command.quantity,
        reserve_currency=instrument.quote_currency if is_buy else instrument.base_currency,
        reserve_per_unit=_reserve_per_unit(instrument, command.side, command.price),
    )


def _reserve_per_unit(instrument: Instrument, side: str, price: int | None) -> int:
    if side == "sell":
        return instrument.base_factor
    # A market buy reserves nothing: it settles at once, and its cost was checked.
    return 0 if price is None else instrument.buy_reserve(price)


def _reserve(account: Account, order: Order) -> None:
    if order.reserve_per_unit:
        account.reserve(order.reserve_currency, order.leaves_quantity * order.reserve_per_unit)


def _repeat(known: Order, command: PlaceOrder) -> Event:
    if _terms(known.placed) == _terms(command):
        return Unchanged(known.order_id)
    return Rejected(
        "DUPLICATE_CLIENT_ORDER_ID",
        f"client_order_id {command.client_order_id} names another order",
        "client_order_id",
    )


def _terms(command: PlaceOrder) -> tuple[object, ...]:
    return (
        command.symbol,
        command.side,
        command.order_type,
        command.time_in_force,
        command.post_only,
        command.quantity,
        command.price,
    )


def _not_open(order: Order | None, order_id: int) -> Rejected:
    if order is None:
        return Rejected("UNKNOWN_ORDER", f"no order {order_id}")
    return Rejected("ORDER_CLOSED", f"order {order_id} is {order.order_status}")


def _check_terms(instrument: Instrument, command: PlaceOrder) -> Rejected | None:
    if command.order_type == "market":
        if command.price is not None:
            return Rejected("VALIDATION_FAILED", "a market order takes no price", "price")
        if command.post_only:
            return Rejected("VALIDATION_FAILED", "a market order always takes", "post_only")
        return instrument.check_quantity(command.quantity)
    if command.price is None:
        return Rejected("VALIDATION_FAILED", "a limit order needs a price", "price")
    if command.post_only and command.time_in_force != "good_till_cancel":
        return Rejected("VALIDATION_FAILED", "post_only needs good_till_cancel", "post_only")
    return (
        instrument.check_price(command.price)
        or instrument.check_quantity(command.quantity)
        or instrument.check_notional(command.price * command.quantity)
    )


def _check_market(
    instrument: Instrument, account: Account, order: Order, found: Sweep
) -> Rejected | None:
    placed = order.placed
    if placed.order_type == "market" and not found.quantity:
        return Rejected("NO_LIQUIDITY", "no other account's order to trade with")
    if placed.post_only and (found.quantity or found.met_own):
        return Rejected("POST_ONLY_WOULD_TAKE", "the order would trade at once", "price")
    needed = order.leaves_quantity * order.reserve_per_unit
    if placed.side == "buy" and placed.price is None:
        needed = found.notional * (instrument.fee_one + instrument.taker_rate)
        needed *= instrument.quote_factor
    currency = order.reserve_currency
    return _check_funds(instrument, currency, needed, account.available(currency))


def _check_replacement(
    instrument: Instrument,
    account: Account,
    order: Order,
    quantity: int,
    price: int,
    found: Sweep,
) -> Rejected | None:
    if quantity <= order.cumulative_quantity:
        filled = to_text(order.cumulative_quantity, instrument.quantity_scale)
        return Rejected("QUANTITY_RANGE", f"{filled} is filled already", "quantity")
    refusal = (
        instrument.check_price(price)
        or instrument.check_quantity(quantity)
        or instrument.check_notional(price * quantity)
    )
    if refusal is not None:
        return refusal
    if order.placed.post_only and (found.quantity or found.met_own):
        return Rejected("POST_ONLY_WOULD_TAKE", "the order would trade at once", "price")
    leaves = quantity - order.cumulative_quantity
    needed = leaves * _reserve_per_unit(instrument, order.placed.side, price)
    held = order.leaves_quantity * order.reserve_per_unit
    currency = order.reserve_currency
    return _check_funds(instrument, currency, needed, account.available(currency) + held)


def _check_funds(
    instrument: Instrument, currency: str, needed: int, available: int
) -> Rejected | None:
    if needed <= available:
        return None
    needs, has = (instrument.amount_text(currency, units) for units in (needed, available))
    return Rejected(
        "INSUFFICIENT_BALANCE", f"the order needs {needs}, and {has} are available", "quantity"
    )
