"""Signed orders through ccxt; usage: orders_ccxt.py PORT sync|asyncio|uvloop order|request

`order` is what a trader calls, create_order, with ccxt's parsed answer; `request` is ccxt's bare
signed request, which answers with the JSON as it came.
"""

from __future__ import annotations

import sys
from typing import Any

import ccxt
import ccxt.async_support
import rounds
import signed_order
from ccxt_meridian import MARKET, Signing


class Exchange(Signing, ccxt.Exchange):
    """The synchronous exchange."""

    def create_order(self, *_: Any) -> Any:
        """Place the benchmark's order."""
        return self.parse_order(self.private_post_orders(self.order_request()))


class AsyncExchange(Signing, ccxt.async_support.Exchange):
    """The asynchronous exchange."""

    async def create_order(self, *_: Any) -> Any:
        """Place the benchmark's order."""
        return self.parse_order(await self.private_post_orders(self.order_request()))


def opened(kind: type[Any], port: str) -> Any:
    """An exchange with credentials and its one market."""
    kind.port = port
    exchange = kind({"apiKey": signed_order.KEY, "secret": signed_order.SECRET})
    exchange.set_markets([MARKET])
    return exchange


async def place_in_flight(port: str, what: str) -> None:
    """One exchange, as many orders in flight as the contest says."""
    exchange = opened(AsyncExchange, port)
    try:
        if what == "order":
            await rounds.play_in_flight(exchange.create_order, rounds.IN_FLIGHT)
        else:
            await rounds.play_in_flight(
                lambda: exchange.private_post_orders(exchange.order_request()), rounds.IN_FLIGHT
            )
    finally:
        await exchange.close()


def main(port: str, way: str, what: str) -> None:
    """Run it one of the three ways."""
    if way != "sync":
        rounds.run(way, place_in_flight(port, what))
        return
    exchange = opened(Exchange, port)
    if what == "order":
        rounds.play(exchange.create_order)
    else:
        rounds.play(lambda: exchange.private_post_orders(exchange.order_request()))


if __name__ == "__main__":
    main(*sys.argv[1:])
