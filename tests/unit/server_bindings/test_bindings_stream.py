"""Bindings of a whole venue on a port: the generated SDK signs, trades and listens against them."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from websockets.asyncio.client import connect

import meridian
from meridian import models as client_models
from venuekit.emit.emission import Options
from venuekit.emit.files import tree, write
from venuekit.emit.server import emit
from venuekit.load import load
from venuekit.signing.guard import Caller, SigningGuard
from venuekit_runtime.server.handling import Context, SocketContext
from venuekit_runtime.server.serving import Server, start

SPEC = Path(__file__).parents[3] / "spec"
KEY = {"key": "alice-key", "secret": "0123456789abcdef0123456789abcdef"}
ORDER: dict[str, Any] = {
    "client_order_id": "first",
    "symbol": "BTC-USD",
    "side": "buy",
    "order_type": "limit",
    "quantity": Decimal("0.10"),
    "price": Decimal("50000.00"),
}


class Venue:
    """Handlers of both wires: one order, one book."""

    def __init__(self, package: ModuleType) -> None:
        self.package = package
        self.callers: list[object] = []
        self.peers: list[Any] = []
        self.has_begun, self.has_ended = asyncio.Event(), asyncio.Event()

    async def place_order(self, context: Context, /, **given: Any) -> Any:
        self.callers.append(context.caller)
        order = self.order(given)
        # Both wires answer with the same model; REST says which success it is.
        is_socket = isinstance(context, SocketContext)
        return order if is_socket else self.package.answers.Created(order)

    def order(self, given: dict[str, Any]) -> Any:
        return self.package.models.Order(
            order_id="1",
            client_order_id=given["client_order_id"],
            symbol=given["symbol"],
            side=given["side"],
            order_type=given["order_type"],
            time_in_force=given["time_in_force"],
            post_only=given["post_only"],
            quantity=given["quantity"],
            price=given["price"],
            cumulative_quantity=Decimal("0.00"),
            leaves_quantity=given["quantity"],
            average_price=None,
            order_status="new",
            created_at_ms=1,
            updated_at_ms=1,
            sequence=1,
        )

    async def get_order(self, context: Context, /, **given: Any) -> Any:
        raise self.package.errors.UnknownOrderError("no such order")

    async def opened(self, context: SocketContext, /) -> None:
        self.has_begun.set()
        context.peer.on_end(self.has_ended.set)

    async def log_on(self, context: SocketContext, /, **given: Any) -> Any:
        return self.package.models.SignedOn(key=context.peer.caller.key)

    async def subscribe(self, context: SocketContext, /, topic: str) -> Any:
        self.peers.append(context.peer)
        asyncio.get_running_loop().call_soon(self.trade, context.peer, topic)
        return self.package.models.Subscription(topic=topic)

    def trade(self, peer: Any, topic: str) -> None:
        models = self.package.models
        trade = models.Trade(
            trade_id="7",
            symbol="BTC-USD",
            price=Decimal("50000.00"),
            quantity=Decimal("0.10"),
            side="buy",
            timestamp_ms=1,
        )
        frame = models.TradeFrame(type="trade", topic=topic, data=trade)
        self.package.events.send_trade_updates(peer, frame)


def handlers(venue: Venue, protocol: type) -> Any:
    """Return the venue's handlers, with one that is never asked for every other operation."""

    async def unasked(context: Context, /, **given: Any) -> None:
        raise AssertionError(f"{context.operation} was not expected")

    names = [name for name in vars(protocol) if not name.startswith("_")]
    return SimpleNamespace(**{name: getattr(venue, name, unasked) for name in names})


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("venue")
    loaded = load([SPEC / "rest.openapi.yaml", SPEC / "stream.asyncapi.yaml"])
    emission = emit(loaded.contract, Options(package="venue_server"))
    assert emission.emitted == loaded.contract.counts
    write(folder / "out", tree(emission.files, {}))
    sys.path.insert(0, str(folder / "out" / "src"))
    import venue_server

    yield venue_server
    sys.path.remove(str(folder / "out" / "src"))
    for name in [name for name in sys.modules if name.startswith("venue_server")]:
        del sys.modules[name]


@pytest.fixture
def venue(package: ModuleType) -> Venue:
    return Venue(package)


@pytest.fixture
async def server(package: ModuleType, venue: Venue) -> AsyncIterator[Server]:
    keys: dict[tuple[str, str], Any] = {}
    guard = SigningGuard(package.security.SCHEMES, lambda *name: keys.get(name))
    keys["hmac", KEY["key"]] = guard.register("hmac", KEY)
    rest = package.application(handlers(venue, package.handlers.Handlers), guard)
    stream = package.stream(handlers(venue, package.handlers.StreamHandlers), guard)
    running = await start(rest, stream)
    yield running
    await running.stop()


