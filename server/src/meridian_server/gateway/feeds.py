"""Feeds: events become frames, each framed once and shared by all who subscribed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from meridian_server.events import BookChanged, Event, Execution, Traded
from meridian_server.gateway import wire
from meridian_server.gateway.handlers import find_market
from meridian_server.gateway.plans import FeedPlan
from meridian_server.venue import Venue
from venuekit_runtime.server.frames import TEXT, encode_frame
from venuekit_runtime.server.refusal import RefusalError, invalid

_encode = msgspec.json.Encoder().encode
WHOLE_BOOK = 1_000_000


class Subscriber(Protocol):
    """A session that takes frames."""

    def send(self, frame: bytes) -> None:
        """Queue a finished frame."""


class Subscription:
    """One session on one topic. Until `start`, frames are held back, so that the reply and the
    snapshot go first; book deltas up to `after_sequence` are in the snapshot already."""

    __slots__ = ("_held", "_subscriber", "after_sequence")

    def __init__(self, subscriber: Subscriber, after_sequence: int) -> None:
        self._subscriber = subscriber
        self.after_sequence = after_sequence
        self._held: list[bytes] | None = []

    def send(self, frame: bytes, sequence: int | None) -> None:
        """Pass a frame on, or hold it back."""
        if sequence is not None and sequence <= self.after_sequence:
            return
        if self._held is None:
            self._subscriber.send(frame)
        else:
            self._held.append(frame)

    def start(self, first: list[bytes]) -> None:
        """Send what must come first, then what was held back, then all as it comes."""
        for frame in (*first, *(self._held or ())):
            self._subscriber.send(frame)
        self._held = None


Topic = tuple[str, str | None]
"""A topic's name, and the account for private ones."""


class Feeds:
    """All subscriptions by topic. It hears of events after they are on disk."""

    def __init__(self, venue: Venue, plans: Mapping[str, FeedPlan]) -> None:
        self._venue = venue
        self._plans = plans
        self._topics: dict[Topic, dict[Subscriber, Subscription]] = {}
        self._snapshot_type, self._delta_type = plans["bookUpdates"].frame_types
        (self._trade_type,) = plans["tradeUpdates"].frame_types
        (self._order_type,) = plans["orderUpdates"].frame_types
        (self._execution_type,) = plans["executionUpdates"].frame_types
        (self._heartbeat_type,) = plans["heartbeats"].frame_types
        venue.listeners.append(self.publish)

    def plan(self, topic: str) -> tuple[str, FeedPlan, str | None]:
        """The feed behind a topic's name, and its symbol. Refusal when there is none."""
        for name, plan in self._plans.items():
            match = plan.topic.match(topic)
            if match is not None and name != "heartbeats":
                symbol = match.groupdict().get("symbol")
                if symbol is not None:
                    find_market(self._venue.engine.state, symbol)
                return name, plan, symbol
        raise invalid("params.topic", "params.topic: no channel has this address")

    def subscribe(
        self, subscriber: Subscriber, topic: str, account_id: str | None
    ) -> Callable[[bytes], None]:
        """Subscribe from now on. The result must be called with the reply's frame once
        everything applied so far is on disk; frames flow after it. A repeated subscription
        starts anew."""
        name, plan, symbol = self.plan(topic)
        first: list[bytes] = []
        after_sequence = 0
        if name == "bookUpdates" and symbol is not None:
            market = find_market(self._venue.engine.state, symbol)
            after_sequence = market.book.sequence
            body = wire.book_body(market, WHOLE_BOOK, self._venue.now_ms())
            first.append(self._snapshot(topic, body))
        key = (topic, account_id if plan.access.schemes else None)
        subscription = Subscription(subscriber, after_sequence)
        self._topics.setdefault(key, {})[subscriber] = subscription
        return lambda reply: subscription.start([reply, *first])

    def unsubscribe(self, subscriber: Subscriber, topic: str, account_id: str | None) -> None:
        """Stop one topic; one that is not subscribed is no error."""
        for key in ((topic, None), (topic, account_id)):
            self._drop(key, subscriber)

    def forget(self, subscriber: Subscriber) -> None:
        """Stop all topics of a session that is gone."""
        for key in [key for key, found in self._topics.items() if subscriber in found]:
            self._drop(key, subscriber)

    def _drop(self, key: Topic, subscriber: Subscriber) -> None:
        found = self._topics.get(key)
        if found is not None:
            found.pop(subscriber, None)
            if not found:
                del self._topics[key]

    def heartbeat(self) -> bytes:
        """The frame that says that the stream is alive."""
        body = {"type": self._heartbeat_type, "timestamp_ms": self._venue.now_ms()}
        return encode_frame(TEXT, _encode(body))

    def publish(self, events: list[Event]) -> None:
        """Send the frames of one command's events."""
        if not self._topics:
            return
        for event in events:
            if isinstance(event, Execution):
                self._publish_execution(event)
            elif isinstance(event, Traded):
                self._publish_trade(event)
            elif isinstance(event, BookChanged):
                self._publish_book(event)

    def _publish_execution(self, event: Execution) -> None:
        state = self._venue.engine.state
        account_id = event.account_id
        subscribers = self._topics.get(("orders", account_id))
        if subscribers:
            instrument = state.markets[event.symbol].instrument
            order = state.accounts[account_id].orders[event.order_id]
            changed = wire.order_body_at(instrument, order, event)
            _send(subscribers, self._order_type, "orders", changed)
        subscribers = self._topics.get(("executions", account_id))
        if subscribers:
            report = wire.execution_body(state, event)
            _send(subscribers, self._execution_type, "executions", report)

    def _publish_trade(self, event: Traded) -> None:
        topic = f"trades.{event.symbol}"
        subscribers = self._topics.get((topic, None))
        if subscribers:
            instrument = self._venue.engine.state.markets[event.symbol].instrument
            _send(subscribers, self._trade_type, topic, wire.trade_body(instrument, event))

    def _publish_book(self, event: BookChanged) -> None:
        topic = f"book.{event.symbol}"
        subscribers = self._topics.get((topic, None))
        if not subscribers:
            return
        instrument = self._venue.engine.state.markets[event.symbol].instrument
        body = {
            "type": self._delta_type,
            "topic": topic,
            "sequence": event.sequence,
            "previous_sequence": event.previous_sequence,
            "timestamp_ms": event.timestamp_ms,
            "bids": wire.level_bodies(instrument, event.bids),
            "asks": wire.level_bodies(instrument, event.asks),
        }
        frame = encode_frame(TEXT, _encode(body))
        for subscription in tuple(subscribers.values()):
            subscription.send(frame, event.sequence)

    def _snapshot(self, topic: str, book: wire.BookBody) -> bytes:
        body = {
            "type": self._snapshot_type,
            "topic": topic,
            "sequence": book.sequence,
            "timestamp_ms": book.timestamp_ms,
            "bids": book.bids,
            "asks": book.asks,
        }
        return encode_frame(TEXT, _encode(body))


def _send(
    subscribers: dict[Subscriber, Subscription], frame_type: str, topic: str, data: Any
) -> None:
    frame = encode_frame(TEXT, _encode({"type": frame_type, "topic": topic, "data": data}))
    for subscription in tuple(subscribers.values()):
        subscription.send(frame, None)


def demand_log_on() -> RefusalError:
    """The refusal of what is private on a socket that nobody signed on."""
    return RefusalError("AUTH_MISSING", "log on before private commands and topics")
