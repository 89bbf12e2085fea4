"""What is told of each attempt, to hooks and to the `venuekit` logger, with every secret left out.

Only what the contract names is shown: query and header values that a signer added, a caller's own
headers, and names that sound like secrets become ``[redacted]``. Bodies are never shown, because a
signer may have written into them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET, Struct

from venuekit_runtime.encoding import percent_encode, styled
from venuekit_runtime.errors import ApiError, VenueError
from venuekit_runtime.http.transport import WireResponse
from venuekit_runtime.log import HTTP_LOG
from venuekit_runtime.operation import HttpOperation
from venuekit_runtime.signing import WireRequest

REDACTED = "[redacted]"

_SECRET_NAME = r"key|secret|token|sign|pass|auth|cookie|nonce|otp|session|credential"
_PLAIN_HEADERS = frozenset(
    ("host", "user-agent", "accept", "accept-encoding", "content-type", "content-length")
)


class RequestView(Struct, frozen=True, kw_only=True):
    """One attempt that is about to be sent; ``attempt`` counts from 1."""

    operation: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body_bytes: int
    attempt: int


class ResponseView(Struct, frozen=True, kw_only=True):
    """The answer to one attempt, whatever its status; ``elapsed_s`` is the time it took."""

    request: RequestView
    status: int
    headers: tuple[tuple[str, str], ...]
    body_bytes: int
    elapsed_s: float


class ErrorView(Struct, frozen=True, kw_only=True):
    """One attempt that failed; ``retry_in_s`` is None when it was the last."""

    request: RequestView
    error: VenueError
    elapsed_s: float
    retry_in_s: float | None


class Hooks(Struct, frozen=True, kw_only=True):
    """Functions that are called with each attempt, in the thread or task that makes it.

    What ``on_request`` raises reaches the caller, and nothing is sent. What the other two raise is
    logged and goes no further: a fault of theirs must not hide what became of an order.
    """

    on_request: Callable[[RequestView], None] | None = None
    on_response: Callable[[ResponseView], None] | None = None
    on_error: Callable[[ErrorView], None] | None = None


NO_HOOKS = Hooks()


class Watch:
    """One attempt under observation."""

    __slots__ = ("_hooks", "_start", "view")

    def __init__(self, hooks: Hooks, view: RequestView) -> None:
        self._hooks = hooks
        self.view = view
        if hooks.on_request is not None:
            hooks.on_request(view)
        self._start = time.monotonic()

    def answered(self, response: WireResponse) -> None:
        """Tell of an answer."""
        elapsed_s = time.monotonic() - self._start
        view = self.view
        HTTP_LOG.logger.debug(
            "%s %s: %d in %.1f ms, %d bytes (%s, attempt %d)",
            view.method,
            view.target,
            response.status,
            elapsed_s * 1000.0,
            len(response.body),
            view.operation,
            view.attempt,
        )
        if self._hooks.on_response is not None:
            answer = ResponseView(
                request=view,
                status=response.status,
                headers=tuple(_shown_header(name, value) for name, value in response.headers),
                body_bytes=len(response.body),
                elapsed_s=elapsed_s,
            )
            _tell(self._hooks.on_response, answer, "on_response")

    def failed(self, error: VenueError, retry_in_s: float | None) -> None:
        """Tell of a failure, and of the next attempt if there will be one."""
        elapsed_s = time.monotonic() - self._start
        view = self.view
        HTTP_LOG.logger.debug(
            "%s %s: %s in %.1f ms, %s (%s, attempt %d)",
            view.method,
            view.target,
            named(error),
            elapsed_s * 1000.0,
            "no more attempts" if retry_in_s is None else f"again in {retry_in_s:.3f} s",
            view.operation,
            view.attempt,
        )
        if self._hooks.on_error is not None:
            failure = ErrorView(
                request=view, error=error, elapsed_s=elapsed_s, retry_in_s=retry_in_s
            )
            _tell(self._hooks.on_error, failure, "on_error")


def watched(
    hooks: Hooks,
    operation: HttpOperation[Any],
    arguments: Mapping[str, Any],
    request: WireRequest,
    attempt: int,
) -> Watch | None:
    """Start to observe an attempt, or None when nobody looks."""
    if hooks is NO_HOOKS and not HTTP_LOG.is_debugged:
        return None
    return Watch(hooks, request_view(operation, arguments, request, attempt))


def request_view(
    operation: HttpOperation[Any],
    arguments: Mapping[str, Any],
    request: WireRequest,
    attempt: int,
) -> RequestView:
    """What may be shown of a request."""
    plain = _PLAIN_HEADERS | _declared(operation, "header")
    return RequestView(
        operation=operation.name,
        method=request.method,
        target=_shown_target(operation, arguments, request.target),
        headers=tuple(
            (name, value if name.lower() in plain else REDACTED) for name, value in request.headers
        ),
        body_bytes=len(request.body),
        attempt=attempt,
    )


def named(error: VenueError) -> str:
    """An error's class and code; not its words, because a venue may repeat what it refused."""
    kind = type(error).__name__
    return f"{kind} {error.code[:64]!r}" if isinstance(error, ApiError) and error.code else kind


def _shown_target(operation: HttpOperation[Any], arguments: Mapping[str, Any], target: str) -> str:
    path, mark, query = target.partition("?")
    for p in operation.parameters:
        value = arguments.get(p.argument, UNSET)
        if p.location == "path" and _sounds_secret(p.name) and value is not UNSET:
            path = path.replace(styled(p.name, value, p.style, p.explode, p.wire), REDACTED)
    plain = _declared(operation, "query")
    return path + mark + "&".join(_shown_pair(pair, plain) for pair in query.split("&") if pair)


def _shown_pair(pair: str, plain: frozenset[str]) -> str:
    name, mark, _ = pair.partition("=")
    # A deepObject's names carry the member in brackets.
    is_plain = name.partition("%5B")[0].lower() in plain and not _sounds_secret(name)
    return pair if is_plain else f"{name}{mark}{REDACTED}" if mark else REDACTED


def _declared(operation: HttpOperation[Any], location: str) -> frozenset[str]:
    return frozenset(
        percent_encode(p.name).lower()
        for p in operation.parameters
        if p.location == location and not _sounds_secret(p.name)
    )


def _shown_header(name: str, value: str) -> tuple[str, str]:
    return name, REDACTED if _sounds_secret(name) else value


def _sounds_secret(name: str) -> bool:
    return re.search(_SECRET_NAME, name.lower()) is not None


def _tell(hook: Callable[[Any], None], view: Struct, name: str) -> None:
    try:
        hook(view)
    except Exception:
        HTTP_LOG.logger.exception("the %s hook failed", name)
