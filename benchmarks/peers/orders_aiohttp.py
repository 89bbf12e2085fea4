"""Signed orders through aiohttp, 32 in flight; usage: orders_aiohttp.py PORT asyncio|uvloop"""

from __future__ import annotations

import sys

import aiohttp
import rounds
import signed_order


async def place_in_flight(port: str) -> None:
    """One session, as many orders in flight as the contest says."""
    host = f"127.0.0.1:{port}"
    url = f"http://{host}{signed_order.TARGET}"
    async with aiohttp.ClientSession() as session:

        async def place() -> signed_order.Order:
            body = signed_order.body()
            headers = signed_order.headers(host, body)
            async with session.post(url, data=body, headers=headers) as answer:
                answer.raise_for_status()
                return signed_order.decode(await answer.read())

        await rounds.play_in_flight(place, rounds.IN_FLIGHT)


def main(port: str, way: str) -> None:
    """Run it on one of the loops."""
    rounds.run(way, place_in_flight(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
