"""HTTP/1.1 on a socket: strict parsing, bounded everything, answers in the requests' order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

import httptools

from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.requests import (
    Request,
    Response,
    encode_response,
    read_request,
)

log = logging.getLogger(__name__)

MAX_BODY = 65_536
MAX_HEAD = 16_384
MAX_TARGET = 4_096
MAX_HEADERS = 64
MAX_PIPELINED = 256
REQUEST_DEADLINE_S = 10.0
IDLE_DEADLINE_S = 75.0
LINGER_S = 2.0
_SLICE = 16_384

Reply = Callable[[Response], None]


class Stream(Protocol):
    """What takes a connection over after an upgrade."""

    def receive(self, data: bytes) -> None:
        """Bytes came in."""

    def resume(self) -> None:
        """The transport takes bytes again."""

    def lost(self) -> None:
        """The connection is gone."""


class App(Protocol):
    """What answers requests."""

    def handle(self, request: Request, reply: Reply) -> None:
        """Answer once, now or later, by calling `reply`."""

    def refuse(self, refusal: RefusalError) -> Response:
        """The response of a request that could not be read."""

    def upgrade(self, request: Request, transport: asyncio.Transport) -> Stream | Response:
        """Take the connection over, having written the handshake, or say why not."""


@dataclass(slots=True, eq=False)
class _Slot:
    """The place of one answer in the connection's order."""

    response: Response | None = None
    is_last: bool = False
    is_refusal: bool = False
    is_head: bool = False


