"""The stream: log-on, topics, snapshots and deltas, order entry, all as the contract says."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from websockets.asyncio.client import ClientConnection, connect

from meridian_server.contracts import IN_REPOSITORY


class Frames:
    """A socket whose incoming frames are held to the contract, and sorted by kind."""

    def __init__(self, socket: ClientConnection, check: Callable[[dict[str, Any]], None]) -> None:
        self.socket = socket
        self.check = check
        self.numbers = iter(range(1, 1000))
        self.kept: list[dict[str, Any]] = []

    async def next(self, kind: str | None = None, reply_to: str | None = None) -> dict[str, Any]:
        """The next frame of a kind (or that answers an id); others are kept for later."""
        for index, frame in enumerate(self.kept):
            if _is_wanted(frame, kind, reply_to):
                return self.kept.pop(index)
        while True:
            frame = json.loads(await asyncio.wait_for(self.socket.recv(), 30))
            self.check(frame)
            if _is_wanted(frame, kind, reply_to):
                return frame
            self.kept.append(frame)

    async def ask(self, op: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its reply."""
        command_id = f"c{next(self.numbers)}"
        await self.socket.send(json.dumps({"op": op, "id": command_id, "params": params}))
        return await self.next(reply_to=command_id)


def _is_wanted(frame: dict[str, Any], kind: str | None, reply_to: str | None) -> bool:
    return frame.get("id") == reply_to if reply_to else frame["type"] == kind


@pytest.fixture(scope="session")
def check_frame() -> Callable[[dict[str, Any]], None]:
    """Checks a server's frame against the payload schema of its message."""
    file = IN_REPOSITORY / "stream.asyncapi.yaml"
    document = yaml.safe_load(file.read_text())

    def retrieve(uri: str) -> Any:
        return yaml.safe_load(Path(uri.removeprefix("file://")).read_text())

    validators = {}
    for name, schema in document["components"]["schemas"].items():
        kind = schema.get("properties", {}).get("type", {})
        if isinstance(kind, dict) and "const" in kind:
            validators[kind["const"]] = jsonschema_rs.validator_for(
                {"$ref": f"file://{file}#/components/schemas/{name}"}, retriever=retrieve
            )
    return lambda frame: validators[frame["type"]].validate(frame)


@pytest.fixture
async def open_stream(venue: Any, check_frame: Any) -> AsyncIterator[Any]:
    sockets: list[ClientConnection] = []

    async def make(user: Any = None) -> Frames:
        socket = await connect(venue.server.stream_url, compression=None, max_queue=None)
        sockets.append(socket)
        frames = Frames(socket, check_frame)
        if user is not None:
            reply = await frames.ask("log_on", **log_on(venue, user))
            assert reply["result"] == {"key": user.key}
        return frames

    yield make
    for socket in sockets:
        await socket.close()


def log_on(venue: Any, user: Any) -> dict[str, str]:
    headers = dict(venue.signed(user, "GET", "/v1/stream"))
    return {name.removeprefix("MERIDIAN-").lower(): value for name, value in headers.items()}


def limit_order(**terms: Any) -> dict[str, Any]:
    return {
        "client_order_id": secrets.token_hex(8),
        "symbol": "BTC-USD",
        "side": "buy",
        "order_type": "limit",
        "quantity": "1",
        "price": "100",
        **terms,
    }


@pytest.mark.parametrize("name", ["alice", "ed25519"])
async def test_orders_by_request_and_reply(
    venue: Any, users: Any, open_stream: Any, name: str
) -> None:
    stream = await open_stream(users[name])
    placed = await stream.ask("place_order", **limit_order(client_order_id="ws-1"))
    assert placed["type"] == "place_order_reply"
    order_id = placed["result"]["order_id"]
    over_rest = await venue.call(
        "GET", f"/v1/orders/{order_id}", users["alice"], template="/v1/orders/{order_id}"
    )
    assert over_rest.body == placed["result"]
    again = await stream.ask("place_order", **limit_order(client_order_id="ws-1"))
    assert again["result"] == placed["result"]
    other = await stream.ask("place_order", **limit_order(client_order_id="ws-1", quantity="2"))
    assert other["error"]["code"] == "DUPLICATE_CLIENT_ORDER_ID"
    replaced = await stream.ask("replace_order", order_id=order_id, price="101")
    assert replaced["result"]["price"] == "101"
    canceled = await stream.ask("cancel_order", order_id=order_id)
    assert canceled["result"]["order_status"] == "canceled"
    gone = await stream.ask("cancel_order", order_id=order_id)
    assert gone["error"]["code"] == "ORDER_CLOSED"


