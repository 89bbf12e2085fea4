"""The stream: one WebSocket session, its commands, and its bounded way out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import msgspec

from meridian_server.gateway.codec import present
from meridian_server.gateway.feeds import Feeds, demand_log_on
from meridian_server.gateway.gate import Gate, check_right
from meridian_server.gateway.handlers import Call
from meridian_server.gateway.keys import Key
from meridian_server.gateway.plans import Plans, SocketPlan
from meridian_server.gateway.verify import LogOn
from meridian_server.venue import Venue
from venuekit_runtime.server import frames
from venuekit_runtime.server.frames import FrameReader, Message, SocketError, encode_frame
from venuekit_runtime.server.handshake import handshake_key, switching
from venuekit_runtime.server.json_text import refuse_duplicate_members
from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.requests import Request, Response

log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode

MAX_MESSAGE = 65_536
MAX_BUFFERED = 4 * 1024 * 1024
MAX_SESSIONS_PER_IP = 500
MAX_TOPICS = 100
MAX_UNREADABLE = 100
LINGER_S = 2.0
UNAUTHORIZED, SLOW_CONSUMER = 4401, 4408


@dataclass(frozen=True, slots=True)
class StreamServices:
    """What every session needs of the server."""

    venue: Venue
    plans: Plans
    gate: Gate
    feeds: Feeds
    request_ids: Callable[[], str]
    allowed_origins: frozenset[str]


_numbers = count(1)


class StreamGateway:
    """Opens sessions, and does for all of them what time demands."""

    def __init__(self, services: StreamServices) -> None:
        self._services = services
        self.sessions: set[StreamSession] = set()
        self._beats = 0

    def open(self, request: Request, transport: asyncio.Transport) -> StreamSession | Response:
        """Judge the handshake (RFC 6455 section 4.2) and answer it. Raises RefusalError."""
        key = handshake_key(request)
        if request.query:
            raise malformed("a stream opens without a query")
        self._check_origin(request)
        if sum(session.ip == request.ip for session in self.sessions) >= MAX_SESSIONS_PER_IP:
            raise RefusalError("RATE_LIMITED", "too many streams from this address", None, 1)
        transport.write(switching(key))
        session = StreamSession(self._services, transport, request, self.sessions.discard)
        self.sessions.add(session)
        return session

    def _check_origin(self, request: Request) -> None:
        """A page of another site may not use a browser's position (there are no cookies, but a
        loopback venue is reachable from every page that the user opens)."""
        origin = request.header(b"origin")
        if origin is None:
            return
        text = origin.decode("latin-1")
        host = (request.header(b"host") or b"").decode("latin-1")
        allowed = self._services.allowed_origins | {f"http://{host}", f"https://{host}"}
        if text not in allowed:
            raise RefusalError("FORBIDDEN", "pages of this origin may not connect")

    def beat(self) -> None:
        """Send a heartbeat to all; every fourth time also ask for a sign of life."""
        frame = self._services.feeds.heartbeat()
        self._beats += 1
        for session in tuple(self.sessions):
            session.send(frame)
            if self._beats % 4 == 0:
                session.check_alive()

    def shut_down(self) -> None:
        """Close all sessions because the venue stops."""
        for session in tuple(self.sessions):
            session.close(frames.GOING_AWAY, "the venue is stopping")


class StreamSession:
    """One socket. Frames wait in a list and go out in one write per loop tick."""

    def __init__(
        self,
        services: StreamServices,
        transport: asyncio.Transport,
        request: Request,
        forget: Callable[[StreamSession], None],
    ) -> None:
        self._services = services
        self._transport = transport
        self._host = (request.header(b"host") or b"").decode("latin-1")
        self._forget = forget
        self._reader = FrameReader(MAX_MESSAGE)
        self._loop = asyncio.get_running_loop()
        self._out: list[bytes] = []
        self._is_closing = False
        self._was_heard = True
        self._pings = 0
        self._unread = 0
        self._topics: set[str] = set()
        self._key: Key | None = None
        self.ip = request.ip
        self.number = next(_numbers)

    def receive(self, data: bytes) -> None:
        """Take bytes from the socket."""
        self._was_heard = True
        if self._is_closing:
            return
        try:
            for message in self._reader.feed(data):
                self._take(message)
                if self._has_ended():
                    return
        except SocketError as error:
            self.close(error.code, error.reason)

    def _has_ended(self) -> bool:
        return self._is_closing

    def resume(self) -> None:
        """Nothing waits for the transport: who is too slow is closed instead."""

    def lost(self) -> None:
        """The connection is gone."""
        self._is_closing = True
        self._services.feeds.forget(self)
        self._forget(self)

    def send(self, frame: bytes) -> None:
        """Queue a frame for the end of this tick."""
        if self._is_closing:
            return
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(frame)

    def _flush(self) -> None:
        out, self._out = self._out, []
        if not out or self._transport.is_closing():
            return
        self._transport.write(b"".join(out))
        if self._transport.get_write_buffer_size() > MAX_BUFFERED:
            self.close(SLOW_CONSUMER, "too slow to take what was subscribed")

    def close(self, code: int, reason: str) -> None:
        """Send what is queued and a close frame; cut the line if the peer does not follow."""
        if self._is_closing:
            return
        self._is_closing = True
        self._services.feeds.forget(self)
        self._out.append(frames.close_frame(code, reason))
        out, self._out = self._out, []
        if not self._transport.is_closing():
            # Only our half closes: bytes of the peer that nobody read would make the kernel
            # reset the connection and with it lose the close frame.
            self._transport.write(b"".join(out))
            self._transport.write_eof()
            self._loop.call_later(LINGER_S, self._transport.abort)

    def check_alive(self) -> None:
        """Ping; a peer that said nothing since the last ping is gone."""
        if not self._was_heard:
            self.close(frames.POLICY, "no sign of life")
            return
        self._was_heard = False
        self._pings = 0
        self.send(encode_frame(frames.PING, b""))

    def _take(self, message: Message) -> None:
        match message.opcode:
            case frames.TEXT:
                self._take_command(message.payload)
            case frames.PING:
                self._pings += 1
                if self._pings > 1000:
                    raise SocketError(frames.POLICY, "too many pings")
                self.send(encode_frame(frames.PONG, message.payload))
            case frames.CLOSE:
                code = int.from_bytes(message.payload[:2], "big") or frames.NORMAL
                self.close(code, "")
                self._transport.close()
            case frames.BINARY:
                raise SocketError(frames.UNSUPPORTED, "only text frames are read")

    def _take_command(self, payload: bytes) -> None:
        """Carry a command out now; its reply goes out when all before it is on disk."""
        command_id: str | None = None
        request_id = self._services.request_ids()
        try:
            envelope = self._services.plans.envelope.parse(payload)
            refuse_duplicate_members(payload)
            command_id = envelope.id
            release = self._execute(envelope)
        except RefusalError as refusal:
            if command_id is None:
                command_id = self._id_in(payload)
                self._unread += 1
            release = self._refuse(refusal, command_id, request_id)
        except Exception:
            log.exception("request %s failed", request_id)
            failed = RefusalError("INTERNAL", "the venue failed")
            release = self._refuse(failed, command_id, request_id)
        self._services.venue.after_commit(release)
        if self._unread > MAX_UNREADABLE:
            raise SocketError(frames.POLICY, f"more than {MAX_UNREADABLE} frames were no commands")

    def _id_in(self, payload: bytes) -> str | None:
        """The id of a frame that is otherwise wrong, for the error that answers it."""
        try:
            found = self._services.plans.envelope_id.parse(payload)
        except RefusalError:
            return None
        return str(found.id)

    def _execute(self, envelope: Any) -> Callable[[], None]:
        plan = self._services.plans.commands.get(envelope.op)
        if plan is None:
            raise malformed(f"no command {envelope.op[:40]}")
        if plan.handler is None and plan.access.name == "logOn":
            return self._log_on(plan, envelope)
        if plan.access.schemes and self._key is None:
            raise demand_log_on()
        if self._key is not None:
            check_right(plan.access, self._key)
        self._services.gate.charge(plan.access, self._key, self.ip, self.number)
        params = plan.params.parse(envelope.params)
        if plan.handler is None:
            return self._switch(plan, envelope.id, params.topic)
        account_id = None if self._key is None else self._key.account_id
        answer = plan.handler(Call(self._services.venue, account_id, present(params)))
        frame = _reply(plan.reply_type, envelope.id, answer.body)
        return lambda: self.send(frame)

    def _log_on(self, plan: SocketPlan, envelope: Any) -> Callable[[], None]:
        self._services.gate.charge(plan.access, None, self.ip, self.number)
        if self._key is not None:
            raise malformed("this socket is signed on already")
        params = plan.params.parse(envelope.params)
        message = {"op": envelope.op, "id": envelope.id, "params": present(params)}
        key = self._services.gate.log_on(plan.access, self.ip, LogOn(self._host, message))
        self._key = key
        frame = _reply(plan.reply_type, envelope.id, {"key": key.key_id})
        return lambda: self.send(frame)

    def _switch(self, plan: SocketPlan, command_id: str, topic: str) -> Callable[[], None]:
        account_id = None if self._key is None else self._key.account_id
        frame = _reply(plan.reply_type, command_id, {"topic": topic})
        feeds = self._services.feeds
        if plan.access.name == "unsubscribe":
            self._topics.discard(topic)
            feeds.unsubscribe(self, topic, account_id)
            return lambda: self.send(frame)
        _, feed, _ = feeds.plan(topic)
        if feed.access.schemes and self._key is None:
            raise demand_log_on()
        if len(self._topics) >= MAX_TOPICS and topic not in self._topics:
            raise RefusalError("RATE_LIMITED", f"a socket has {MAX_TOPICS} topics at most", None, 1)
        self._topics.add(topic)
        start = feeds.subscribe(self, topic, account_id)
        return lambda: start(frame)

    def _refuse(
        self, refusal: RefusalError, command_id: str | None, request_id: str
    ) -> Callable[[], None]:
        body = {"type": "error", "id": command_id, "error": refusal.body(request_id)}
        frame = encode_frame(frames.TEXT, _encode(body))

        def release() -> None:
            self.send(frame)
            if refusal.code.startswith("AUTH_"):
                self.close(UNAUTHORIZED, refusal.code)

        return release


def _reply(reply_type: str, command_id: str, result: Any) -> bytes:
    body = {"type": reply_type, "id": command_id, "result": result}
    return encode_frame(frames.TEXT, _encode(body))
