"""Signed orders through httpx; usage: orders_httpx.py PORT sync|asyncio|uvloop"""

from __future__ import annotations

import sys

import httpx
import rounds
import signed_order


def place_one_by_one(url: str, host: str) -> None:
    """One client, one order at a time."""
    with httpx.Client() as client:

        def place() -> signed_order.Order:
            body = signed_order.body()
            answer = client.post(url, content=body, headers=signed_order.headers(host, body))
            answer.raise_for_status()
            return signed_order.decode(answer.content)

        rounds.play(place)


async def place_in_flight(url: str, host: str) -> None:
    """One client, as many orders in flight as the contest says."""
    async with httpx.AsyncClient() as client:

        async def place() -> signed_order.Order:
            body = signed_order.body()
            answer = await client.post(url, content=body, headers=signed_order.headers(host, body))
            answer.raise_for_status()
            return signed_order.decode(answer.content)

        await rounds.play_in_flight(place, rounds.IN_FLIGHT)


def main(port: str, way: str) -> None:
    """Run it one of the three ways."""
    host = f"127.0.0.1:{port}"
    url = f"http://{host}{signed_order.TARGET}"
    if way == "sync":
        place_one_by_one(url, host)
    else:
        rounds.run(way, place_in_flight(url, host))


if __name__ == "__main__":
    main(*sys.argv[1:])