async def test_own_orders_and_executions_follow(venue: Any, users: Any, open_stream: Any) -> None:
    stream = await open_stream(users["alice"])
    for topic in ("orders", "executions"):
        assert (await stream.ask("subscribe", topic=topic))["result"] == {"topic": topic}
    order = (await venue.place(users["alice"], side="sell", quantity="2")).body
    await venue.place(users["bob"], quantity="0.5")
    frames = [await stream.next("order") for _ in range(2)]
    assert [f["data"]["order_status"] for f in frames] == ["new", "partially_filled"]
    assert frames[0]["data"] == order
    executions = [await stream.next("execution") for _ in range(2)]
    assert [e["data"]["execution_type"] for e in executions] == ["new", "fill"]
    over_rest = await venue.call("GET", "/v1/executions", users["alice"])
    assert over_rest.body["executions"] == [e["data"] for e in executions]
    await stream.ask("unsubscribe", topic="orders")
    await venue.place(users["bob"], quantity="0.5")
    assert (await stream.next("execution"))["data"]["cumulative_quantity"] == "1"
    assert not [f for f in stream.kept if f["type"] == "order"]


async def test_the_book_is_a_snapshot_then_deltas(venue: Any, users: Any, open_stream: Any) -> None:
    await venue.place(users["alice"], price="99", quantity="3")
    stream = await open_stream()
    await stream.ask("subscribe", topic="book.BTC-USD")
    await stream.ask("subscribe", topic="trades.BTC-USD")
    snapshot = await stream.next("book_snapshot")
    book = {side: {e["price"]: e["quantity"] for e in snapshot[side]} for side in ("bids", "asks")}
    last = snapshot["sequence"]
    for number in range(10):
        await venue.place(users["bob"], side="sell", price=str(98 + number % 4), quantity="0.4")
    order = (await venue.place(users["alice"], price="90")).body
    await venue.call(
        "DELETE",
        f"/v1/orders/{order['order_id']}",
        users["alice"],
        template="/v1/orders/{order_id}",
    )
    now = await venue.call(
        "GET", "/v1/instruments/BTC-USD/book", template="/v1/instruments/{symbol}/book"
    )
    while last < now.body["sequence"]:
        delta = await stream.next("book_delta")
        assert delta["previous_sequence"] == last
        last = delta["sequence"]
        for side in ("bids", "asks"):
            for level in delta[side]:
                if level["quantity"] == "0":
                    del book[side][level["price"]]
                else:
                    book[side][level["price"]] = level["quantity"]
    for side in ("bids", "asks"):
        assert book[side] == {e["price"]: e["quantity"] for e in now.body[side]}
    trades = [f["data"] for f in stream.kept if f["type"] == "trade"]
    listed = await venue.call(
        "GET", "/v1/instruments/BTC-USD/trades", template="/v1/instruments/{symbol}/trades"
    )
    assert trades == listed.body["trades"][::-1]
    assert trades


async def test_snapshot_and_deltas_meet_without_a_gap(
    venue: Any, users: Any, open_stream: Any
) -> None:
    """Subscribe while orders rush in: the first delta continues the snapshot, always."""
    busy = await open_stream(users["alice"])
    for number in range(15):
        stream = await open_stream()
        frames = [
            {"op": "place_order", "id": f"o{number}-{n}", "params": limit_order(price=f"{n + 10}")}
            for n in range(20)
        ]
        for frame in frames:
            await busy.socket.send(json.dumps(frame))
        await stream.socket.send(
            json.dumps({"op": "subscribe", "id": "s", "params": {"topic": "book.BTC-USD"}})
        )
        last = (await stream.next("book_snapshot"))["sequence"]
        target = venue.server.venue.engine.state.markets["BTC-USD"].book.sequence
        while last < target:
            delta = await stream.next("book_delta")
            assert delta["previous_sequence"] == last
            last = delta["sequence"]


async def test_heartbeats_come(venue: Any, open_stream: Any) -> None:
    stream = await open_stream()
    venue.server.streams.beat()
    beat = await stream.next("heartbeat")
    assert abs(beat["timestamp_ms"] - venue.clock.ms()) < 30_000
    assert venue.server._plans.heartbeat_s == 5


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "MALFORMED_REQUEST"),
        ("[]", "VALIDATION_FAILED"),
        ('{"op":"place_order","id":"1"}', "VALIDATION_FAILED"),
        ('{"op":"nothing","id":"1","params":{}}', "MALFORMED_REQUEST"),
        ('{"op":"subscribe","id":"","params":{"topic":"book.BTC-USD"}}', "VALIDATION_FAILED"),
        ('{"op":"subscribe","id":"1","params":{"topic":"nothing"}}', "VALIDATION_FAILED"),
        ('{"op":"subscribe","id":"1","params":{"topic":"book.XXX-USD"}}', "UNKNOWN_INSTRUMENT"),
        ('{"op":"subscribe","id":"1","id":"2","params":{"topic":"trades.BTC-USD"}}', "MALFORMED"),
        ('{"op":"subscribe","id":"1","params":{"topic":"a","topic":"b"}}', "MALFORMED_REQUEST"),
        ('{"op":"unsubscribe","id":"1","params":{}}', "VALIDATION_FAILED"),
        ('{"op":"subscribe","id":"1","params":{"topic":"book.BTC-USD"},"x":1}', "VALIDATION"),
    ],
)
async def test_frames_that_are_refused(open_stream: Any, frame: str, code: str) -> None:
    stream = await open_stream()
    await stream.socket.send(frame)
    error = await stream.next("error")
    assert error["error"]["code"].startswith(code)
    assert error["id"] in ("1", None, "2")
    assert (await stream.ask("subscribe", topic="book.BTC-USD"))["type"] == "subscribe_reply"