async def test_a_signed_order_arrives_typed_and_its_answer_too(
    server: Server, venue: Venue
) -> None:
    credentials = meridian.HmacCredentials(**KEY)
    async with meridian.AsyncClient(f"http://127.0.0.1:{server.port}", credentials) as client:
        order = await client.place_order(**ORDER)
        assert (order.client_order_id, order.price) == ("first", Decimal("50000.00"))
        assert order.time_in_force == "good_till_cancel"
        with pytest.raises(meridian.errors.UnknownOrderError, match="no such order"):
            await client.get_order(order_id="1")
    assert venue.callers == [Caller("hmac", "alice-key")]


@pytest.mark.parametrize("wrong", [{"secret": "x" * 32}, {"key": "nobody"}])
async def test_a_wrong_signature_and_an_unknown_key_look_alike(
    server: Server, venue: Venue, wrong: dict[str, str]
) -> None:
    credentials = meridian.HmacCredentials(**(KEY | wrong))
    async with meridian.AsyncClient(f"http://127.0.0.1:{server.port}", credentials) as client:
        with pytest.raises(
            meridian.errors.ApiError, match="unknown key or wrong signature"
        ) as found:
            await client.place_order(**ORDER)
    assert found.value.status == 401
    assert venue.callers == []


async def test_the_stream_client_signs_on_asks_and_listens(server: Server, venue: Venue) -> None:
    credentials = meridian.HmacCredentials(**KEY)
    url = f"ws://127.0.0.1:{server.port}"
    async with meridian.StreamClient(url, credentials) as stream:
        order = await stream.place_order(**ORDER, timeout_s=5)
        assert (order.order_id, order.quantity) == ("1", Decimal("0.10"))
        trades = stream.trade_updates(symbol="BTC-USD")
        async with asyncio.timeout(5):
            frame = await anext(aiter(trades))
        assert isinstance(frame, client_models.TradeFrame | client_models.Trade)
        assert venue.has_begun.is_set()
        assert not venue.has_ended.is_set()
    assert venue.callers == [Caller("hmac", "alice-key")]


@pytest.mark.parametrize(
    ("frame", "code", "number"),
    [
        ('{"op":"subscribe","id":"9","params":{"topic":7}}', "VALIDATION_FAILED", "9"),
        ('{"op":"subscribe","id":"9","params":{"topic":"a","topic":"b"}}', "MALFORMED_", None),
        ('{"op":"dance","id":"9","params":{}}', "MALFORMED_REQUEST", "9"),
        ("[]", "MALFORMED_REQUEST", None),
        ("{", "MALFORMED_REQUEST", None),
        ("[" * 5000, "MALFORMED_REQUEST", None),
        ('{"op":"cancel_order","id":"3","params":{"order_id":"1"}}', "UNAUTHENTICATED", "3"),
    ],
)
async def test_a_frame_that_does_not_fit_is_refused_under_its_id(
    server: Server, frame: str, code: str, number: str | None
) -> None:
    async with connect(f"ws://127.0.0.1:{server.port}/v1/stream") as socket:
        await socket.send(frame)
        said = json.loads(await asyncio.wait_for(socket.recv(), 30))
    assert said["type"] == "error"
    assert said["error"]["code"].startswith(code)
    assert said["id"] == number


async def test_handlers_hear_of_a_socket_from_its_begin_to_its_end(
    server: Server, venue: Venue
) -> None:
    async with connect(f"ws://127.0.0.1:{server.port}/v1/stream"):
        await asyncio.wait_for(venue.has_begun.wait(), 30)
    await asyncio.wait_for(venue.has_ended.wait(), 30)


async def test_another_path_is_no_socket(server: Server) -> None:
    with pytest.raises(Exception, match="404"):
        async with connect(f"ws://127.0.0.1:{server.port}/v1/orders"):
            raise AssertionError("it opened")


async def test_a_replayed_request_is_refused(server: Server, venue: Venue) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    stamp = str(time.time_ns() // 1_000_000)
    draft = _signed(server.port, stamp)
    statuses = []
    for _ in range(2):
        writer.write(draft)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        statuses.append(head[9:12])
    writer.close()
    assert statuses == [b"404", b"401"]


def _signed(port: int, stamp: str) -> bytes:
    """A signed GET of an order, written by hand from the signing guide."""
    import hashlib
    import hmac

    host, nonce = f"127.0.0.1:{port}", "00112233445566778899aabbccddeeff"
    digest = hashlib.sha256(b"").hexdigest()
    parts = ["MERIDIAN-1", "GET", host, "/v1/orders/1", digest, stamp, nonce, KEY["key"]]
    text = "\n".join(parts).encode()
    signature = hmac.new(KEY["secret"].encode(), text, "sha256").hexdigest()
    headers = {
        "Host": host,
        "MERIDIAN-KEY": KEY["key"],
        "MERIDIAN-TIMESTAMP": stamp,
        "MERIDIAN-NONCE": nonce,
        "MERIDIAN-SIGNATURE": signature,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET /v1/orders/1 HTTP/1.1\r\n{lines}\r\n".encode()