class HttpConnection(asyncio.Protocol):
    """One connection. It holds at most one unfinished request and 256 unanswered ones."""

    def __init__(
        self,
        app: App,
        connections: set[HttpConnection],
        max_body: int = MAX_BODY,
        takes_slash: bool = False,
    ) -> None:
        self._app = app
        self._connections = connections
        self._max_body = max_body
        self._takes_slash = takes_slash
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._slots: deque[_Slot] = deque()
        self._stream: Stream | None = None
        self._is_flush_due = False
        self._is_reading = True
        self._is_closing = False
        self._is_blocked = False
        self._message = 0
        self._in_head = False
        self._head_bytes = 0
        self._since = self._loop.time()
        self._is_busy = False
        self.transport: asyncio.Transport | None = None
        self.ip = ""
        self._begin()

    def _begin(self) -> None:
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._body_bytes = 0

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not checked: uvloop's transports have the methods without being subclasses.
        self.transport = cast(asyncio.Transport, transport)
        self.ip = str((transport.get_extra_info("peername") or ("local",))[0])
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_closing = True
        self._connections.discard(self)
        if self._stream is not None:
            self._stream.lost()

    def pause_writing(self) -> None:
        self._is_blocked = True
        self._update_reading()

    def resume_writing(self) -> None:
        self._is_blocked = False
        self._update_reading()
        if self._stream is not None:
            self._stream.resume()

    def data_received(self, data: bytes) -> None:
        if len(data) <= _SLICE:
            self._take(data)
        else:
            for start in range(0, len(data), _SLICE):
                self._take(data[start : start + _SLICE])

    def _take(self, data: bytes) -> None:
        if self._stream is not None:
            self._stream.receive(data)
        else:
            self._feed(data)

    def _feed(self, data: bytes) -> None:
        if self._is_closing:
            return
        message, was_in_head = self._message, self._in_head
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as error:
            if self._stream is not None:
                self._stream.receive(data[error.args[0] :])
        except RefusalError as refusal:
            self._refuse(refusal)
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            if not isinstance(cause, RefusalError):
                log.error("a request could not be handled", exc_info=error)
                cause = malformed("the request could not be read")
            self._refuse(cause)
        except httptools.HttpParserError:
            self._refuse(malformed("the request is not HTTP/1.1 as RFC 9112 writes it"))
        if was_in_head and self._in_head and message == self._message:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD:
                self._refuse(malformed(f"the head has more than {MAX_HEAD} bytes"))

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self._is_closing:
            return
        self._begin()
        self._message += 1
        self._is_busy = True
        self._in_head = True
        self._head_bytes = 0
        self._since = self._loop.time()

    def on_url(self, url: bytes) -> None:
        self._url += url
        if len(self._url) > MAX_TARGET:
            raise malformed(f"the target has more than {MAX_TARGET} bytes")

    def on_header(self, name: bytes, value: bytes) -> None:
        headers = self._headers
        headers.append((name.lower(), value))
        self._head_bytes += len(value)
        if len(headers) > MAX_HEADERS or self._head_bytes > MAX_HEAD:
            raise malformed(f"more than {MAX_HEADERS} headers or {MAX_HEAD} bytes of them")

    def on_headers_complete(self) -> None:
        self._in_head = False
        headers = self._headers
        index = dict(headers)
        if self._parser.get_http_version() != "1.1":
            raise malformed("expected HTTP/1.1")
        length = index.get(b"content-length")
        if length is not None:
            if not length.isdigit() or sum(name == b"content-length" for name, _ in headers) > 1:
                raise malformed("Content-Length must stand once, in digits")
            if int(length[:20]) > self._max_body:
                raise self._too_large(length.decode("ascii"))
        if b"transfer-encoding" in index and (length is not None or b"expect" in index):
            raise malformed("Transfer-Encoding with Content-Length or Expect")
        if index.get(b"expect") == b"100-continue" and not self._slots:
            self._write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._max_body:
            raise self._too_large("more than allowed")
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._is_busy = False
        self._since = self._loop.time()
        if self._is_closing:
            return
        method = self._parser.get_method().decode("ascii")
        headers, body = tuple(self._headers), b"".join(self._body)
        request = read_request(method, self._url, headers, body, self.ip, self._takes_slash)
        is_upgrade = self._parser.should_upgrade()
        if is_upgrade and (request.header(b"upgrade") or b"").lower() == b"websocket":
            self._upgrade(request)
            return
        # Another protocol is not taken up: the request is answered, and as the parser has
        # ended with it, it is the connection's last.
        is_last = is_upgrade or not self._parser.should_keep_alive()
        slot = _Slot(is_last=is_last, is_head=method == "HEAD")
        self._slots.append(slot)
        self._is_closing = slot.is_last
        self._update_reading()
        self._app.handle(request, lambda response: self._answer(slot, response))

    def _upgrade(self, request: Request) -> None:
        if self._slots or self.transport is None:
            raise malformed("an upgrade may not follow unanswered requests")
        taken = self._app.upgrade(request, self.transport)
        if isinstance(taken, Response):
            slot = _Slot(is_last=True)
            self._slots.append(slot)
            self._is_closing = True
            self._answer(slot, taken)
        else:
            self._stream = taken

    def _too_large(self, found: str) -> RefusalError:
        fact = f"the body has {found} bytes and may have {self._max_body}"
        return RefusalError("BODY_TOO_LARGE", fact)

    # Answers.

    def _refuse(self, refusal: RefusalError) -> None:
        """Answer what could not be read, after all answers before it, and close."""
        if self._is_closing:
            return
        self._is_closing = True
        slot = _Slot(is_last=True, is_refusal=True)
        self._slots.append(slot)
        self._answer(slot, self._app.refuse(refusal))

    def _answer(self, slot: _Slot, response: Response) -> None:
        slot.response = response
        if not self._is_flush_due:
            self._is_flush_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._is_flush_due = False
        out: list[bytes] = []
        slots = self._slots
        slot = None
        while slots and slots[0].response is not None:
            slot = slots.popleft()
            if slot.response is not None:
                out.append(encode_response(slot.response, slot.is_last, slot.is_head))
        self._write(b"".join(out))
        self._update_reading()
        if slot is not None and slot.is_last:
            self._end(has_unread=slot.is_refusal)

    def _end(self, has_unread: bool) -> None:
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        if has_unread:
            # Only our half closes: bytes of the peer that nobody read would make the kernel
            # reset the connection and with it lose the answer.
            transport.write_eof()
            self._loop.call_later(LINGER_S, transport.abort)
        else:
            transport.close()

    def _write(self, data: bytes) -> None:
        if data and self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def _update_reading(self) -> None:
        wanted = not self._is_blocked and len(self._slots) < MAX_PIPELINED
        if wanted != self._is_reading and self.transport is not None and self._stream is None:
            self._is_reading = wanted
            if wanted:
                self.transport.resume_reading()
            else:
                self.transport.pause_reading()

    # What the server calls.

    def check_deadlines(self, now: float) -> None:
        """Close a connection that is too slow with its request, or idle for too long."""
        if self._stream is not None or self.transport is None:
            return
        age = now - self._since
        if self._is_busy and age > REQUEST_DEADLINE_S:
            self._refuse(malformed(f"the request took more than {REQUEST_DEADLINE_S:.0f} s"))
        elif age > IDLE_DEADLINE_S and not self._slots:
            self.transport.close()

    def shut_down(self) -> None:
        """Finish the answers that are due, then close."""
        if self._stream is None and self.transport is not None:
            self._is_closing = True
            self._flush()
            self.transport.close()
