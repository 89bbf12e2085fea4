"""The stream's state machine: log on, subscribe, correlate, check order, come back. No I/O.

Inputs are `on_open`, `on_frame`, `on_lost`, `on_time` and the caller's requests; all of them
append to `outputs`, which the I/O layer carries out in order. Times are seconds of any monotonic
clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import DecodeError as JsonError

from venuekit_runtime.errors import (
    ApiError,
    DecodeError,
    NotConnectedError,
    StreamClosedError,
    TimeoutError,
    TransportError,
    VenueError,
)
from venuekit_runtime.operation import Channel, Event, StreamOperation, StreamProtocol
from venuekit_runtime.retry import chance, outcome, unknown_outcome
from venuekit_runtime.stream.backoff import Backoff as Backoff
from venuekit_runtime.stream.feed import Feed
from venuekit_runtime.stream.frames import (
    Envelope,
    EnvelopeReader,
    EventReader,
    encode,
    result_of,
)
from venuekit_runtime.stream.outputs import (
    Connect,
    Deliver,
    Disconnect,
    Live,
    Output,
    Send,
    SessionOver,
    Settle,
    Unmatched,
)
from venuekit_runtime.stream.outputs import Status as Status
from venuekit_runtime.stream.pending import Codecs, Pending, answers_of
from venuekit_runtime.stream.signed import Ends, Sign, require_credentials

# Tickets that the session opens for itself are negative; the I/O layer never sees them.
_LOG_ON = -1
_OWN = -2

# Classes of refusals after which the same request may be accepted.
_PASSING = ("after_delay", "resolve")
_RESUBSCRIBE_S = 1.0


class StreamSession:
    """One connection to a venue, through all of its sockets."""

    def __init__(
        self,
        protocol: StreamProtocol,
        operations: tuple[StreamOperation[Any], ...],
        channels: tuple[Channel[Any], ...],
        signs: Mapping[str, Sign] | None = None,
        backoff: Backoff | None = None,
        random: Callable[[], float] = chance,
        request_timeout_s: float = 10.0,
        endings: tuple[tuple[str, Event], ...] = (),
        ends: Ends = lambda operation, error: False,
    ) -> None:
        self.status = Status.DOWN
        self.failure: VenueError | None = None
        self.outputs: list[Output] = []
        self.feeds: dict[int, Feed] = {}
        self._protocol = protocol
        # By the name of the operation whose messages they complete.
        self.signs = signs or {}
        self._backoff = backoff or Backoff()
        self._random = random
        self._timeout_s = request_timeout_s
        events = [e for op in operations for e in answers_of(op)]
        events += [e for channel in channels for e in channel.events]
        events += [event for _, event in endings]
        self._reader = EnvelopeReader(protocol, events)
        self._codecs = Codecs(self._reader.tag_places, protocol)
        self._endings = [(s, EventReader((e,), self._reader.tag_places)) for s, e in endings]
        self._ends = ends
        self._pending: dict[str | int, Pending] = {}
        # Topics that the venue was too busy to start, and when to ask again.
        self._postponed: dict[str, float] = {}
        self._next_id = 0
        self._attempt = 0
        self._last_data = 0.0

    # What the caller asks.

    def start(self) -> None:
        """Ask for the first socket."""
        self.outputs.append(Connect(0.0))

    def ask(
        self,
        ticket: int,
        operation: StreamOperation[Any],
        arguments: Mapping[str, Any],
        now: float,
        timeout_s: float | None = None,
    ) -> None:
        """Send a request; `Settle` with its ticket follows exactly once.

        Raises NotConnectedError when the socket is not ready: the request is dropped here and
        never flushed later; and ConfigurationError when nothing can sign it.
        """
        if self.status is not Status.READY:
            raise NotConnectedError(
                f"{operation.name} was dropped unsent: the stream is {self.status}"
            )
        self._request(ticket, operation, arguments, now, timeout_s)

    def open_feed(self, feed: Feed, now: float) -> None:
        """Start to follow a channel, now or when the socket is ready."""
        if self.status is Status.CLOSED:
            raise StreamClosedError("the stream is closed")
        feed.prepare(self._reader.tag_places)
        self.feeds[feed.number] = feed
        if self.status is Status.READY:
            self._subscribe(feed, now)

    def close_feed(self, number: int, now: float) -> None:
        """Stop following; unsubscribes when no other feed has the topic."""
        feed = self.feeds.pop(number, None)
        operation = self._protocol.unsubscribe
        if feed is None or operation is None or self.status is not Status.READY:
            return
        is_shared = any(other.topic == feed.topic for other in self.feeds.values())
        if feed.channel.is_subscribed and not is_shared:
            self._request(_OWN, operation, {self._protocol.topic_argument: feed.topic}, now)

    def close(self) -> None:
        """End everything: nothing is sent or opened afterwards."""
        if self.status is Status.CLOSED:
            return
        self.outputs.append(Disconnect("the stream was closed"))
        self._end(StreamClosedError("the stream was closed"))

    # What the socket reports.

    def on_open(self, now: float) -> None:
        """A socket is open: log on if there are credentials, else be ready."""
        self._last_data = now
        log_on = self._protocol.log_on
        if log_on is None or log_on.name not in self.signs:
            self._become_ready(now)
            return
        self.status = Status.LOGGING_ON
        self._request(_LOG_ON, log_on, {}, now)

    def on_frame(self, data: bytes | str, now: float) -> None:
        """One whole text message arrived."""
        self._last_data = now
        try:
            envelope = self._reader.read(data)
        except JsonError as error:
            self.outputs.append(Unmatched(data, f"not the protocol's JSON: {error}"))
            return
        if envelope.identifier is not None and envelope.identifier in self._pending:
            self._settle(self._pending.pop(envelope.identifier), envelope, data, now)
            return
        unnumbered = self._unnumbered(envelope)
        if unnumbered is not None:
            self._settle(self._pending.pop(unnumbered), envelope, data, now)
            return
        self._route(envelope, data, now)
        for scheme, reader in self._endings:
            if reader.match(envelope) is not None:
                self.outputs += [SessionOver(scheme), Disconnect("the venue ended the session")]

    def on_lost(self, reason: str, now: float) -> None:
        """The socket is gone, or could not be opened."""
        if self.status is Status.CLOSED:
            return
        self.status = Status.DOWN
        self._fail_pending(TransportError(f"the socket was lost: {reason}", maybe_sent=True))
        self._postponed.clear()
        for feed in self.feeds.values():
            feed.lose()
        self.outputs.append(Connect(self._backoff.delay_s(self._attempt, self._random())))
        self._attempt += 1

    def on_refused(self, error: VenueError) -> None:
        """What the socket needs was refused, and would be refused again."""
        if self.status is not Status.CLOSED:
            self._end(error)

    def on_time(self, now: float) -> None:
        """Time passed: give up on late replies, and on a socket that has been silent too long."""
        late = [i for i, pending in self._pending.items() if pending.deadline <= now]
        for identifier in late:
            pending = self._pending.pop(identifier)
            error = TimeoutError("no reply before the deadline", maybe_sent=True)
            self._finish(pending, error=error, now=now)
        self._subscribe_postponed(now)
        silence = self._protocol.silence_s
        is_open = self.status in (Status.READY, Status.LOGGING_ON)
        if is_open and silence is not None and now - self._last_data > silence:
            self.outputs.append(Disconnect(f"nothing arrived for {silence:g} s"))

    # How it is done.

    def _request(
        self,
        ticket: int,
        operation: StreamOperation[Any],
        arguments: Mapping[str, Any],
        now: float,
        timeout_s: float | None = None,
    ) -> None:
        codec = self._codecs.of(operation)
        self._next_id += 1
        number = self._next_id
        identifier = number if self._protocol.is_correlation_integer else str(number)
        members = codec.request.members(arguments, identifier)
        sign = self.signs.get(operation.name)
        if sign is not None:
            sign(members)
        elif ticket > 0 and operation.is_signed:
            require_credentials(operation, self._protocol.sessions)
        deadline = now + (self._timeout_s if timeout_s is None else timeout_s)
        self.outputs.append(Send(encode(members)))
        pending = Pending(ticket, operation, arguments, deadline)
        if operation.replies:
            self._pending[identifier] = pending
        else:
            self._finish(pending, now=now)

    def _unnumbered(self, envelope: Envelope) -> str | int | None:
        """The oldest request without an id whose reply this is, by the reply's tag."""
        for identifier, pending in self._pending.items():
            if pending.operation.frame.correlation is None:
                event = self._codecs.of(pending.operation).answer(envelope)
                if event is not None and event.tag_place:
                    return identifier
        return None

    def _settle(self, pending: Pending, envelope: Envelope, data: bytes | str, now: float) -> None:
        refusal = self._codecs.refusal(pending.operation, envelope, data)
        if refusal is not None:
            self._finish(pending, error=refusal, now=now)
            return
        replies = self._codecs.of(pending.operation).replies
        event = replies.match(envelope)
        whole = data.encode() if isinstance(data, str) else data
        if event is None:
            text = f"the reply to {pending.operation.name} is none that the contract names"
            self._finish(pending, error=DecodeError(text, raw=whole), now=now)
            return
        try:
            value = result_of(event, replies.decode(event, data))
        except JsonError as error:
            text = f"the reply to {pending.operation.name} does not fit the contract: {error}"
            self._finish(pending, error=DecodeError(text, raw=whole), now=now)
            return
        self._finish(pending, value=value, now=now)

    def _finish(
        self,
        pending: Pending,
        *,
        now: float,
        value: Any = None,
        error: VenueError | None = None,
    ) -> None:
        if pending.ticket == _LOG_ON:
            self._logged_on(error, now)
            return
        if pending.ticket == _OWN:
            self._subscribed(pending, error, now)
            return
        if error is not None:
            meaning = outcome(pending.operation, pending.arguments, error)
            if meaning is not error:
                meaning.__cause__ = error
            error = meaning
        self.outputs.append(Settle(pending.ticket, value, error))

    def _logged_on(self, error: VenueError | None, now: float) -> None:
        if error is None:
            self._become_ready(now)
        elif self._protocol.log_on is not None and self._ends(self._protocol.log_on, error):
            self.outputs.append(Disconnect("the log-on met the end of its session"))
        elif isinstance(error, ApiError) and error.retry_class not in _PASSING:
            # The venue refused who we are: coming back would only be refused again.
            self.outputs.append(Disconnect("the log-on was refused"))
            self._end(error)
        else:
            self.outputs.append(Disconnect(f"the log-on failed: {error}"))

    def _become_ready(self, now: float) -> None:
        self.status = Status.READY
        self._attempt = 0
        started: set[str] = set()
        for feed in self.feeds.values():
            if not feed.channel.is_subscribed or feed.topic not in started:
                self._subscribe(feed, now)
                started.add(feed.topic)

    def _subscribe(self, feed: Feed, now: float) -> None:
        operation = self._protocol.subscribe
        if operation is None or not feed.channel.is_subscribed:
            self._start(feed)
            return
        self._request(_OWN, operation, {self._protocol.topic_argument: feed.topic}, now)

    def _subscribed(self, pending: Pending, error: VenueError | None, now: float) -> None:
        if pending.operation is not self._protocol.subscribe:
            return
        topic = pending.arguments[self._protocol.topic_argument]
        if self._ends(pending.operation, error):
            self.outputs.append(Disconnect("a subscription met the end of its session"))
            return
        if isinstance(error, ApiError) and error.retry_class in _PASSING:
            wait = error.retry_after_s if error.retry_after_s is not None else _RESUBSCRIBE_S
            self._postponed[topic] = now + wait
            return
        for feed in [f for f in self.feeds.values() if f.topic == topic]:
            if error is None:
                self._start(feed)
            elif isinstance(error, ApiError):
                del self.feeds[feed.number]
                self.outputs.append(Deliver(feed.number, error=error))
            else:
                self.outputs.append(Disconnect(f"a subscription failed: {error}"))

    def _start(self, feed: Feed) -> None:
        feed.start()
        if not feed.is_stale:
            self.outputs.append(Live(feed.number))

    def _subscribe_postponed(self, now: float) -> None:
        due = [topic for topic, at in self._postponed.items() if at <= now]
        for topic in due:
            del self._postponed[topic]
            feed = next((f for f in self.feeds.values() if f.topic == topic), None)
            if feed is not None and self.status is Status.READY:
                self._subscribe(feed, now)

    def _route(self, envelope: Envelope, data: bytes | str, now: float) -> None:
        is_wanted = False
        for feed in self.feeds.values():
            topic = envelope.topic if feed.channel.is_subscribed else None
            if topic is not None and not feed.hears(topic):
                continue
            event = feed.reader.match(envelope)
            if event is None:
                continue
            is_wanted = True
            try:
                message = feed.reader.decode(event, data)
            except JsonError as error:
                self.outputs.append(Unmatched(data, f"{feed.channel.name}: {error}"))
                continue
            feed.last_data = now
            if feed.accepts(event, message):
                self.outputs.append(Deliver(feed.number, result_of(event, message)))
            elif feed.take_repair():
                self._subscribe(feed, now)
        if not is_wanted and not self._is_silent(envelope):
            self.outputs.append(Unmatched(data, "no subscription wants it"))

    def _is_silent(self, envelope: Envelope) -> bool:
        """Heartbeats, which are no lists, and what still comes of a topic that was left."""
        return not (envelope.has_error or envelope.is_list or envelope.identifier is not None)

    def _fail_pending(self, error: TransportError) -> None:
        pending, self._pending = self._pending, {}
        for one in pending.values():
            if one.ticket < 0:
                continue
            failure: VenueError = error
            if one.operation.effect != "read":
                failure = unknown_outcome(one.operation, one.arguments, str(error))
            self.outputs.append(Settle(one.ticket, error=failure))

    def _end(self, error: VenueError) -> None:
        self.status = Status.CLOSED
        self._fail_pending(TransportError(str(error), maybe_sent=True))
        feeds, self.feeds = self.feeds, {}
        for feed in feeds.values():
            feed.lose()
            self.outputs.append(Deliver(feed.number, error=error))
        self.failure = error
