"""The stream's state machine, driven without sockets: log-on, replies, gaps, loss, silence."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Literal

import pytest

from venuekit_runtime import errors
from venuekit_runtime.models import Model
from venuekit_runtime.operation import (
    BodyField,
    BookRule,
    Channel,
    ChannelParameter,
    DedupKey,
    ErrorTable,
    Event,
    Frame,
    SequenceRule,
    StreamOperation,
    StreamProtocol,
    TypeRef,
)
from venuekit_runtime.stream.feed import Feed
from venuekit_runtime.stream.outputs import Connect, Deliver, Disconnect, Send, Settle, Unmatched
from venuekit_runtime.stream.session import Status, StreamSession


class Order(Model):
    """The result of an order."""

    order_id: str


class PlaceReply(Model):
    """The frame that brings it."""

    type: Literal["place_reply"]
    id: str
    result: Order


class Snapshot(Model):
    """The whole book."""

    topic: str
    sequence: int
    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


class Delta(Model):
    """What changed."""

    topic: str
    sequence: int
    previous_sequence: int
    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


class Tick(Model):
    """One of an increasing sequence."""

    sequence: int


def ref(name: str) -> TypeRef:
    return TypeRef(__name__, name)


def operation(name: str, **rest: Any) -> StreamOperation[Any]:
    values: dict[str, Any] = {
        "name": name,
        "effect": "read",
        "frame": Frame(constants=((("op",), name),), correlation=("id",), payload=("params",)),
        "replies": (Event(None, ("type",), f"{name}_reply"),),
    }
    return StreamOperation(**{**values, **rest})


LOG_ON = operation("log_on")
SUBSCRIBE = operation("subscribe", fields=(BodyField("topic", "topic", required=True),))
UNSUBSCRIBE = operation("unsubscribe", fields=(BodyField("topic", "topic", required=True),))
PLACE = operation(
    "place",
    effect="create",
    fields=(BodyField("client_order_id", "client_order_id", required=True),),
    replies=(Event(ref("PlaceReply"), ("type",), "place_reply", "result"),),
    dedup_key=DedupKey("client_order_id", "client_order_id", True, "getOrder"),
)
LOOK = operation("look")
BOOK: Channel[Any] = Channel(
    name="book",
    address="book.{symbol}",
    parameters=(ChannelParameter("symbol", "symbol"),),
    events=(
        Event(ref("Snapshot"), ("type",), "snapshot"),
        Event(ref("Delta"), ("type",), "delta"),
    ),
    is_subscribed=True,
    sequence=SequenceRule(("sequence",), ("previous_sequence",), ("snapshot",)),
    book=BookRule("bids", "asks", 0, 1),
)
TICKS: Channel[Any] = Channel(
    name="ticks",
    address="ticks",
    events=(Event(ref("Tick"), ("type",), "tick"),),
    is_subscribed=True,
    sequence=SequenceRule(("sequence",)),
)
PROTOCOL = StreamProtocol(
    path="/stream",
    correlation=("id",),
    topic=("topic",),
    error=("error",),
    log_on=LOG_ON,
    subscribe=SUBSCRIBE,
    unsubscribe=UNSUBSCRIBE,
    silence_s=10.0,
    errors=ErrorTable(ref("BY_CODE")),
)


def sign(members: dict[str, Any]) -> None:
    members.setdefault("params", {})["signature"] = "s"


class Harness:
    """A session with a fixed half of every jitter, and what it put out."""

    def __init__(self, signed: bool = False) -> None:
        self.session = StreamSession(
            PROTOCOL,
            (LOG_ON, SUBSCRIBE, UNSUBSCRIBE, PLACE, LOOK),
            (BOOK, TICKS),
            {"log_on": sign} if signed else None,
            random=lambda: 0.5,
        )

    def take(self) -> list[Any]:
        outputs, self.session.outputs = self.session.outputs, []
        return outputs

    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(o.data) for o in self.take() if isinstance(o, Send)]

    def arrive(self, frame: dict[str, Any], now: float = 1.0) -> None:
        self.session.on_frame(json.dumps(frame), now)

    def follow(self, number: int, channel: Channel[Any], **arguments: str) -> Feed:
        feed = Feed(number, channel, arguments)
        self.session.open_feed(feed, 0.0)
        return feed


def ready() -> Harness:
    harness = Harness()
    harness.session.on_open(0.0)
    return harness


def level(*pairs: tuple[str, str]) -> list[list[str]]:
    return [list(pair) for pair in pairs]


def snapshot(sequence: int, **sides: Any) -> dict[str, Any]:
    empty = {"bids": [], "asks": []}
    return {"type": "snapshot", "topic": "book.X", "sequence": sequence, **empty, **sides}


def delta(sequence: int, previous: int, **sides: Any) -> dict[str, Any]:
    return {**snapshot(sequence, **sides), "type": "delta", "previous_sequence": previous}


def test_it_logs_on_with_a_signed_frame_before_it_is_ready() -> None:
    harness = Harness(signed=True)
    harness.session.start()
    assert harness.take() == [Connect(0.0)]
    harness.session.on_open(0.0)
    assert harness.sent() == [{"op": "log_on", "id": "1", "params": {"signature": "s"}}]
    with pytest.raises(errors.NotConnectedError, match="dropped unsent"):
        harness.session.ask(1, LOOK, {}, 0.0)
    harness.arrive({"type": "log_on_reply", "id": "1"})
    assert harness.session.status is Status.READY


def test_a_refused_log_on_ends_the_stream_and_does_not_come_back() -> None:
    harness = Harness(signed=True)
    feed = harness.follow(9, TICKS)
    harness.session.on_open(0.0)
    harness.take()
    harness.arrive({"type": "error", "id": "1", "error": {"code": "AUTH_INVALID"}})
    outputs = harness.take()
    assert isinstance(outputs[0], Disconnect)
    assert outputs[1].feed == feed.number
    assert isinstance(harness.session.failure, errors.ApiError)
    harness.session.on_lost("closed", 1.0)
    assert harness.take() == []


def test_replies_find_their_requests_in_any_order() -> None:
    harness = ready()
    harness.session.ask(1, PLACE, {"client_order_id": "a"}, 0.0)
    harness.session.ask(2, PLACE, {"client_order_id": "b"}, 0.0)
    assert [frame["params"] for frame in harness.sent()] == [
        {"client_order_id": "a"},
        {"client_order_id": "b"},
    ]
    harness.arrive({"type": "place_reply", "id": "2", "result": {"order_id": "22"}})
    harness.arrive({"type": "place_reply", "id": "1", "result": {"order_id": "11"}})
    assert harness.take() == [Settle(2, Order(order_id="22")), Settle(1, Order(order_id="11"))]


def test_an_error_reply_is_a_typed_refusal() -> None:
    harness = ready()
    harness.session.ask(1, PLACE, {"client_order_id": "a"}, 0.0)
    harness.take()
    error = {"code": "NO_BALANCE", "message": "m", "request_id": "r"}
    harness.arrive({"type": "error", "id": "1", "error": error})
    (settled,) = harness.take()
    assert isinstance(settled.error, errors.ApiError)
    assert (settled.error.code, settled.error.request_id) == ("NO_BALANCE", "r")


def test_what_was_in_flight_when_the_socket_went_is_unknown_for_orders_alone() -> None:
    harness = ready()
    harness.session.ask(1, PLACE, {"client_order_id": "a"}, 0.0)
    harness.session.ask(2, LOOK, {}, 0.0)
    harness.take()
    harness.session.on_lost("reset", 1.0)
    placed, looked, again = harness.take()
    assert isinstance(placed.error, errors.UnknownOutcomeError)
    assert placed.error.client_order_id == "a"
    assert placed.error.resolver == "getOrder"
    assert isinstance(looked.error, errors.TransportError)
    assert again == Connect(0.125)
    harness.session.on_open(2.0)
    assert harness.sent() == []


def test_a_late_reply_is_unknown_for_an_order() -> None:
    harness = ready()
    harness.session.ask(1, PLACE, {"client_order_id": "a"}, 0.0, timeout_s=2.0)
    harness.take()
    harness.session.on_time(1.9)
    assert harness.take() == []
    harness.session.on_time(2.1)
    (settled,) = harness.take()
    assert isinstance(settled.error, errors.UnknownOutcomeError)


def test_delays_grow_and_are_forgotten_once_ready() -> None:
    harness = Harness()
    delays = []
    for _ in range(9):
        harness.session.on_lost("no", 0.0)
        delays += [output.delay_s for output in harness.take()]
    assert delays == [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    harness.session.on_open(0.0)
    harness.session.on_lost("no", 0.0)
    assert harness.take() == [Connect(0.125)]


def test_it_subscribes_again_and_is_stale_until_the_next_snapshot() -> None:
    harness = ready()
    feed = harness.follow(7, BOOK, symbol="X")
    (frame,) = harness.sent()
    assert frame["params"] == {"topic": "book.X"}
    harness.arrive({"type": "subscribe_reply", "id": frame["id"]})
    assert feed.is_stale
    harness.arrive(snapshot(5))
    assert not feed.is_stale
    harness.session.on_lost("reset", 1.0)
    assert feed.is_stale
    harness.take()
    harness.session.on_open(2.0)
    (frame,) = harness.sent()
    assert frame["op"] == "subscribe"
    harness.arrive(delta(9, 8))
    assert harness.take() == []
    harness.arrive(snapshot(9))
    assert not feed.is_stale


def test_a_gap_drops_deltas_and_asks_for_a_snapshot() -> None:
    harness = ready()
    feed = harness.follow(7, BOOK, symbol="X")
    harness.take()
    harness.arrive(snapshot(5))
    harness.arrive(delta(6, 5))
    assert len(harness.take()) == 2
    harness.arrive(delta(8, 7))
    (frame,) = harness.sent()
    assert frame["op"] == "subscribe"
    assert (feed.is_stale, feed.gap_count) == (True, 1)
    harness.arrive(delta(9, 8))
    assert harness.take() == []
    harness.arrive(snapshot(9))
    harness.arrive(delta(10, 9))
    assert [o.event.sequence for o in harness.take()] == [9, 10]
    assert not feed.is_stale


def test_a_gap_without_snapshots_is_counted_and_nothing_is_held_back() -> None:
    harness = ready()
    feed = harness.follow(7, TICKS)
    harness.take()
    for number in (3, 4, 6):
        harness.arrive({"type": "tick", "topic": "ticks", "sequence": number})
    assert [o.event.sequence for o in harness.take() if isinstance(o, Deliver)] == [3, 4, 6]
    assert feed.gap_count == 1


def test_a_refused_subscription_ends_that_feed_alone() -> None:
    harness = ready()
    harness.follow(7, BOOK, symbol="X")
    harness.follow(8, TICKS)
    first, _ = harness.sent()
    harness.arrive({"type": "error", "id": first["id"], "error": {"code": "UNKNOWN"}})
    (ended,) = harness.take()
    assert (ended.feed, ended.error.code) == (7, "UNKNOWN")
    assert list(harness.session.feeds) == [8]


class BusyError(errors.ApiError):
    """A refusal that passes."""

    retry_class = "after_delay"


BY_CODE = {"BUSY": BusyError}


def test_a_subscription_that_came_too_fast_is_tried_again_later() -> None:
    harness = ready()
    feed = harness.follow(8, TICKS)
    (first,) = harness.sent()
    harness.arrive({"type": "error", "id": first["id"], "error": {"code": "BUSY"}}, now=1.0)
    assert harness.take() == []
    harness.session.on_time(1.9)
    assert harness.sent() == []
    harness.session.on_time(2.0)
    (again,) = harness.sent()
    harness.arrive({"type": "subscribe_reply", "id": again["id"]})
    assert not feed.is_stale


def test_the_last_feed_of_a_topic_unsubscribes() -> None:
    harness = ready()
    harness.follow(7, TICKS)
    harness.follow(8, TICKS)
    harness.take()
    harness.session.close_feed(7, 1.0)
    assert harness.sent() == []
    harness.session.close_feed(8, 1.0)
    assert [frame["op"] for frame in harness.sent()] == ["unsubscribe"]


def test_silence_drops_the_socket_whatever_pongs_say() -> None:
    harness = ready()
    harness.arrive({"type": "heartbeat"}, now=5.0)
    harness.session.on_time(14.9)
    assert not [o for o in harness.take() if isinstance(o, Disconnect)]
    harness.session.on_time(15.1)
    assert [o for o in harness.take() if isinstance(o, Disconnect)]


def test_frames_that_fit_nothing_are_shown() -> None:
    harness = ready()
    harness.follow(7, TICKS)
    harness.take()
    harness.session.on_frame(b"not json", 1.0)
    harness.arrive({"type": "tick", "topic": "ticks", "sequence": "x"})
    harness.arrive({"type": "place_reply", "id": "99", "result": {}})
    outputs = harness.take()
    assert [type(o) for o in outputs] == [Unmatched] * 3


def test_closing_fails_what_is_in_flight_and_forbids_more() -> None:
    harness = ready()
    harness.session.ask(1, PLACE, {"client_order_id": "a"}, 0.0)
    harness.follow(7, TICKS)
    harness.take()
    harness.session.close()
    kinds = [type(output) for output in harness.take()]
    assert kinds == [Disconnect, Settle, Deliver]
    with pytest.raises(errors.NotConnectedError):
        harness.session.ask(2, LOOK, {}, 0.0)
    with pytest.raises(errors.StreamClosedError):
        harness.follow(8, TICKS)
