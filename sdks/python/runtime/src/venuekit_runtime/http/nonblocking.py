"""The asyncio transport: a pool of protocol connections, one shared sweeper for all deadlines."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, cast

from venuekit_runtime.base_url import BaseUrl
from venuekit_runtime.errors import ConnectError, TimeoutError, TransportError
from venuekit_runtime.http.message import ResponseParser, encode_request
from venuekit_runtime.http.tls import default_context
from venuekit_runtime.http.transport import Limits, WireResponse
from venuekit_runtime.signing import WireRequest

if TYPE_CHECKING:
    import ssl

_SWEEP_S = 0.05


class AsyncSocketTransport:
    """A pool of connections to one venue, for one event loop.

    At most ``max_connections`` are open; more requests wait in order for the next free one.
    Deadlines are kept by one timer that looks at everything in flight every 50 ms, which costs a
    fraction of a timer per request. A request is written once and never resent here.
    """

    def __init__(
        self, base: BaseUrl, limits: Limits | None = None, context: ssl.SSLContext | None = None
    ) -> None:
        self._base = base
        self._limits = limits or Limits()
        self._context = context
        self._idle: list[_Connection] = []
        self._busy: set[_Connection] = set()
        self._opening = 0
        self._waiting: deque[_Waiter] = deque()
        self._sweeper: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False

    async def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        """Send once and wait at most ``timeout_s`` seconds; see `Transport.send`."""
        data = encode_request(request)
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        connection = self._take_idle(loop) or await self._acquire(loop, deadline)
        self._busy.add(connection)
        if self._sweeper is None:
            self._sweeper = loop.call_later(_SWEEP_S, self._sweep)
        try:
            return await connection.exchange(request.method, data, deadline)
        finally:
            self._release(connection)

    async def aclose(self) -> None:
        """Close every connection; what is in flight fails."""
        self._is_closed = True
        for connection in (*self._idle, *self._busy):
            connection.fail(TransportError("the client was closed", maybe_sent=True))
        self._idle.clear()
        while self._waiting:
            self._waiting.popleft().fail(ConnectError("the client was closed"))
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None

    def _take_idle(self, loop: asyncio.AbstractEventLoop) -> _Connection | None:
        if self._waiting:
            return None
        oldest = loop.time() - self._limits.idle_timeout_s
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and connection.last_used >= oldest:
                return connection
            connection.close()
        return None

    async def _acquire(self, loop: asyncio.AbstractEventLoop, deadline: float) -> _Connection:
        if self._is_closed:
            raise ConnectError("the client is closed")
        if len(self._busy) + self._opening < self._limits.max_connections:
            self._opening += 1
            return await self._connect(loop, deadline)
        waiter = _Waiter(loop.create_future(), deadline)
        self._waiting.append(waiter)
        try:
            connection = await waiter.future
        except asyncio.CancelledError:
            self._take_back(waiter)
            raise
        return connection if connection is not None else await self._connect(loop, deadline)

    async def _connect(self, loop: asyncio.AbstractEventLoop, deadline: float) -> _Connection:
        """Open a connection; the caller has counted it in ``_opening`` already."""
        base, limits = self._base, self._limits
        if base.is_secure and self._context is None:
            self._context = default_context()
        timeout_s = min(limits.connect_timeout_s, max(0.0, deadline - loop.time()))
        try:
            async with asyncio.timeout(timeout_s):
                _, protocol = await loop.create_connection(
                    lambda: _Connection(loop, limits),
                    base.host,
                    base.port,
                    ssl=self._context if base.is_secure else None,
                )
        except BaseException as error:
            self._forgo_opening()
            if isinstance(error, OSError):
                reason = str(error) or f"no connection within {timeout_s:g} s"
                raise ConnectError(f"cannot connect to {base.authority}: {reason}") from error
            raise
        self._opening -= 1
        return protocol

    def _release(self, connection: _Connection) -> None:
        self._busy.discard(connection)
        if self._is_closed or not connection.is_reusable:
            connection.close()
            self._opening += 1
            self._forgo_opening()
        elif not self._wake_one(connection):
            self._idle.append(connection)

    def _forgo_opening(self) -> None:
        """Pass the right to open a connection on to whoever has waited longest, or drop it."""
        if not self._wake_one(None):
            self._opening -= 1

    def _wake_one(self, connection: _Connection | None) -> bool:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.future.done():
                waiter.future.set_result(connection)
                return True
        return False

    def _take_back(self, waiter: _Waiter) -> None:
        """A cancelled request may have been handed something in the same tick."""
        future = waiter.future
        if not future.done() or future.cancelled() or future.exception() is not None:
            return
        connection = future.result()
        if connection is None:
            self._forgo_opening()
        else:
            self._release(connection)

    def _sweep(self) -> None:
        assert self._loop is not None
        now = self._loop.time()
        for connection in self._busy:
            if connection.deadline <= now:
                connection.fail(
                    TimeoutError("no whole answer before the deadline", maybe_sent=True)
                )
        for waiter in self._waiting:
            if waiter.deadline <= now:
                waiter.fail(TimeoutError("no connection came free in time", maybe_sent=False))
        is_idle = not self._busy and not self._waiting
        self._sweeper = None if is_idle else self._loop.call_later(_SWEEP_S, self._sweep)


class _Waiter:
    """A request that waits for a connection; None means that it may open one."""

    __slots__ = ("deadline", "future")

    def __init__(self, future: asyncio.Future[_Connection | None], deadline: float) -> None:
        self.future = future
        self.deadline = deadline

    def fail(self, error: TransportError) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class _Connection(asyncio.Protocol):
    """One socket; at most one request is in flight on it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: Limits) -> None:
        self._loop = loop
        self._parser = ResponseParser(limits)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[WireResponse] | None = None
        self.deadline = 0.0
        self.last_used = 0.0
        self.is_open = False
        self.is_reusable = False

    def exchange(self, method: str, data: bytes, deadline: float) -> asyncio.Future[WireResponse]:
        """Write one request; the future brings its answer. Cancelling it spends the connection."""
        assert self._transport is not None
        self.deadline = deadline
        self.is_reusable = False
        self._parser.start(method)
        self._answer = answer = self._loop.create_future()
        if not self.is_open:
            answer.set_exception(TransportError("the connection was closed", maybe_sent=False))
            return answer
        self._transport.write(data)
        return answer

    def fail(self, error: TransportError) -> None:
        """End what is in flight with an error and close."""
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self.is_open = False
        self.is_reusable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, hence the cast.
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        answer = self._answer
        if answer is None or answer.done():
            # Nobody asked: an idle connection that talks is not one to trust.
            self.close()
            return
        try:
            response = self._parser.feed(data)
        except TransportError as error:
            self.fail(error)
            return
        if response is not None:
            self._deliver(answer, response)

    def eof_received(self) -> bool:
        response = self._parser.end() if self._answer is not None else None
        if response is not None and self._answer is not None and not self._answer.done():
            self._deliver(self._answer, response)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        reason = f"the connection broke: {exc}" if exc else "the venue closed the connection"
        self.fail(TransportError(reason, maybe_sent=True))

    def _deliver(self, answer: asyncio.Future[WireResponse], response: WireResponse) -> None:
        self._answer = None
        self.is_reusable = self.is_open and not self._parser.should_close
        self.last_used = self._loop.time()
        answer.set_result(response)