@pytest.mark.parametrize("terms", [{"price": "100.001"}, {"symbol": "XXX-USD"}, {"role": "admin"}])
async def test_orders_are_judged_as_over_rest(
    venue: Any, users: Any, open_stream: Any, terms: dict[str, Any]
) -> None:
    stream = await open_stream(users["alice"])
    over_stream = (await stream.ask("place_order", **limit_order(**terms)))["error"]
    over_rest = (await venue.place(users["alice"], **terms)).body
    for error in (over_stream, over_rest):
        del error["request_id"]
    assert over_stream == over_rest


async def ends_with(stream: Frames, code: int) -> None:
    with pytest.raises(Exception, match=f"{code}"):
        await stream.next("never")


@pytest.mark.parametrize(
    "frame",
    [
        {"op": "place_order", "id": "1", "params": limit_order()},
        {"op": "subscribe", "id": "1", "params": {"topic": "orders"}},
        {"op": "subscribe", "id": "1", "params": {"topic": "executions"}},
        {"op": "cancel_order", "id": "1", "params": {"order_id": "1"}},
    ],
)
async def test_private_things_need_a_log_on(open_stream: Any, frame: Any) -> None:
    stream = await open_stream()
    await stream.socket.send(json.dumps(frame))
    error = await stream.next("error")
    assert (error["id"], error["error"]["code"]) == ("1", "AUTH_MISSING")
    await ends_with(stream, 4401)


async def test_a_log_on_works_once(venue: Any, users: Any, open_stream: Any) -> None:
    stream, other = await open_stream(), await open_stream()
    params = log_on(venue, users["alice"])
    assert (await stream.ask("log_on", **params))["type"] == "log_on_reply"
    assert (await other.ask("log_on", **params))["error"]["code"] == "AUTH_REPLAY"
    await ends_with(other, 4401)
    twice = await stream.ask("log_on", **log_on(venue, users["bob"]))
    assert twice["error"]["code"] == "MALFORMED_REQUEST"
    assert (await stream.ask("subscribe", topic="orders"))["type"] == "subscribe_reply"


@pytest.mark.parametrize("what", ["secret", "key", "revoked", "time", "host", "target", "nonce"])
async def test_bad_log_ons(venue: Any, users: Any, open_stream: Any, what: str) -> None:
    stream, alice = await open_stream(), users["alice"]
    params = log_on(venue, alice)
    if what == "secret":
        params = log_on(venue, type(alice)(alice.key, "0" * 64))
    elif what == "key":
        params["key"] = users["bob"].key
    elif what == "revoked":
        params = log_on(venue, users["revoked"])
    elif what == "time":
        headers = venue.signed(alice, "GET", "/v1/stream", timestamp=str(venue.clock.ms() - 6000))
        params = {n.removeprefix("MERIDIAN-").lower(): v for n, v in headers}
    elif what == "host":
        headers = venue.signed(alice, "GET", "/v1/stream", host="api.meridian.example")
        params = {n.removeprefix("MERIDIAN-").lower(): v for n, v in headers}
    elif what == "target":
        headers = venue.signed(alice, "GET", "/v1/balances")
        params = {n.removeprefix("MERIDIAN-").lower(): v for n, v in headers}
    else:
        params["nonce"] = secrets.token_hex(16)
    error = (await stream.ask("log_on", **params))["error"]
    assert error["code"] == ("AUTH_TIMESTAMP" if what == "time" else "AUTH_INVALID")
    await ends_with(stream, 4401)


async def test_a_read_only_key_may_only_watch(users: Any, open_stream: Any) -> None:
    stream = await open_stream(users["reader"])
    assert (await stream.ask("subscribe", topic="orders"))["type"] == "subscribe_reply"
    refused = await stream.ask("place_order", **limit_order())
    assert refused["error"]["code"] == "FORBIDDEN"


async def test_accounts_see_their_own_events_only(venue: Any, users: Any, open_stream: Any) -> None:
    bob = await open_stream(users["bob"])
    await bob.ask("subscribe", topic="orders")
    await bob.ask("subscribe", topic="executions")
    await venue.place(users["alice"])
    mine = (await venue.place(users["bob"], price="50")).body
    assert (await bob.next("order"))["data"] == mine
    assert {f["data"]["order_id"] for f in bob.kept if "data" in f} <= {mine["order_id"]}


async def test_a_stop_says_goodbye(venue: Any, open_stream: Any) -> None:
    stream = await open_stream()
    await asyncio.gather(venue.server.stop(), ends_with(stream, 1001))
    await venue.restart_after_stop()
