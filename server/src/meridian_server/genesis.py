"""What Meridian lists: the currencies and spot instruments that a new journal starts with."""

from __future__ import annotations

from decimal import Decimal

from meridian_server.commands import Command, ListCurrency, ListInstrument


def listings() -> list[Command]:
    """The commands, unnumbered (sequence and time 0). A USD unit is 10**-12, so that every fee
    at 0.01 USD, 10**-5 BTC and a rate of four decimals is exact."""
    return [
        ListCurrency(0, 0, "USD", 12),
        ListCurrency(0, 0, "BTC", 8),
        ListCurrency(0, 0, "ETH", 8),
        ListInstrument(
            sequence=0,
            timestamp_ms=0,
            symbol="BTC-USD",
            base_currency="BTC",
            quote_currency="USD",
            price_increment=Decimal("0.01"),
            quantity_increment=Decimal("0.00001"),
            minimum_quantity=Decimal("0.00001"),
            maximum_quantity=Decimal("1000"),
            minimum_notional=Decimal("1"),
            maker_fee_rate=Decimal("0.0002"),
            taker_fee_rate=Decimal("0.0005"),
        ),
        ListInstrument(
            sequence=0,
            timestamp_ms=0,
            symbol="ETH-USD",
            base_currency="ETH",
            quote_currency="USD",
            price_increment=Decimal("0.01"),
            quantity_increment=Decimal("0.0001"),
            minimum_quantity=Decimal("0.0001"),
            maximum_quantity=Decimal("10000"),
            minimum_notional=Decimal("1"),
            maker_fee_rate=Decimal("0.0002"),
            taker_fee_rate=Decimal("0.0005"),
        ),
    ]
