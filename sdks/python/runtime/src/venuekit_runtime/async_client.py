"""The asynchronous base of generated clients: prepare, send, read, and perhaps again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

from venuekit_runtime.async_keeping import AsyncKeeper
from venuekit_runtime.client import DEFAULT_TIMEOUT_S
from venuekit_runtime.clock import Clock
from venuekit_runtime.core import NOTHING_KEPT, CallOptions, ClientCore, Kept
from venuekit_runtime.errors import ApiError, DecodeError, TransportError
from venuekit_runtime.http.nonblocking import AsyncSocketTransport
from venuekit_runtime.http.transport import AsyncTransport
from venuekit_runtime.observe import NO_HOOKS, Hooks, watched
from venuekit_runtime.operation import HttpOperation
from venuekit_runtime.pages import page_step, rule_of
from venuekit_runtime.places import Carriers, Places
from venuekit_runtime.response import RawReply
from venuekit_runtime.retry import READS_ONLY, RetryPolicy
from venuekit_runtime.session import SessionRule
from venuekit_runtime.signing import Credentials

T = TypeVar("T")


class BaseAsyncClient:
    """Calls operations of one venue from one event loop.

    ``timeout_s`` holds for each attempt. ``retry`` repeats reads and never an order without a
    dedup key. ``transport`` replaces the built-in one, for instance by
    `venuekit_runtime.http.httpx_transport.AsyncHttpxTransport` behind a proxy.
    ``hooks`` are told of each attempt; the logger `venuekit.http` writes a debug line for it.
    Neither sees a secret. ``base_urls`` and ``transports`` are for operations that the contract
    serves elsewhere, by the URLs that it states.
    """

    _default_base_url: ClassVar[str] = ""
    _user_agent: ClassVar[str] = "venuekit"
    _sessions: ClassVar[tuple[SessionRule, ...]] = ()

    def __init__(
        self,
        base_url: str | None = None,
        credentials: Credentials | Sequence[Credentials] | None = None,
        *,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        retry: RetryPolicy = READS_ONLY,
        clock: Clock | None = None,
        transport: AsyncTransport | None = None,
        hooks: Hooks = NO_HOOKS,
        base_urls: Mapping[str, str] | None = None,
        transports: Mapping[str, AsyncTransport] | None = None,
    ) -> None:
        places = Places(base_url, self._default_base_url, base_urls)
        self.clock = clock if clock is not None else Clock()
        self._core = ClientCore(
            places, credentials, self.clock, retry, self._user_agent, self._sessions
        )
        self._keepers = {
            scheme: AsyncKeeper(session, self._ask_session)
            for scheme, session in self._core.sessions.items()
        }
        self._timeout_s = timeout_s
        self._hooks = hooks
        self._carriers: Carriers[AsyncTransport] = Carriers(
            places.base, transport, transports, AsyncSocketTransport
        )
        self._transport = self._carriers.first

    async def request(
        self,
        operation: HttpOperation[T],
        arguments: Mapping[str, Any],
        options: CallOptions | None = None,
    ) -> RawReply[T]:
        """Call an operation and return the decoded value with status, headers and raw bytes.

        Raises ApiError, DecodeError, TransportError, SessionError where a session cannot be opened,
        and UnknownOutcomeError when it is open whether the venue carried the request out.
        Cancelling the task closes the connection and leaves the outcome open in the same way.
        """
        core = self._core
        timeout_s = self._timeout_s
        if options is not None and options.timeout_s is not None:
            timeout_s = options.timeout_s
        attempt = 1
        has_renewed = False
        while True:
            kept = await self._kept(operation) if self._keepers else NOTHING_KEPT
            request, plan = core.prepare(operation, arguments, options, kept.given)
            transport = self._transport
            if operation.base_url is not None:
                transport = self._carriers.of(operation, core.base_of(operation))
            watch = watched(self._hooks, operation, arguments, request, attempt)
            try:
                response = await transport.send(request, timeout_s)
                if watch is not None:
                    watch.answered(response)
                return plan.read(response)
            except (TransportError, ApiError, DecodeError) as error:
                is_over = core.meets_end(operation, kept, error) if self._keepers else False
                delay = core.next_delay(operation, attempt, error)
                if is_over and not has_renewed:
                    has_renewed, delay = True, 0.0
                if watch is not None:
                    watch.failed(error, delay)
                if delay is None:
                    meaning = core.outcome(operation, arguments, error)
                    if meaning is error:
                        raise
                    raise meaning from error
            await asyncio.sleep(delay)
            attempt += 1

    async def _kept(self, operation: HttpOperation[Any]) -> Kept:
        """Open and refresh the sessions that an operation needs; raises SessionError."""
        generations, given = {}, {}
        for scheme in self._core.sessions_for(operation):
            keeper = self._keepers[scheme]
            if keeper.session.rule.is_single_use:
                given[scheme] = await keeper.draw()
            else:
                generations[scheme] = await keeper.keep()
        return Kept(generations, given)

    async def _ask_session(
        self, operation: HttpOperation[Any], arguments: Mapping[str, Any]
    ) -> Any:
        reply = await self.request(operation, arguments)
        return reply.json() if reply.raw else None

    async def _call(
        self,
        operation: HttpOperation[T],
        arguments: Mapping[str, Any],
        options: CallOptions | None = None,
    ) -> T:
        return (await self.request(operation, arguments, options)).value

    async def _iterate(
        self,
        operation: HttpOperation[Any],
        arguments: Mapping[str, Any],
        max_items: int | None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[Any]:
        rule = rule_of(operation)
        left = max_items
        asked: Mapping[str, Any] | None = arguments
        while asked is not None and (left is None or left > 0):
            reply = await self.request(operation, asked, options)
            step = page_step(rule, asked, reply.value)
            for item in step.items[:left]:
                yield item
            left = None if left is None else left - len(step.items)
            asked = step.arguments

    async def aclose(self) -> None:
        """End the sessions that the contract says how to end, and close the connections."""
        for keeper in reversed(self._keepers.values()):
            await keeper.close()
        for transport in self._carriers.all():
            await transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
