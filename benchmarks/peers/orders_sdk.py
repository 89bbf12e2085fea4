"""Signed orders through the emitted Python SDK; usage: orders_sdk.py PORT sync|asyncio|uvloop"""

from __future__ import annotations

import sys
from decimal import Decimal

import rounds
import signed_order

import meridian

QUANTITY = Decimal("0.25")
PRICE = Decimal("64250.5")


def credentials() -> meridian.HmacCredentials:
    """The key that all contestants sign with."""
    return meridian.HmacCredentials(key=signed_order.KEY, secret=signed_order.SECRET)


def place_one_by_one(url: str) -> None:
    """The synchronous client, one order at a time."""
    with meridian.Client(url, credentials()) as client:
        rounds.play(
            lambda: client.place_order(
                client_order_id=signed_order.next_id(),
                symbol="BTC-USD",
                side="buy",
                order_type="limit",
                quantity=QUANTITY,
                price=PRICE,
            )
        )


async def place_in_flight(url: str) -> None:
    """The asynchronous client, as many orders in flight as the contest says."""
    async with meridian.AsyncClient(url, credentials()) as client:
        await rounds.play_in_flight(
            lambda: client.place_order(
                client_order_id=signed_order.next_id(),
                symbol="BTC-USD",
                side="buy",
                order_type="limit",
                quantity=QUANTITY,
                price=PRICE,
            ),
            rounds.IN_FLIGHT,
        )


def main(port: str, way: str) -> None:
    """Run it one of the three ways."""
    url = f"http://127.0.0.1:{port}"
    if way == "sync":
        place_one_by_one(url)
    else:
        rounds.run(way, place_in_flight(url))


if __name__ == "__main__":
    main(*sys.argv[1:])
