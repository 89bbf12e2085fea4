"""The synchronous transport: blocking sockets, kept alive, one request on each at a time."""

from __future__ import annotations

import builtins
import time
from _thread import allocate_lock
from collections.abc import Callable
from typing import TYPE_CHECKING

from venuekit_runtime.base_url import BaseUrl
from venuekit_runtime.errors import ConnectError, TimeoutError, TransportError
from venuekit_runtime.http.message import ResponseParser, encode_request
from venuekit_runtime.http.tls import default_context
from venuekit_runtime.http.transport import Limits, WireResponse
from venuekit_runtime.signing import WireRequest

if TYPE_CHECKING:
    import socket
    import ssl

_READ_BYTES = 64 * 1024
_LONGEST_POLL_MS = 2.0**31 - 1


class SocketTransport:
    """A pool of connections to one venue; safe to share between threads.

    A request is written once. When a kept-alive connection turns out to be dead after bytes of a
    request may have left, the error says ``maybe_sent`` and the caller decides; nothing is
    resent here.
    """

    def __init__(
        self, base: BaseUrl, limits: Limits | None = None, context: ssl.SSLContext | None = None
    ) -> None:
        self._base = base
        self._limits = limits or Limits()
        self._context = context
        self._idle: list[_Connection] = []
        self._lock = allocate_lock()
        self._is_closed = False

    def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        """Send once and wait at most ``timeout_s`` seconds; see `Transport.send`."""
        data = encode_request(request)
        now = time.monotonic()
        deadline = now + timeout_s
        connection = self._take(now - self._limits.idle_timeout_s)
        if connection is None:
            connection = self._connect(timeout_s)
            timeout_s = deadline - time.monotonic()
        try:
            response = connection.exchange(request.method, data, timeout_s, deadline)
        except BaseException:
            # An interrupt too: whatever arrives later must not answer the next request.
            connection.close()
            raise
        if connection.is_reusable:
            self._put(connection)
        else:
            connection.close()
        return response

    def close(self) -> None:
        """Close the idle connections, and each busy one when its request ends."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self, oldest: float) -> _Connection | None:
        """The connection used last, where it was used since ``oldest`` and still lives."""
        while True:
            try:
                # Taking from a list is atomic: no two threads get the same one.
                connection = self._idle.pop()
            except IndexError:
                return None
            if connection.last_used >= oldest and connection.is_quiet():
                return connection
            connection.close()

    def _put(self, connection: _Connection) -> None:
        with self._lock:
            if not self._is_closed and len(self._idle) < self._limits.max_connections:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self, timeout_s: float) -> _Connection:
        import socket

        timeout_s = min(timeout_s, self._limits.connect_timeout_s)
        base = self._base
        try:
            sock = socket.create_connection((base.host, base.port), timeout_s)
        except OSError as error:
            raise ConnectError(f"cannot connect to {base.authority}: {error}") from error
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not base.is_secure:
                return _Connection(sock, self._limits)
            if self._context is None:
                self._context = default_context()
            sock = self._context.wrap_socket(sock, server_hostname=base.host)
        except OSError as error:
            sock.close()
            raise ConnectError(f"TLS with {base.authority} failed: {error}") from error
        return _TlsConnection(sock, self._limits)


class _Connection:
    """One socket and the parser of its answers.

    The socket never blocks: a write is tried at once and nearly always taken whole, and only the
    answer is waited for. A socket with a timeout would ask the system before each of the two.
    """

    __slots__ = ("_parser", "_poll", "_sock", "is_reusable", "last_used")

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._parser = ResponseParser(limits)
        self._poll = _read_poll(sock)
        self.is_reusable = False
        self.last_used = 0.0

    def exchange(self, method: str, data: bytes, timeout_s: float, deadline: float) -> WireResponse:
        """Write one request and read its answer."""
        parser = self._parser
        parser.start(method)
        self.is_reusable = False
        try:
            if not self._write(data, timeout_s):
                timeout_s = deadline - time.monotonic()
            response = self._read(parser, timeout_s)
            while response is None:
                response = self._read(parser, deadline - time.monotonic())
        except TransportError:
            raise
        except builtins.TimeoutError as error:
            raise TimeoutError("no whole answer before the deadline", maybe_sent=True) from error
        except OSError as error:
            raise TransportError(f"the connection broke: {error}", maybe_sent=True) from error
        self.is_reusable = not parser.should_close
        self.last_used = time.monotonic()
        return response

    def is_quiet(self) -> bool:
        """Whether the venue neither closed the idle connection nor sent anything on it.

        Asked before each reuse, so that a request is rarely written into a dead socket.
        """
        return not self._poll(0)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _write(self, data: bytes, timeout_s: float) -> bool:
        """Write all of it; says whether that took no waiting."""
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        if sent == len(data):
            return True
        self._sock.settimeout(max(timeout_s, 0.001))
        self._sock.sendall(memoryview(data)[sent:])
        self._sock.setblocking(False)
        return False

    def _read(self, parser: ResponseParser, timeout_s: float) -> WireResponse | None:
        """Wait for the next bytes and parse them; None when more must come."""
        if timeout_s <= 0 or not self._poll(min(timeout_s * 1000.0, _LONGEST_POLL_MS)):
            raise builtins.TimeoutError
        try:
            chunk = self._sock.recv(_READ_BYTES)
        except BlockingIOError:
            # The system may say that there is something to read, and find none.
            return None
        return parser.feed(chunk) if chunk else _last(parser)


class _TlsConnection(_Connection):
    """The same over TLS, whose library does its own waiting."""

    __slots__ = ()

    def is_quiet(self) -> bool:
        """See `_Connection.is_quiet`."""
        if not self._poll(0):
            return True
        try:
            self._sock.settimeout(0.0)
            self._sock.recv(1)
        except OSError as error:
            # The socket "wants read" when nothing but a session ticket was waiting.
            return type(error).__name__ == "SSLWantReadError"
        return False

    def _write(self, data: bytes, timeout_s: float) -> bool:
        self._sock.settimeout(max(timeout_s, 0.001))
        self._sock.sendall(data)
        return False

    def _read(self, parser: ResponseParser, timeout_s: float) -> WireResponse | None:
        if timeout_s <= 0:
            raise builtins.TimeoutError
        self._sock.settimeout(timeout_s)
        chunk = self._sock.recv(_READ_BYTES)
        return parser.feed(chunk) if chunk else _last(parser)


def _last(parser: ResponseParser) -> WireResponse:
    """What the end of the connection makes of the answer."""
    response = parser.end()
    if response is None:
        raise TransportError("the venue closed the connection unanswered", maybe_sent=True)
    return response


def _read_poll(sock: socket.socket) -> Callable[[float], object]:
    """A function that waits so many milliseconds; its result is true when there is a read."""
    import select

    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(sock.fileno(), select.POLLIN)
        return poller.poll
    return lambda timeout_ms: select.select([sock], [], [], timeout_ms / 1000.0)[0]
