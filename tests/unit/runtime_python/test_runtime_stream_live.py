"""`live()`: it ends when the venue confirmed, or the snapshot came, or the venue refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from venuekit_runtime import errors
from venuekit_runtime.models import Model
from venuekit_runtime.operation import (
    BodyField,
    BookRule,
    Channel,
    Event,
    Frame,
    SequenceRule,
    StreamOperation,
    StreamProtocol,
    TypeRef,
)
from venuekit_runtime.stream.book import Level
from venuekit_runtime.stream.client import BaseStreamClient
from venuekit_runtime.stream.session import Backoff


class Snapshot(Model):
    """The whole book."""

    sequence: int
    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


PATIENCE_S = 20.0
TRADES: Channel[Any] = Channel(
    name="trades", address="trades", events=(Event(None, ("type",), "trade"),), is_subscribed=True
)
BEATS: Channel[Any] = Channel(
    name="beats", address="beats", events=(Event(None, ("type",), "beat"),)
)
BOOK: Channel[Any] = Channel(
    name="book",
    address="book",
    events=(Event(TypeRef(__name__, "Snapshot"), ("type",), "snapshot"),),
    is_subscribed=True,
    sequence=SequenceRule(("sequence",), (), ("snapshot",)),
    book=BookRule("bids", "asks", 0, 1),
)
SUBSCRIBE: StreamOperation[Any] = StreamOperation(
    name="subscribe",
    effect="read",
    frame=Frame(((("op",), "subscribe"),), ("id",)),
    fields=(BodyField("topic", "topic"),),
    replies=(Event(None, ("type",), "reply"),),
)


class Client(BaseStreamClient):
    """What an emitter would write."""

    _protocol = StreamProtocol(
        path="/stream",
        correlation=("id",),
        topic=("topic",),
        error=("error",),
        subscribe=SUBSCRIBE,
    )
    _operations = (SUBSCRIBE,)
    _channels = (TRADES, BEATS, BOOK)


class Venue:
    """Confirms a subscription, or refuses it, when it is told to."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.refuses = False
        self.snapshot: dict[str, Any] | None = None
        self.url = ""

    async def serve(self, connection: ServerConnection) -> None:
        async for text in connection:
            frame = json.loads(text)
            await self.may_answer.wait()
            answer = {"type": "error", "error": {"code": "NO"}} if self.refuses else {}
            await connection.send(json.dumps({"type": "reply", "id": frame["id"], **answer}))
            if self.snapshot is not None:
                await asyncio.sleep(0.05)
                await connection.send(json.dumps({"topic": "book", **self.snapshot}))


@asynccontextmanager
async def venue() -> AsyncIterator[tuple[Venue, Client]]:
    one = Venue()
    async with serve(one.serve, "127.0.0.1", 0, compression=None) as server:
        one.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with Client(one.url, backoff=Backoff(0.01, 0.02), timeout_s=PATIENCE_S) as client:
            yield one, client
        # A handler that still waits would keep the server from closing.
        one.may_answer.set()


async def test_it_waits_for_the_confirmation() -> None:
    async with venue() as (one, client):
        trades = client._subscribe(TRADES, {})
        waits = [asyncio.create_task(trades.live()) for _ in range(2)]
        await asyncio.sleep(0.05)
        assert not any(wait.done() for wait in waits)
        one.may_answer.set()
        async with asyncio.timeout(PATIENCE_S):
            assert await asyncio.gather(*waits) == [trades, trades]
            assert not trades.is_stale
            assert await trades.live() is trades


async def test_a_channel_that_needs_no_subscription_is_live_with_the_socket() -> None:
    async with venue() as (one, _):
        client = Client(one.url)
        early = [client._subscribe(BEATS, {}) for _ in range(2)]
        assert all(one.is_stale for one in early)
        async with client, asyncio.timeout(PATIENCE_S):
            for beats in early:
                await beats.live()


async def test_a_refusal_is_raised() -> None:
    async with venue() as (one, client):
        one.refuses = True
        one.may_answer.set()
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(errors.ApiError, match="NO"):
                await client._subscribe(TRADES, {}).live()
            with pytest.raises(errors.ApiError, match="NO"):
                await client._follow(BOOK, {}).live()


async def test_closing_ends_the_wait() -> None:
    async with venue() as (_, client):
        trades = client._subscribe(TRADES, {})
        wait = asyncio.create_task(trades.live())
        await asyncio.sleep(0.01)
        trades.close()
        with pytest.raises(errors.StreamClosedError, match="trades is closed"):
            await wait
        last = asyncio.create_task(client._subscribe(TRADES, {}).live())
        await asyncio.sleep(0.01)
        await client.aclose()
        with pytest.raises(errors.StreamClosedError):
            await last


async def test_a_book_is_live_when_its_snapshot_is_applied() -> None:
    async with venue() as (one, client):
        one.snapshot = {"type": "snapshot", "sequence": 1, "bids": [["1", "2"]], "asks": []}
        one.may_answer.set()
        book = client._follow(BOOK, {})
        assert book.is_stale
        async with asyncio.timeout(PATIENCE_S):
            assert await book.live() is book
        assert not book.is_stale
        assert book.bids.best() == Level(Decimal(1), Decimal(2))
