"""Events: what the engine answers to a command. Gateways turn them into replies and frames;
the journal keeps their hash."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from meridian_server.commands import Side

OrderStatus = Literal["new", "partially_filled", "filled", "canceled", "rejected", "expired"]
ExecutionType = Literal["new", "fill", "canceled", "replaced", "rejected", "expired"]
Liquidity = Literal["maker", "taker"]
RejectCode = Literal[
    "VALIDATION_FAILED",
    "UNKNOWN_INSTRUMENT",
    "UNKNOWN_ORDER",
    "DUPLICATE_CLIENT_ORDER_ID",
    "ORDER_CLOSED",
    "INSUFFICIENT_BALANCE",
    "PRICE_INCREMENT",
    "QUANTITY_INCREMENT",
    "QUANTITY_RANGE",
    "NOTIONAL_TOO_SMALL",
    "POST_ONLY_WOULD_TAKE",
    "NO_LIQUIDITY",
    "CONFLICT",
]


class _Event(Struct, frozen=True, gc=False, tag_field="event"):
    pass


class CurrencyListed(_Event, frozen=True, gc=False, tag="currency_listed"):
    """A currency is known from now on."""

    currency: str


class InstrumentListed(_Event, frozen=True, gc=False, tag="instrument_listed"):
    """An instrument takes orders from now on."""

    symbol: str


class AccountOpened(_Event, frozen=True, gc=False, tag="account_opened"):
    """An account exists from now on."""

    account_id: str


class Deposited(_Event, frozen=True, gc=False, tag="deposited"):
    """An account was credited; `amount` in the currency's units."""

    account_id: str
    currency: str
    amount: int


class Execution(_Event, frozen=True, gc=False, tag="execution"):
    """A report about one order of one account. Prices and quantities in the instrument's
    units, `cumulative_notional` in price times quantity units, `fee` in the quote
    currency's units. `sequence` counts the account's executions without holes."""

    account_id: str
    sequence: int
    execution_id: int
    execution_type: ExecutionType
    order_id: int
    client_order_id: str
    symbol: str
    side: Side
    order_status: OrderStatus
    quantity: int
    price: int | None
    last_quantity: int | None
    last_price: int | None
    cumulative_quantity: int
    leaves_quantity: int
    cumulative_notional: int
    liquidity: Liquidity | None
    fee: int | None
    trade_id: int | None
    timestamp_ms: int


class Traded(_Event, frozen=True, gc=False, tag="traded"):
    """The public record of two orders meeting; `side` is the taker's."""

    trade_id: int
    symbol: str
    price: int
    quantity: int
    side: Side
    timestamp_ms: int


class BookChanged(_Event, frozen=True, gc=False, tag="book_changed"):
    """The levels that one command changed, best first, each with its new total quantity
    (0 when the level is gone)."""

    symbol: str
    sequence: int
    previous_sequence: int
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]
    timestamp_ms: int


class Rejected(_Event, frozen=True, gc=False, tag="rejected"):
    """The command was refused and nothing changed."""

    code: RejectCode
    message: str
    field: str | None = None


class Unchanged(_Event, frozen=True, gc=False, tag="unchanged"):
    """The command repeats what is already so; nothing changed. Names the order it is about."""

    order_id: int | None = None


Event = (
    CurrencyListed
    | InstrumentListed
    | AccountOpened
    | Deposited
    | Execution
    | Traded
    | BookChanged
    | Rejected
    | Unchanged
)

_CHANGES_NOTHING = (Rejected, Unchanged)


def changed_state(events: list[Event]) -> bool:
    """Whether a command with these events belongs into the journal."""
    return not isinstance(events[0], _CHANGES_NOTHING)
