"""The asyncio base of generated stream clients: carries out what the session decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

from msgspec import structs

from venuekit_runtime.async_client import BaseAsyncClient
from venuekit_runtime.base_url import NOWHERE, BaseUrl, parse_base_url
from venuekit_runtime.clock import Clock
from venuekit_runtime.core import signers_of
from venuekit_runtime.errors import ApiError, SessionError, StreamClosedError, VenueError
from venuekit_runtime.log import STREAM_LOG
from venuekit_runtime.observe import named
from venuekit_runtime.operation import Channel, StreamOperation, StreamProtocol
from venuekit_runtime.session import may_repeat
from venuekit_runtime.signing import Credentials
from venuekit_runtime.stream.feed import Feed
from venuekit_runtime.stream.kept import KeptSessions, is_final
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
from venuekit_runtime.stream.session import Backoff, Status, StreamSession
from venuekit_runtime.stream.signed import signs_of
from venuekit_runtime.stream.subscription import LiveBook, Subscription
from venuekit_runtime.stream.wire import Wire, open_wire

T = TypeVar("T")

_TICK_S = 0.25


class BaseStreamClient:
    """One socket to one venue that comes back by itself, used from one event loop.

    ``base_url`` goes before what the contract, or the reply that opens a session, says.
    ``rest`` opens the sessions that the socket needs (a listen key, a token); they are refreshed
    while the socket is open, and closed with that client.
    ``on_unmatched`` gets every frame that nothing wanted or that did not decode, with a reason.
    """

    _default_base_url: ClassVar[str] = ""
    _protocol: ClassVar[StreamProtocol]
    _operations: ClassVar[tuple[StreamOperation[Any], ...]] = ()
    _channels: ClassVar[tuple[Channel[Any], ...]] = ()

    def __init__(
        self,
        base_url: str | None = None,
        credentials: Credentials | Sequence[Credentials] | None = None,
        *,
        rest: BaseAsyncClient | None = None,
        timeout_s: float = 10.0,
        backoff: Backoff | None = None,
        clock: Clock | None = None,
        on_unmatched: Callable[[bytes | str, str], None] | None = None,
    ) -> None:
        self.clock = clock if clock is not None else Clock()
        self._timeout_s = timeout_s
        self._backoff = backoff or Backoff()
        self._kept = KeptSessions(self._protocol, rest)
        self._is_told = base_url is None and self._kept.names_server
        url = base_url if base_url is not None else self._default_base_url
        self._base = NOWHERE if self._is_told else self._placed(parse_base_url(url))
        self._held = {**signers_of(credentials, self.clock), **self._kept.signers}
        self._session = StreamSession(
            self._protocol,
            self._operations,
            self._channels,
            signs_of(self._protocol.log_on, self._operations, self._held, *self._place),
            self._backoff,
            request_timeout_s=timeout_s,
            endings=self._kept.endings,
            ends=self._kept.ends,
        )
        self._on_unmatched = on_unmatched
        self._wire: Wire | None = None
        self._tickets: dict[int, asyncio.Future[Any]] = {}
        self._subscriptions: dict[int, Subscription[Any]] = {}
        self._next_number = 0
        self._ready: asyncio.Event = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._connect_error: VenueError | None = None
        self.unmatched_count = 0

    @property
    def status(self) -> Status:
        """Where the connection stands."""
        return self._session.status

    async def connect(self) -> Self:
        """Open the socket, log on if there are credentials, and return when it is ready.

        Raises ConnectError when the first socket can not be opened in time, SessionError when a
        session that it needs is refused, and ApiError when the log-on is. Afterwards the stream
        comes back by itself.
        """
        if not self._tasks:
            self._spawn(self._tick())
            self._session.start()
            self._carry_out()
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._ready.wait()
        except TimeoutError:
            error = self._connect_error or StreamClosedError("the stream did not become ready")
            await self.aclose()
            raise error from None
        if self._session.failure is not None:
            error = self._session.failure
            await self.aclose()
            raise error
        return self

    async def aclose(self) -> None:
        """Close for good; what is in flight fails, iterations end."""
        self._session.close()
        self._carry_out()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _ask(
        self,
        operation: StreamOperation[T],
        arguments: Mapping[str, Any],
        timeout_s: float | None = None,
    ) -> T:
        if not self._kept.signers:
            return await self._exchange(operation, arguments, timeout_s)
        try:
            result = await self._exchange(operation, arguments, timeout_s)
        except ApiError as error:
            is_over = self._kept.ends(operation, error) and may_repeat(operation.effect, error)
            if not is_over:
                raise
            await self._kept.open()
            result = await self._exchange(operation, arguments, timeout_s)
        self._kept.ends(operation, None)
        return result

    async def _exchange(
        self, operation: StreamOperation[T], arguments: Mapping[str, Any], timeout_s: float | None
    ) -> T:
        self._next_number += 1
        ticket = self._next_number
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._session.ask(ticket, operation, arguments, self._now(), timeout_s)
        self._tickets[ticket] = future
        self._carry_out()
        if not STREAM_LOG.is_debugged:
            return await future
        start = self._now()
        try:
            result = await future
        except VenueError as error:
            STREAM_LOG.logger.debug(
                "%s: %s in %.1f ms", operation.name, named(error), self._ms(start)
            )
            raise
        STREAM_LOG.logger.debug("%s: answered in %.1f ms", operation.name, self._ms(start))
        return result

    def _subscribe(self, channel: Channel[T], arguments: Mapping[str, Any]) -> Subscription[T]:
        self._next_number += 1
        feed = Feed(self._next_number, channel, arguments)
        subscription: Subscription[T] = Subscription(feed, self._unsubscribe)
        self._subscriptions[feed.number] = subscription
        self._session.open_feed(feed, self._now())
        self._carry_out()
        return subscription

    def _follow(self, channel: Channel[Any], arguments: Mapping[str, Any]) -> LiveBook:
        return LiveBook(self._subscribe(channel, arguments), channel)

    def _unsubscribe(self, number: int) -> None:
        if self._subscriptions.pop(number, None) is not None:
            self._session.close_feed(number, self._now())
            self._carry_out()

    def _carry_out(self) -> None:
        outputs, self._session.outputs = self._session.outputs, []
        for output in outputs:
            self._do(output)
        if self._session.status in (Status.READY, Status.CLOSED):
            self._ready.set()

    def _do(self, output: Output) -> None:
        match output:
            case Send(data):
                if self._wire is not None:
                    self._wire.send(data)
            case Deliver(number, event, error):
                subscription = self._subscriptions.get(number)
                if subscription is not None:
                    subscription.take(event, error)
            case Live(number):
                if number in self._subscriptions:
                    self._subscriptions[number].wake()
            case Settle(ticket, value, error):
                self._settle(ticket, value, error)
            case Connect(delay_s):
                self._spawn(self._open(delay_s))
            case Disconnect(reason):
                if self._wire is not None:
                    self._wire.drop(reason)
            case SessionOver(scheme):
                self._kept.end(scheme)
            case Unmatched(data, reason):
                self.unmatched_count += 1
                if self._on_unmatched is not None:
                    self._on_unmatched(data, reason)

    def _settle(self, ticket: int, value: Any, error: VenueError | None) -> None:
        future = self._tickets.pop(ticket, None)
        if future is None or future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)

    async def _open(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        try:
            await self._kept.open()
            if self._is_told:
                self._move(self._placed(self._kept.server()))
            target, headers = self._kept.handshake(*self._place)
            self._wire = await open_wire(
                self._base, target, self._message, self._lost, self._timeout_s, headers
            )
        except VenueError as error:
            self._connect_error = error
            self._kept.not_opened(error)
            if isinstance(error, SessionError) and is_final(error):
                self._session.on_refused(error)
                self._carry_out()
                return
            STREAM_LOG.logger.debug("no socket to %s: %s", self._base.authority, named(error))
            self._lost(str(error))
            return
        STREAM_LOG.logger.debug("a socket to %s is open", self._base.authority)
        self._session.on_open(self._now())
        self._carry_out()

    def _message(self, data: bytes) -> None:
        self._session.on_frame(data, self._now())
        self._carry_out()

    def _lost(self, reason: str) -> None:
        if self._wire is not None:
            STREAM_LOG.logger.debug("the socket to %s is gone", self._base.authority)
        self._wire = None
        self._session.on_lost(reason, self._now())
        self._carry_out()

    async def _tick(self) -> None:
        while self._session.status is not Status.CLOSED:
            await asyncio.sleep(_TICK_S)
            self._session.on_time(self._now())
            self._carry_out()
            if self._kept.is_due(self._now()):
                self._spawn(self._renew())

    async def _renew(self) -> None:
        """Refresh the sessions that are due; an address that holds an old value is left."""
        await self._kept.renew(self._now(), self._backoff)
        if self._wire is not None and self._kept.has_moved(*self._place):
            self._wire.drop("the session was opened anew")

    def _placed(self, base: BaseUrl) -> BaseUrl:
        """The whole address of the socket is as welcome as the venue's."""
        return structs.replace(base, path=base.path.removesuffix(self._protocol.path))

    def _move(self, base: BaseUrl) -> None:
        """Go where a session's reply says; messages are signed for that place."""
        if base != self._base:
            self._base = base
            log_on, operations = self._protocol.log_on, self._operations
            self._session.signs = signs_of(log_on, operations, self._held, *self._place)

    @property
    def _place(self) -> tuple[str, str]:
        return self._base.authority, self._base.path + self._protocol.path

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _ms(self, start: float) -> float:
        return (self._now() - start) * 1000.0

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
