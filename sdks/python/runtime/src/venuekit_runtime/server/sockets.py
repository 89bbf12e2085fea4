"""One WebSocket session: frames to messages, answered in their order, with a bounded way out."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from msgspec import json

from venuekit_runtime.server import frames
from venuekit_runtime.server.frames import FrameReader, Message, SocketError, encode_frame
from venuekit_runtime.server.handling import Peer
from venuekit_runtime.server.handshake import handshake_key, switching
from venuekit_runtime.server.operations import Departure
from venuekit_runtime.server.requests import Request
from venuekit_runtime.server.stream import StreamApplication, written

MAX_MESSAGE = 1024 * 1024
MAX_WAITING = 256
MAX_BUFFERED = 4 * 1024 * 1024
LINGER_S = 2.0
INTERNAL_ERROR, SLOW_CONSUMER = 1011, 4408
_encode = json.Encoder(decimal_format="number").encode


class SocketSession(Peer):
    """One socket. Raises RefusalError when the request is no handshake."""

    def __init__(
        self,
        application: StreamApplication,
        request: Request,
        transport: asyncio.Transport,
        sessions: set[SocketSession],
    ) -> None:
        super().__init__()
        key = handshake_key(request)
        transport.write(switching(key))
        self._application = application
        self._request = request
        self._transport = transport
        self._sessions = sessions
        self._reader = FrameReader(MAX_MESSAGE)
        self._waiting: deque[bytes] = deque()
        sessions.add(self)
        self._worker = asyncio.get_running_loop().create_task(self._open())

    def receive(self, data: bytes) -> None:
        """Take bytes from the socket."""
        if self.is_closed:
            return
        try:
            for message in self._reader.feed(data):
                self._take(message)
                if self.has_ended():
                    return
        except SocketError as error:
            self.close(error.code, error.reason)

    def has_ended(self) -> bool:
        """Whether nothing more is read."""
        return self.is_closed

    def resume(self) -> None:
        """Nothing waits for the transport: who is too slow is closed instead."""

    def lost(self) -> None:
        """The connection is gone."""
        self.is_closed = True
        self._sessions.discard(self)
        self._worker.cancel()
        self.ended()

    def send(self, departure: Departure, value: Any) -> None:
        """Send one message of the contract; nothing happens on a closed socket."""
        self._send(written(departure, value))

    def close(self, code: int = frames.NORMAL, reason: str = "") -> None:
        """Send a close frame; cut the line if the peer does not follow."""
        if self.is_closed:
            return
        self.is_closed = True
        if not self._transport.is_closing():
            self._transport.write(frames.close_frame(code, reason))
            self._transport.write_eof()
            asyncio.get_running_loop().call_later(LINGER_S, self._transport.abort)

    def shut_down(self) -> None:
        """Close because the server stops."""
        self.close(frames.GOING_AWAY, "the server is stopping")
        self._transport.close()

    def _send(self, message: Any) -> None:
        if self.is_closed or self._transport.is_closing():
            return
        self._transport.write(encode_frame(frames.TEXT, _encode(message)))
        if self._transport.get_write_buffer_size() > MAX_BUFFERED:
            self.close(SLOW_CONSUMER, "too slow to take what was sent")

    def _take(self, message: Message) -> None:
        match message.opcode:
            case frames.TEXT | frames.BINARY:
                if len(self._waiting) >= MAX_WAITING:
                    raise SocketError(frames.POLICY, f"more than {MAX_WAITING} messages wait")
                self._waiting.append(message.payload)
                if self._worker.done():
                    self._worker = asyncio.get_running_loop().create_task(self._work())
            case frames.PING:
                self._transport.write(encode_frame(frames.PONG, message.payload))
            case frames.CLOSE:
                code = int.from_bytes(message.payload[:2], "big") or frames.NORMAL
                self.close(code, "")
                self._transport.close()

    async def _open(self) -> None:
        """Let the handlers greet, then answer what came meanwhile."""
        if await self._application.opened(self._request, self):
            await self._work()
        else:
            self.close(INTERNAL_ERROR, "the server failed")

    async def _work(self) -> None:
        """Answer what waits, one after the other."""
        while self._waiting and not self.is_closed:
            data = self._waiting.popleft()
            answer = await self._application.answer(data, self._request, self)
            if answer is not None:
                self._send(answer)
