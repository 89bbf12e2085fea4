"""Commands: what gateways ask of the engine. Each carries its own time and number, so that
applying the same commands again gives the same state."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

Side = Literal["buy", "sell"]
OrderType = Literal["limit", "market"]
TimeInForce = Literal["good_till_cancel", "immediate_or_cancel", "fill_or_kill"]


class _Command(Struct, frozen=True, gc=False, tag_field="command", forbid_unknown_fields=True):
    """`sequence` numbers the commands that changed something, without holes;
    `timestamp_ms` is the venue's time (unix milliseconds) and never goes back."""

    sequence: int
    timestamp_ms: int


class ListCurrency(_Command, frozen=True, gc=False, tag="list_currency"):
    """Make a currency known; balances count in units of 10**-scale."""

    currency: str
    scale: int


class ListInstrument(_Command, frozen=True, gc=False, tag="list_instrument"):
    """Open a spot instrument. Fee rates are fractions of the notional (0.0005 is 5 bp)."""

    symbol: str
    base_currency: str
    quote_currency: str
    price_increment: Decimal
    quantity_increment: Decimal
    minimum_quantity: Decimal
    maximum_quantity: Decimal
    minimum_notional: Decimal
    maker_fee_rate: Decimal
    taker_fee_rate: Decimal


class OpenAccount(_Command, frozen=True, gc=False, tag="open_account"):
    """Open an account that may hold balances and orders."""

    account_id: str


class Deposit(_Command, frozen=True, gc=False, tag="deposit"):
    """Credit an account from outside; `deposit_id` makes a repeat harmless."""

    deposit_id: str
    account_id: str
    currency: str
    amount: Decimal


class PlaceOrder(_Command, frozen=True, gc=False, tag="place_order"):
    """Place an order; price and quantity are in the instrument's units.
    The order's id is this command's sequence."""

    account_id: str
    client_order_id: str
    symbol: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    post_only: bool
    quantity: int
    price: int | None


class ReplaceOrder(_Command, frozen=True, gc=False, tag="replace_order"):
    """Give an open order a new total quantity and price; `None` keeps what it has."""

    account_id: str
    order_id: int
    quantity: int | None
    price: int | None


class CancelOrder(_Command, frozen=True, gc=False, tag="cancel_order"):
    """Take an open order off the book."""

    account_id: str
    order_id: int


Command = (
    ListCurrency | ListInstrument | OpenAccount | Deposit | PlaceOrder | ReplaceOrder | CancelOrder
)
