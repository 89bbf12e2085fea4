"""The venue's values as the contract writes them: decimals as text, ids as text."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from meridian_server.commands import OrderType, Side, TimeInForce
from meridian_server.engine.book import Order
from meridian_server.engine.instrument import Instrument
from meridian_server.engine.state import Market, State
from meridian_server.events import Execution, ExecutionType, Liquidity, OrderStatus, Traded
from meridian_server.exact import quotient_text, to_text
from meridian_server.gateway.codec import ContractError
from venuekit.contract import Contract, ObjectSchema
from venuekit.contract.walk import resolve

AVERAGE_PRICE_SCALE = 8


class OrderBody(Struct, frozen=True, gc=False):
    """An order as the venue holds it."""

    order_id: str
    client_order_id: str
    symbol: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    post_only: bool
    quantity: str
    price: str | None
    cumulative_quantity: str
    leaves_quantity: str
    average_price: str | None
    order_status: OrderStatus
    created_at_ms: int
    updated_at_ms: int
    sequence: int


class ExecutionBody(Struct, frozen=True, gc=False):
    """One report about one order."""

    execution_id: str
    execution_type: ExecutionType
    order_id: str
    client_order_id: str
    symbol: str
    side: Side
    order_status: OrderStatus
    quantity: str
    price: str | None
    last_quantity: str | None
    last_price: str | None
    cumulative_quantity: str
    leaves_quantity: str
    average_price: str | None
    liquidity: Liquidity | None
    fee: str | None
    fee_currency: str | None
    trade_id: str | None
    sequence: int
    timestamp_ms: int


class TradeBody(Struct, frozen=True, gc=False):
    """The public record of two orders meeting."""

    trade_id: str
    symbol: str
    price: str
    quantity: str
    side: Side
    timestamp_ms: int


class LevelBody(Struct, frozen=True, gc=False):
    """One price in the book."""

    price: str
    quantity: str


class BookBody(Struct, frozen=True, gc=False):
    """The best levels of both sides."""

    symbol: str
    sequence: int
    timestamp_ms: int
    bids: list[LevelBody]
    asks: list[LevelBody]


class BalanceBody(Struct, frozen=True, gc=False):
    """What an account holds of one currency."""

    currency: str
    total: str
    available: str
    reserved: str


class InstrumentBody(Struct, frozen=True, gc=False):
    """An instrument's terms."""

    symbol: str
    base_currency: str
    quote_currency: str
    price_increment: str
    quantity_increment: str
    minimum_quantity: str
    maximum_quantity: str
    minimum_notional: str


SHAPES: dict[str, type[Struct]] = {
    "Order": OrderBody,
    "Execution": ExecutionBody,
    "Trade": TradeBody,
    "Level": LevelBody,
    "Book": BookBody,
    "Balance": BalanceBody,
    "Instrument": InstrumentBody,
}


def check_shapes(contract: Contract) -> None:
    """Hold what the server writes to the contract, name by name: ContractError otherwise."""
    for name, shape in SHAPES.items():
        named = contract.schemas.get(name)
        if named is None:
            raise ContractError(f"the contract has no schema {name}, which the server writes")
        schema = resolve(contract, named.schema)
        if not isinstance(schema, ObjectSchema):
            raise ContractError(f"{named.origin}: {name} is no object")
        promised = {field.name for field in schema.fields}
        written = set(shape.__struct_fields__)
        if promised != written:
            raise ContractError(
                f"{named.origin}: {name} has {sorted(promised - written)} that the server does "
                f"not write, and lacks {sorted(written - promised)} that it writes"
            )


def _average(notional: int, quantity: int, instrument: Instrument) -> str | None:
    if not quantity:
        return None
    return quotient_text(notional, quantity * 10**instrument.price_scale, AVERAGE_PRICE_SCALE)


def _text_or_null(units: int | None, scale: int) -> str | None:
    return None if units is None else to_text(units, scale)


