"""The synchronous base of generated clients: prepare, send, read, and perhaps again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from venuekit_runtime.clock import Clock
from venuekit_runtime.core import NOTHING_KEPT, CallOptions, ClientCore, Kept
from venuekit_runtime.errors import ApiError, DecodeError, TransportError
from venuekit_runtime.http.blocking import SocketTransport
from venuekit_runtime.http.transport import Transport
from venuekit_runtime.observe import NO_HOOKS, Hooks, watched
from venuekit_runtime.operation import HttpOperation
from venuekit_runtime.pages import page_step, rule_of
from venuekit_runtime.places import Carriers, Places
from venuekit_runtime.response import RawReply
from venuekit_runtime.retry import READS_ONLY, RetryPolicy
from venuekit_runtime.signing import Credentials

if TYPE_CHECKING:
    from venuekit_runtime.keeping import BlockingKeeper
    from venuekit_runtime.session_rule import SessionRule

T = TypeVar("T")

DEFAULT_TIMEOUT_S = 10.0


class BaseClient:
    """Calls operations of one venue and waits; safe to share between threads.

    ``timeout_s`` holds for each attempt. ``retry`` repeats reads and never an order without a
    dedup key. ``transport`` replaces the built-in one, for instance by
    `venuekit_runtime.http.httpx_transport.HttpxTransport` behind a proxy. ``hooks`` are told of
    each attempt; the logger `venuekit.http` writes a debug line for it. Neither sees a secret.
    ``base_urls`` and ``transports`` are for operations that the contract serves elsewhere, by the
    URLs that it states.
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
        transport: Transport | None = None,
        hooks: Hooks = NO_HOOKS,
        base_urls: Mapping[str, str] | None = None,
        transports: Mapping[str, Transport] | None = None,
    ) -> None:
        places = Places(base_url, self._default_base_url, base_urls)
        self.clock = clock if clock is not None else Clock()
        self._core = ClientCore(
            places, credentials, self.clock, retry, self._user_agent, self._sessions
        )
        self._keepers = self._made_keepers() if self._core.sessions else {}
        self._timeout_s = timeout_s
        self._hooks = hooks
        self._carriers: Carriers[Transport] = Carriers(
            places.base, transport, transports, SocketTransport
        )
        self._transport = self._carriers.first

    def request(
        self,
        operation: HttpOperation[T],
        arguments: Mapping[str, Any],
        options: CallOptions | None = None,
    ) -> RawReply[T]:
        """Call an operation and return the decoded value with status, headers and raw bytes.

        Raises ApiError, DecodeError, TransportError, SessionError where a session cannot be opened,
        and UnknownOutcomeError when it is open whether the venue carried the request out.
        """
        core = self._core
        timeout_s = self._timeout_s
        if options is not None and options.timeout_s is not None:
            timeout_s = options.timeout_s
        attempt = 1
        has_renewed = False
        while True:
            kept = self._kept(operation) if self._keepers else NOTHING_KEPT
            request, plan = core.prepare(operation, arguments, options, kept.given)
            transport = self._transport
            if operation.base_url is not None:
                transport = self._carriers.of(operation, core.base_of(operation))
            watch = watched(self._hooks, operation, arguments, request, attempt)
            try:
                response = transport.send(request, timeout_s)
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
            time.sleep(delay)
            attempt += 1

    def _made_keepers(self) -> dict[str, BlockingKeeper]:
        from venuekit_runtime.keeping import BlockingKeeper

        return {
            scheme: BlockingKeeper(session, self._ask_session)
            for scheme, session in self._core.sessions.items()
        }

    def _kept(self, operation: HttpOperation[Any]) -> Kept:
        """Open and refresh the sessions that an operation needs; raises SessionError."""
        generations, given = {}, {}
        for scheme in self._core.sessions_for(operation):
            keeper = self._keepers[scheme]
            if keeper.session.rule.is_single_use:
                given[scheme] = keeper.draw()
            else:
                generations[scheme] = keeper.keep()
        return Kept(generations, given)

    def _ask_session(self, operation: HttpOperation[Any], arguments: Mapping[str, Any]) -> Any:
        reply = self.request(operation, arguments)
        return reply.json() if reply.raw else None

    def _call(
        self,
        operation: HttpOperation[T],
        arguments: Mapping[str, Any],
        options: CallOptions | None = None,
    ) -> T:
        return self.request(operation, arguments, options).value

    def _iterate(
        self,
        operation: HttpOperation[Any],
        arguments: Mapping[str, Any],
        max_items: int | None,
        options: CallOptions | None = None,
    ) -> Iterator[Any]:
        rule = rule_of(operation)
        left = max_items
        asked: Mapping[str, Any] | None = arguments
        while asked is not None and (left is None or left > 0):
            reply = self.request(operation, asked, options)
            step = page_step(rule, asked, reply.value)
            yield from step.items[:left]
            left = None if left is None else left - len(step.items)
            asked = step.arguments

    def close(self) -> None:
        """End the sessions that the contract says how to end, and close the connections."""
        for keeper in reversed(self._keepers.values()):
            keeper.close()
        for transport in self._carriers.all():
            transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
