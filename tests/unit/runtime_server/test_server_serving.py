"""An application on a port: order of answers, limits, slashes in paths, and a clean end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from venuekit_runtime.server.application import Application
from venuekit_runtime.server.handling import Context
from venuekit_runtime.server.operations import Bindings, Body, Content, Parameter, Reply, Route
from venuekit_runtime.server.serving import Server, start
from venuekit_runtime.server.shapes import Text

TEXT = (Reply(status="200", media_types=("text/plain",)),)


class Handlers:
    """Waits as long as its path says."""

    async def wait(self, context: Context, /, *, symbol: str) -> str:
        await asyncio.sleep(0.3 if symbol == "slow" else 0)
        return symbol

    async def take(self, context: Context, /, *, body: bytes) -> str:
        return str(len(body))


BINDINGS = Bindings(
    title="Waiting",
    routes=(
        Route(
            name="wait",
            handler="wait",
            method="GET",
            path="/wait/{symbol}",
            parameters=(
                Parameter(
                    argument="symbol",
                    name="symbol",
                    location="path",
                    shape=Text(),
                    is_required=True,
                    style="simple",
                ),
            ),
            replies=TEXT,
        ),
        Route(
            name="take",
            handler="take",
            method="POST",
            path="/take",
            body=Body(
                contents=(Content(media_type="*/*", kind="bytes", shape=Text()),), whole="body"
            ),
            replies=TEXT,
        ),
    ),
    handlers=Handlers,
)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    running = await start(Application(BINDINGS, Handlers()), max_body=1000)
    yield running
    await running.stop()


async def say(server: Server, data: bytes) -> bytes:
    """Send bytes on a new connection and return all that comes until it ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    said = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return said


def get(symbol: str, last: bool = True) -> bytes:
    end = "Connection: close\r\n" if last else ""
    return f"GET /wait/{symbol} HTTP/1.1\r\nHost: x\r\n{end}\r\n".encode()


async def test_answers_come_in_the_order_of_their_requests(server: Server) -> None:
    said = await say(server, get("slow", last=False) + get("fast"))
    assert said.index(b"\r\n\r\nslow") < said.index(b"\r\n\r\nfast")


async def test_a_path_may_hold_an_escaped_slash_and_nothing_else_of_that_kind(
    server: Server,
) -> None:
    assert (await say(server, get("BTC%2FUSD"))).endswith(b"BTC/USD")
    for hostile in ("%2e%2e", "a%00", "..", "a%2", "a%2f..%c0"):
        assert (await say(server, get(hostile))).startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 3\r\nContent-Length: 3\r\n",
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 1001\r\n",
        b"Content-Length: +3\r\n",
    ],
)
async def test_a_body_that_two_programs_would_end_differently_is_refused(
    server: Server, head: bytes
) -> None:
    start_line = b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\n"
    assert (await say(server, start_line + head + b"\r\nabc")).startswith(b"HTTP/1.1 4")


async def test_a_body_of_any_bytes_arrives(server: Server) -> None:
    head = b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nConnection: close\r\n"
    said = await say(server, head + b"Content-Length: 1000\r\n\r\n" + b"\xff" * 1000)
    assert said.endswith(b"\r\n\r\n1000")


async def test_what_was_accepted_is_answered_before_the_end() -> None:
    running = await start(Application(BINDINGS, Handlers()))
    asked = asyncio.create_task(say(running, get("slow", last=False)))
    await asyncio.sleep(0.1)
    await running.stop()
    assert (await asked).endswith(b"slow")