def order_body(instrument: Instrument, order: Order) -> OrderBody:
    """The order as it stands now."""
    placed = order.placed
    scale = instrument.quantity_scale
    return OrderBody(
        str(placed.sequence),
        placed.client_order_id,
        placed.symbol,
        placed.side,
        placed.order_type,
        placed.time_in_force,
        placed.post_only,
        to_text(order.quantity, scale),
        _text_or_null(order.price, instrument.price_scale),
        to_text(order.cumulative_quantity, scale),
        to_text(order.leaves_quantity, scale),
        _average(order.cumulative_notional, order.cumulative_quantity, instrument),
        order.order_status,
        placed.timestamp_ms,
        order.updated_at_ms,
        order.sequence,
    )


def order_body_at(instrument: Instrument, order: Order, execution: Execution) -> OrderBody:
    """The order as it stood when `execution` was reported."""
    placed = order.placed
    scale = instrument.quantity_scale
    return OrderBody(
        str(placed.sequence),
        placed.client_order_id,
        placed.symbol,
        placed.side,
        placed.order_type,
        placed.time_in_force,
        placed.post_only,
        to_text(execution.quantity, scale),
        _text_or_null(execution.price, instrument.price_scale),
        to_text(execution.cumulative_quantity, scale),
        to_text(execution.leaves_quantity, scale),
        _average(execution.cumulative_notional, execution.cumulative_quantity, instrument),
        execution.order_status,
        placed.timestamp_ms,
        execution.timestamp_ms,
        execution.sequence,
    )


def execution_body(state: State, execution: Execution) -> ExecutionBody:
    """One execution."""
    instrument = state.markets[execution.symbol].instrument
    price_scale, scale = instrument.price_scale, instrument.quantity_scale
    fee = execution.fee
    quote = instrument.quote_currency
    return ExecutionBody(
        str(execution.execution_id),
        execution.execution_type,
        str(execution.order_id),
        execution.client_order_id,
        execution.symbol,
        execution.side,
        execution.order_status,
        to_text(execution.quantity, scale),
        _text_or_null(execution.price, price_scale),
        _text_or_null(execution.last_quantity, scale),
        _text_or_null(execution.last_price, price_scale),
        to_text(execution.cumulative_quantity, scale),
        to_text(execution.leaves_quantity, scale),
        _average(execution.cumulative_notional, execution.cumulative_quantity, instrument),
        execution.liquidity,
        _text_or_null(fee, state.currencies[quote]),
        None if fee is None else quote,
        None if execution.trade_id is None else str(execution.trade_id),
        execution.sequence,
        execution.timestamp_ms,
    )


def trade_body(instrument: Instrument, trade: Traded) -> TradeBody:
    """One public trade."""
    return TradeBody(
        str(trade.trade_id),
        trade.symbol,
        to_text(trade.price, instrument.price_scale),
        to_text(trade.quantity, instrument.quantity_scale),
        trade.side,
        trade.timestamp_ms,
    )


def level_bodies(instrument: Instrument, levels: Any) -> list[LevelBody]:
    """Levels of one side, in the order given."""
    price_scale, scale = instrument.price_scale, instrument.quantity_scale
    return [
        LevelBody(to_text(price, price_scale), to_text(quantity, scale))
        for price, quantity in levels
    ]


def book_body(market: Market, depth: int, now_ms: int) -> BookBody:
    """The best levels of a market."""
    book, instrument = market.book, market.instrument
    return BookBody(
        instrument.symbol,
        book.sequence,
        now_ms,
        level_bodies(instrument, book.bids.depth(depth)),
        level_bodies(instrument, book.asks.depth(depth)),
    )


def instrument_body(instrument: Instrument) -> InstrumentBody:
    """An instrument's terms."""
    price_scale, scale = instrument.price_scale, instrument.quantity_scale
    return InstrumentBody(
        instrument.symbol,
        instrument.base_currency,
        instrument.quote_currency,
        to_text(instrument.price_increment, price_scale),
        to_text(instrument.quantity_increment, scale),
        to_text(instrument.minimum_quantity, scale),
        to_text(instrument.maximum_quantity, scale),
        to_text(instrument.minimum_notional, price_scale + scale),
    )
