"""The stream client over real sockets, against the websockets library's own server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from venuekit_runtime import errors
from venuekit_runtime.models import Model
from venuekit_runtime.operation import (
    BodyField,
    Channel,
    Event,
    Frame,
    StreamOperation,
    StreamProtocol,
    TypeRef,
)
from venuekit_runtime.stream.client import BaseStreamClient
from venuekit_runtime.stream.session import Backoff, Status


class Trade(Model):
    """An event."""

    price: str


def operation(name: str, *fields: str, **rest: Any) -> StreamOperation[Any]:
    return StreamOperation(
        name=name,
        effect=rest.pop("effect", "read"),
        frame=Frame(((("op",), name),), ("id",)),
        fields=tuple(BodyField(field, field) for field in fields),
        replies=(Event(None, ("type",), "reply"),),
        **rest,
    )


ECHO = operation("echo", "text")
PLACE = operation("place", "client_order_id", effect="create")
TRADES: Channel[Trade] = Channel(
    name="trades",
    address="trades",
    events=(Event(TypeRef(__name__, "Trade"), ("type",), "trade"),),
    is_subscribed=True,
)
LOG_ON = operation("log_on", security=(("count",),))


class Client(BaseStreamClient):
    """What an emitter would write."""

    _protocol = StreamProtocol(
        path="/stream",
        correlation=("id",),
        topic=("topic",),
        error=("error",),
        log_on=LOG_ON,
        subscribe=operation("subscribe", "topic"),
    )
    _operations = (ECHO, PLACE, LOG_ON)
    _channels = (TRADES,)


Handler = Callable[[ServerConnection, dict[str, Any]], Awaitable[None]]


@asynccontextmanager
async def venue(handle: Handler) -> AsyncIterator[str]:
    async def serve_one(connection: ServerConnection) -> None:
        async for text in connection:
            await handle(connection, json.loads(text))

    async with serve(serve_one, "127.0.0.1", 0, compression=None) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def reply(connection: ServerConnection, frame: dict[str, Any]) -> None:
    await connection.send(json.dumps({"type": "reply", "id": frame["id"], "seen": frame}))


def client(url: str, **rest: Any) -> Client:
    return Client(url, backoff=Backoff(0.01, 0.02), timeout_s=20.0, **rest)


async def test_requests_travel_and_answers_come_back() -> None:
    async with venue(reply) as url, client(url) as stream:
        answer = await stream._ask(ECHO, {"text": "é" * 70_000})
        assert answer["seen"]["text"] == "é" * 70_000
        many = [stream._ask(ECHO, {"text": str(n)}) for n in range(50)]
        answers = await asyncio.gather(*many)
        assert [a["seen"]["text"] for a in answers] == [str(n) for n in range(50)]


async def test_a_lost_socket_comes_back_subscribed() -> None:
    rounds = 0

    async def handle(connection: ServerConnection, frame: dict[str, Any]) -> None:
        nonlocal rounds
        rounds += 1
        await reply(connection, frame)
        trade = {"type": "trade", "topic": "trades", "price": str(rounds)}
        await connection.send([json.dumps(trade)[:9], json.dumps(trade)[9:]])
        if rounds < 3:
            await connection.close(1012)

    async with venue(handle) as url, client(url) as stream:
        trades = stream._subscribe(TRADES, {})
        assert [(await anext(trades)).price for _ in range(3)] == ["1", "2", "3"]
        assert trades.topic == "trades"
        assert trades.age_s() is not None
        trades.close()
        assert [event async for event in trades] == []


async def test_an_order_in_flight_when_the_socket_goes_is_unknown() -> None:
    async def handle(connection: ServerConnection, frame: dict[str, Any]) -> None:
        connection.transport.abort()

    async with venue(handle) as url, client(url) as stream:
        with pytest.raises(errors.UnknownOutcomeError):
            await stream._ask(PLACE, {"client_order_id": "a"})
        with pytest.raises(errors.NotConnectedError):
            await stream._ask(PLACE, {"client_order_id": "b"})


class Credentials:
    """Signs with a text that must not leak."""

    scheme = "count"

    def signer(self, clock: object) -> Credentials:
        return self

    def sign(self, draft: Any) -> None:
        raise AssertionError("a stream signs messages")

    def sign_message(self, draft: Any) -> None:
        assert (draft.method, draft.target) == ("GET", "/stream")
        draft.add_field("params.secret", "hush")


async def test_it_logs_on_and_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[dict[str, Any]] = []

    async def handle(connection: ServerConnection, frame: dict[str, Any]) -> None:
        seen.append(frame)
        await reply(connection, frame)

    with caplog.at_level(logging.DEBUG, logger="venuekit_runtime"):
        async with venue(handle) as url, client(url, credentials=Credentials()) as stream:
            assert stream.status is Status.READY
    assert seen[0]["params"] == {"secret": "hush"}
    assert not [r for r in caplog.records if r.name.startswith("venuekit_runtime")]


async def test_a_refused_log_on_is_raised() -> None:
    async def handle(connection: ServerConnection, frame: dict[str, Any]) -> None:
        error = {"type": "error", "id": frame["id"], "error": {"code": "AUTH_INVALID"}}
        await connection.send(json.dumps(error))

    async with venue(handle) as url:
        with pytest.raises(errors.ApiError, match="AUTH_INVALID"):
            await client(url, credentials=Credentials()).connect()


async def test_a_socket_that_cannot_be_opened_is_said() -> None:
    stream = Client("ws://127.0.0.1:1", timeout_s=0.2)
    with pytest.raises(errors.ConnectError, match="cannot connect"):
        await stream.connect()
    async with venue(reply) as url:
        stream = Client(url.replace("ws://", "http://") + "/x", timeout_s=20.0)
        async with stream:
            assert stream.status is Status.READY
