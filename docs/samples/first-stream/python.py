"""Follows a book until three updates came."""

import asyncio
import os

import meridian


async def main() -> None:
    async with meridian.StreamClient(base_url=os.environ["MERIDIAN_URL"]) as stream:
        book = stream.follow_book(symbol="BTC-USD")
        for _ in range(3):
            await book.update()
            print(book.bids.best(), book.asks.best(), "stale" if book.is_stale else "live")


asyncio.run(main())
