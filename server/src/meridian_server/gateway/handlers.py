"""What each operation of the contract does, by its name; the same over every wire."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from meridian_server.commands import CancelOrder, PlaceOrder, ReplaceOrder
from meridian_server.engine.accounts import Account
from meridian_server.engine.book import Order
from meridian_server.engine.instrument import Instrument
from meridian_server.engine.state import Market, State
from meridian_server.events import Event, Rejected, Unchanged
from meridian_server.exact import to_text, to_units
from meridian_server.gateway import wire
from meridian_server.gateway.refusal import from_engine
from meridian_server.venue import Venue
from venuekit_runtime.server.refusal import RefusalError, invalid

SCANNED_PER_PAGE = 10_000
"""How many entries a filtered page looks at; a page may end early and still have a next one."""


class Call(NamedTuple):
    """One call: the venue, who calls (None for public operations), and the arguments that the
    contract's decoders accepted, by wire name with defaults filled in."""

    venue: Venue
    account_id: str | None
    arguments: Mapping[str, Any]

    @property
    def state(self) -> State:
        return self.venue.engine.state

    @property
    def account(self) -> Account:
        if self.account_id is None:
            raise AssertionError("a private operation was called without an account")
        return self.state.accounts[self.account_id]


class Answer(NamedTuple):
    """A positive answer: HTTP status and body."""

    status: int
    body: Any


Handler = Callable[[Call], Answer]
T = TypeVar("T")


def get_time(call: Call) -> Answer:
    return Answer(200, {"server_time_ms": call.venue.now_ms()})


def list_instruments(call: Call) -> Answer:
    markets = call.state.markets
    bodies = [wire.instrument_body(markets[symbol].instrument) for symbol in sorted(markets)]
    return Answer(200, {"instruments": bodies})


def get_book(call: Call) -> Answer:
    market = find_market(call.state, call.arguments["symbol"])
    return Answer(200, wire.book_body(market, call.arguments["depth"], call.venue.now_ms()))


def list_trades(call: Call) -> Answer:
    market = find_market(call.state, call.arguments["symbol"])
    limit, before = call.arguments["limit"], _cursor(call)
    newest_first = (
        trade for trade in reversed(market.trades) if before is None or trade.trade_id < before
    )
    page, last = _page(newest_first, limit, lambda _: True)
    bodies = [wire.trade_body(market.instrument, trade) for trade in page]
    return Answer(200, {"trades": bodies, "next_cursor": last and str(last.trade_id)})


def place_order(call: Call) -> Answer:
    arguments = call.arguments
    instrument = find_market(call.state, arguments["symbol"]).instrument
    command = PlaceOrder(
        call.venue.next_sequence(),
        call.venue.now_ms(),
        call.account.account_id,
        arguments["client_order_id"],
        arguments["symbol"],
        arguments["side"],
        arguments["order_type"],
        arguments["time_in_force"],
        arguments["post_only"],
        _quantity_units(instrument, arguments["quantity"]),
        _price_units(instrument, arguments.get("price")),
    )
    events = _execute(call, command)
    if isinstance(events[0], Unchanged):
        known = call.account.orders_by_client_id[command.client_order_id]
        return Answer(200, wire.order_body(instrument, known))
    return Answer(201, wire.order_body(instrument, call.account.orders[command.sequence]))


def replace_order(call: Call) -> Answer:
    order = _find_order(call)
    instrument = _instrument(call, order)
    quantity = call.arguments.get("quantity")
    command = ReplaceOrder(
        call.venue.next_sequence(),
        call.venue.now_ms(),
        call.account.account_id,
        order.order_id,
        None if quantity is None else _quantity_units(instrument, quantity),
        _price_units(instrument, call.arguments.get("price")),
    )
    _execute(call, command)
    return Answer(200, wire.order_body(instrument, order))


def cancel_order(call: Call) -> Answer:
    order = _find_order(call)
    sequence, now_ms = call.venue.next_sequence(), call.venue.now_ms()
    _execute(call, CancelOrder(sequence, now_ms, call.account.account_id, order.order_id))
    return Answer(200, wire.order_body(_instrument(call, order), order))


def get_order(call: Call) -> Answer:
    order = _find_order(call)
    return Answer(200, wire.order_body(_instrument(call, order), order))


def get_order_by_client_order_id(call: Call) -> Answer:
    order = call.account.orders_by_client_id.get(call.arguments["client_order_id"])
    if order is None:
        raise _unknown_order()
    return Answer(200, wire.order_body(_instrument(call, order), order))


