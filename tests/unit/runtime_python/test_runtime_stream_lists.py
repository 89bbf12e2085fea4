"""Messages that are JSON lists: found by their first element, decoded exactly, in one event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, TypeAlias

from websockets.asyncio.server import ServerConnection, serve

from venuekit_runtime.models import Model
from venuekit_runtime.operation import Channel, Event, StreamProtocol, TypeRef
from venuekit_runtime.stream.client import BaseStreamClient
from venuekit_runtime.stream.frames import EnvelopeReader


class Ticker(Model):
    """One symbol's last price."""

    e: str
    price: Decimal
    number: int


class Fill(Model):
    """One part of an order that was traded; nothing names what it is."""

    order: int
    amount: Decimal


Tickers: TypeAlias = list[Ticker]
Fills: TypeAlias = list[Fill]
Rows: TypeAlias = list[tuple[int, Decimal]]


def _channel(name: str, *events: Event) -> Channel[Any]:
    return Channel(name=name, address=name, events=events)


TICKER: Event = Event(TypeRef(__name__, "Ticker"), ("e",), "ticker")
TICKERS: Event = Event(TypeRef(__name__, "Tickers"), ("e",), "ticker", form="list")
FILLS: Event = Event(TypeRef(__name__, "Fills"), requires=("order", "amount"), form="list")
ROWS: Event = Event(TypeRef(__name__, "Rows"), form="list")
CHANNELS = {
    "one": _channel("one", TICKER),
    "all": _channel("all", TICKERS),
    "both": _channel("both", TICKER, TICKERS),
    "fills": _channel("fills", FILLS),
    "rows": _channel("rows", ROWS),
}


class Client(BaseStreamClient):
    """What an emitter would write."""

    _protocol = StreamProtocol(path="/stream")
    _channels = tuple(CHANNELS.values())

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.has_asked = asyncio.Event()

    def _subscribe(self, *given: Any) -> Any:
        self.has_asked.set()
        return super()._subscribe(*given)


PATIENCE_S = 20.0


@asynccontextmanager
async def told(*texts: str) -> AsyncIterator[tuple[Client, list[tuple[Any, str]]]]:
    """A client of a venue that sends these texts as soon as somebody listens."""
    unmatched: list[tuple[Any, str]] = []

    async def talk(connection: ServerConnection) -> None:
        await client.has_asked.wait()
        for text in texts:
            await connection.send(text)
        await connection.wait_closed()

    async with serve(talk, "127.0.0.1", 0, compression=None) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        client = Client(url, on_unmatched=lambda data, why: unmatched.append((data, why)))
        async with client:
            yield client, unmatched


async def heard(name: str, count: int, *texts: str) -> list[Any]:
    async with told(*texts) as (client, _), asyncio.timeout(PATIENCE_S):
        subscription = client._subscribe(CHANNELS[name], {})
        return [await anext(subscription) for _ in range(count)]


ELEMENTS = (
    '[{"e":"ticker","price":0.10000000000000000001,"number":9007199254740993},'
    '{"e":"ticker","price":"2.50","number":2}]'
)


async def test_a_list_is_one_event_and_exact() -> None:
    (tickers,) = await heard("all", 1, ELEMENTS)
    assert [one.price for one in tickers] == [Decimal("0.10000000000000000001"), Decimal("2.50")]
    assert tickers[0].number == 9007199254740993


async def test_lists_and_single_messages_of_one_channel_keep_their_order() -> None:
    single = '{"e":"ticker","price":1,"number":1}'
    first, second, third = await heard("both", 3, single, f" \n {ELEMENTS}", single)
    assert (first.number, len(second), third.number) == (1, 2, 1)


async def test_a_list_goes_to_those_who_know_its_elements() -> None:
    fill = '[{"order":7,"amount":"0.5"}]'
    async with told(ELEMENTS, fill, "[[1,0.1],[2,0.2]]") as (client, unmatched):
        tickers, fills, one = (client._subscribe(CHANNELS[n], {}) for n in ("all", "fills", "one"))
        async with asyncio.timeout(PATIENCE_S):
            assert len(await anext(tickers)) == 2
            assert (await anext(fills))[0].amount == Decimal("0.5")
            while not unmatched:  # noqa: ASYNC110 - what is told has no event of its own
                await asyncio.sleep(0.01)
        # The rows are nobody's, and no list is a single message.
        assert [json.loads(data) for data, _ in unmatched] == [[[1, 0.1], [2, 0.2]]]
        one.close()
        assert [event async for event in one] == []


async def test_rows_without_members_are_read_by_who_asks_for_nothing() -> None:
    (rows,) = await heard("rows", 1, "[[1,0.1],[2,0.2]]")
    assert rows == [(1, Decimal("0.1")), (2, Decimal("0.2"))]


async def test_an_empty_list_is_an_event_too() -> None:
    (tickers,) = await heard("all", 1, "[]")
    assert tickers == []


async def test_an_element_that_does_not_fit_is_told_and_the_next_list_is_read() -> None:
    bad = '[{"e":"ticker","price":"1","number":"x"}]'
    async with told(bad, ELEMENTS) as (client, unmatched):
        tickers = client._subscribe(CHANNELS["all"], {})
        async with asyncio.timeout(PATIENCE_S):
            assert len(await anext(tickers)) == 2
        assert len(unmatched) == 1
        assert "$[0].number" in unmatched[0][1]


def test_only_the_first_element_is_looked_into() -> None:
    reader = EnvelopeReader(StreamProtocol(path="/"), [TICKERS])
    envelope = reader.read(b'[ {"e":"ticker"}, {"e":"other"}, 3]')
    assert (envelope.tags, envelope.is_list, envelope.is_empty) == (("ticker",), True, False)
