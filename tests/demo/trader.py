"""The demo's seller: alice trades through the Python SDK, over REST and the stream."""

from __future__ import annotations

import asyncio
import os
from decimal import Decimal

import meridian
from venuekit_runtime.stream.subscription import Subscription

ASK = Decimal("64000")
BID = Decimal("63000")


def say(words: str) -> None:
    print(words, flush=True)


def show(execution: meridian.models.Execution) -> str:
    """Return one line about an execution, as the stream brought it."""
    traded = f" {execution.last_quantity} at {execution.last_price}" if execution.trade_id else ""
    fee = f", fee {execution.fee} {execution.fee_currency}" if execution.fee is not None else ""
    return (
        f"stream: execution {execution.execution_id} {execution.execution_type}{traded} "
        f"of {execution.client_order_id}, now {execution.order_status}, "
        f"{execution.leaves_quantity} left{fee}"
    )


async def main() -> None:
    credentials = meridian.HmacCredentials(
        key=os.environ["MERIDIAN_KEY"], secret=os.environ["MERIDIAN_SECRET"]
    )
    url = os.environ["MERIDIAN_URL"]
    async with (
        meridian.AsyncClient(base_url=url, credentials=credentials) as client,
        meridian.StreamClient(base_url=url, credentials=credentials) as stream,
    ):
        executions = await stream.execution_updates().live()
        order = await client.place_order(
            client_order_id="python-ask",
            symbol="BTC-USD",
            side="sell",
            order_type="limit",
            quantity=Decimal("0.3"),
            price=ASK,
        )
        say(f"REST: placed {order.client_order_id}, sell {order.quantity} at {order.price}")
        await until_filled(executions, order.client_order_id, Decimal("0.2"))

        bid = await best_bid(client)
        say(f"REST: the book shows a bid of {bid}")
        order = await stream.place_order(
            client_order_id="python-hit",
            symbol="BTC-USD",
            side="sell",
            order_type="limit",
            quantity=Decimal("0.1"),
            price=BID,
            time_in_force="immediate_or_cancel",
        )
        say(f"stream: placed {order.client_order_id}, now {order.order_status}")
        await until_filled(executions, order.client_order_id, Decimal("0.1"))


async def until_filled(
    executions: Subscription[meridian.models.Execution], name: str, quantity: Decimal
) -> None:
    """Read executions until that much of an order has traded."""
    async for execution in executions:
        say(show(execution))
        if execution.client_order_id == name and execution.cumulative_quantity >= quantity:
            return


async def best_bid(client: meridian.AsyncClient) -> Decimal:
    """Wait for somebody's bid."""
    while True:
        book = await client.get_book(symbol="BTC-USD", depth=1)
        if book.bids:
            return book.bids[0].price
        await asyncio.sleep(0.02)


asyncio.run(main())
