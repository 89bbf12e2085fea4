"""An instrument's terms in scaled integers, and the checks that every order passes first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from meridian_server.commands import ListInstrument
from meridian_server.events import Rejected
from meridian_server.exact import decimal_to_units, decimals_of, to_text


@dataclass(frozen=True, slots=True)
class Instrument:
    """Prices count in 10**-price_scale, quantities in 10**-quantity_scale.

    A notional is price times quantity in those units. In the quote currency's units it is
    `notional * fee_one * quote_factor`, and a fee at `rate` is `notional * rate * quote_factor`:
    both exact, because the currency's scale was checked to hold them."""

    terms: ListInstrument
    symbol: str
    base_currency: str
    quote_currency: str
    price_scale: int
    quantity_scale: int
    price_increment: int
    quantity_increment: int
    minimum_quantity: int
    maximum_quantity: int
    minimum_notional: int
    maker_rate: int
    taker_rate: int
    fee_one: int
    base_factor: int
    quote_factor: int
    reserve_factor: int
    base_scale: int
    quote_scale: int

    def buy_reserve(self, price: int) -> int:
        """Quote units that one quantity unit bought at `price` may cost at most, fee included."""
        return price * self.reserve_factor

    def amount_text(self, currency: str, units: int) -> str:
        """An amount of the base or quote currency as text, with its currency."""
        scale = self.base_scale if currency == self.base_currency else self.quote_scale
        return f"{to_text(units, scale)} {currency}"

    def check_quantity(self, quantity: int) -> Rejected | None:
        """The refusal of a quantity off the grid or outside the range."""
        if quantity % self.quantity_increment:
            step = to_text(self.quantity_increment, self.quantity_scale)
            return Rejected(
                "QUANTITY_INCREMENT", f"quantity must be a multiple of {step}", "quantity"
            )
        if not self.minimum_quantity <= quantity <= self.maximum_quantity:
            low = to_text(self.minimum_quantity, self.quantity_scale)
            high = to_text(self.maximum_quantity, self.quantity_scale)
            return Rejected("QUANTITY_RANGE", f"quantity must be from {low} to {high}", "quantity")
        return None

    def check_price(self, price: int) -> Rejected | None:
        """The refusal of a price that is not positive or off the grid."""
        if price <= 0 or price % self.price_increment:
            step = to_text(self.price_increment, self.price_scale)
            return Rejected(
                "PRICE_INCREMENT", f"price must be a positive multiple of {step}", "price"
            )
        return None

    def check_notional(self, notional: int) -> Rejected | None:
        """The refusal of an order that is worth too little."""
        if notional < self.minimum_notional:
            least = to_text(self.minimum_notional, self.price_scale + self.quantity_scale)
            return Rejected(
                "NOTIONAL_TOO_SMALL",
                f"price times quantity must be at least {least} {self.quote_currency}",
                "quantity",
            )
        return None


def build_instrument(terms: ListInstrument, currencies: dict[str, int]) -> Instrument:
    """The instrument of these terms. ValueError when a currency is unknown or its scale could
    not hold a fee exactly, or when a number is off its own grid."""
    for currency in (terms.base_currency, terms.quote_currency):
        if currency not in currencies:
            raise ValueError(f"{terms.symbol}: currency {currency} is not listed")
    price_scale = decimals_of(terms.price_increment)
    quantity_scale = decimals_of(terms.quantity_increment)
    fee_scale = max(decimals_of(terms.maker_fee_rate), decimals_of(terms.taker_fee_rate))
    spare_quote = currencies[terms.quote_currency] - price_scale - quantity_scale - fee_scale
    spare_base = currencies[terms.base_currency] - quantity_scale
    if spare_quote < 0 or spare_base < 0:
        raise ValueError(f"{terms.symbol}: amounts need more decimals than the currencies have")

    def units(value: Decimal, scale: int, name: str) -> int:
        found = decimal_to_units(value, scale) if value >= 0 else None
        if found is None:
            raise ValueError(f"{terms.symbol}: {name} {value} is not exact at {scale} decimals")
        return found

    maker_rate = units(terms.maker_fee_rate, fee_scale, "maker_fee_rate")
    taker_rate = units(terms.taker_fee_rate, fee_scale, "taker_fee_rate")
    return Instrument(
        terms=terms,
        symbol=terms.symbol,
        base_currency=terms.base_currency,
        quote_currency=terms.quote_currency,
        price_scale=price_scale,
        quantity_scale=quantity_scale,
        price_increment=units(terms.price_increment, price_scale, "price_increment"),
        quantity_increment=units(terms.quantity_increment, quantity_scale, "quantity_increment"),
        minimum_quantity=units(terms.minimum_quantity, quantity_scale, "minimum_quantity"),
        maximum_quantity=units(terms.maximum_quantity, quantity_scale, "maximum_quantity"),
        minimum_notional=units(
            terms.minimum_notional, price_scale + quantity_scale, "minimum_notional"
        ),
        maker_rate=maker_rate,
        taker_rate=taker_rate,
        fee_one=10**fee_scale,
        base_factor=10**spare_base,
        quote_factor=10**spare_quote,
        base_scale=currencies[terms.base_currency],
        quote_scale=currencies[terms.quote_currency],
        reserve_factor=(10**fee_scale + max(maker_rate, taker_rate)) * 10**spare_quote,
    )