def list_orders(call: Call) -> Answer:
    symbol, status = call.arguments.get("symbol"), call.arguments.get("order_status")
    history, before = call.account.history, _cursor(call)
    end = len(history)
    if before is not None:
        end = bisect_left(history, before, key=lambda order: order.order_id)
    newest_first = (history[index] for index in range(end - 1, -1, -1))
    page, last = _page(
        newest_first,
        call.arguments["limit"],
        lambda order: (
            (symbol is None or order.placed.symbol == symbol)
            and (status is None or order.order_status == status)
        ),
    )
    bodies = [wire.order_body(_instrument(call, order), order) for order in page]
    return Answer(200, {"orders": bodies, "next_cursor": last and str(last.order_id)})


def list_executions(call: Call) -> Answer:
    symbol, order_text = call.arguments.get("symbol"), call.arguments.get("order_id")
    order_id = None if order_text is None else _order_id(order_text)
    after = _cursor(call) or 0
    executions = call.account.executions
    oldest_first = (executions[index] for index in range(after, len(executions)))
    page, last = _page(
        oldest_first,
        call.arguments["limit"],
        lambda execution: (
            (symbol is None or execution.symbol == symbol)
            and (order_text is None or execution.order_id == order_id)
        ),
    )
    bodies = [wire.execution_body(call.state, execution) for execution in page]
    return Answer(200, {"executions": bodies, "next_cursor": last and str(last.sequence)})


def list_balances(call: Call) -> Answer:
    account, scales = call.account, call.state.currencies
    bodies = [
        wire.BalanceBody(
            currency,
            to_text(account.total[currency], scales[currency]),
            to_text(account.available(currency), scales[currency]),
            to_text(account.reserved.get(currency, 0), scales[currency]),
        )
        for currency in sorted(account.total)
    ]
    return Answer(200, {"balances": bodies})


HANDLERS: dict[str, Handler] = {
    "getTime": get_time,
    "listInstruments": list_instruments,
    "getBook": get_book,
    "listTrades": list_trades,
    "placeOrder": place_order,
    "replaceOrder": replace_order,
    "cancelOrder": cancel_order,
    "getOrder": get_order,
    "getOrderByClientOrderId": get_order_by_client_order_id,
    "listOrders": list_orders,
    "listExecutions": list_executions,
    "listBalances": list_balances,
}


def find_market(state: State, symbol: str) -> Market:
    """The market of a symbol, or the refusal UNKNOWN_INSTRUMENT."""
    market = state.markets.get(symbol)
    if market is None:
        raise RefusalError("UNKNOWN_INSTRUMENT", f"no instrument has the symbol {symbol}")
    return market


def _execute(call: Call, command: PlaceOrder | ReplaceOrder | CancelOrder) -> Sequence[Event]:
    events = call.venue.execute(command)
    if isinstance(events[0], Rejected):
        raise from_engine(events[0])
    return events


def _instrument(call: Call, order: Order) -> Instrument:
    return call.state.markets[order.placed.symbol].instrument


def _order_id(text: str) -> int | None:
    """The engine's number for an order id; None for a text that no order has."""
    is_canonical = text.isascii() and text.isdigit() and (text[0] != "0" or text == "0")
    return int(text) if is_canonical else None


def _unknown_order() -> RefusalError:
    return RefusalError("UNKNOWN_ORDER", "the account has no such order")


def _find_order(call: Call) -> Order:
    order_id = _order_id(call.arguments["order_id"])
    order = None if order_id is None else call.account.orders.get(order_id)
    if order is None:
        raise _unknown_order()
    return order


def _cursor(call: Call) -> int | None:
    text = call.arguments.get("cursor")
    if text is None:
        return None
    number = _order_id(text)
    if number is None or len(text) > 19:
        raise invalid("cursor", "cursor: not one that this list gave out")
    return number


def _quantity_units(instrument: Instrument, text: str) -> int:
    units = to_units(text, instrument.quantity_scale)
    if units is None:
        step = to_text(instrument.quantity_increment, instrument.quantity_scale)
        raise RefusalError(
            "QUANTITY_INCREMENT",
            f"the quantity {text} is not a multiple of {step}",
            {"field": "quantity"},
        )
    return units


def _price_units(instrument: Instrument, text: str | None) -> int | None:
    if text is None:
        return None
    units = to_units(text, instrument.price_scale)
    if units is None:
        step = to_text(instrument.price_increment, instrument.price_scale)
        raise RefusalError(
            "PRICE_INCREMENT", f"the price {text} is not a multiple of {step}", {"field": "price"}
        )
    return units


def _page(
    entries: Iterator[T], limit: int, is_wanted: Callable[[T], bool]
) -> tuple[list[T], T | None]:
    """Up to `limit` wanted entries, and the last one looked at when there may be more."""
    page: list[T] = []
    last: T | None = None
    for scanned, entry in enumerate(entries):
        if len(page) == limit or scanned == SCANNED_PER_PAGE:
            return page, last
        if is_wanted(entry):
            page.append(entry)
        last = entry
    return page, None
