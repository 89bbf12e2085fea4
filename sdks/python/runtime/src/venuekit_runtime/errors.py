"""Every error that an SDK raises, and what each one says about the order that was on its way.

VenueError                     anything that this SDK raises on purpose
├── ConfigurationError         the caller's set-up cannot work: no credentials, a bad base URL
├── SigningError               a request could not be signed; nothing was sent
├── SessionError               a session could not be opened; what needed it was not sent
├── ApiError                   the venue answered and refused; a generated subclass per code
├── DecodeError                the venue answered and the answer does not fit the contract
├── WebhookRefusedError        a call of the venue is not signed as the contract says
├── TransportError             no usable answer; ``maybe_sent`` says whether the venue may have it
│   ├── ConnectError           no connection could be made; nothing was sent
│   ├── TimeoutError           the deadline passed
│   └── ProtocolError          what came back is not HTTP or WebSocket as the RFCs have it
├── UnknownOutcomeError        the order may have been accepted: look it up, do not resend
└── StreamError                a stream could not do what was asked
    ├── StreamClosedError      the stream is closed, or was closed while it was used
    └── NotConnectedError      a message was dropped unsent because the socket is down
"""

from __future__ import annotations

import builtins
from typing import ClassVar

PREVIEW_BYTES = 200


class VenueError(Exception):
    """The root: catch this to catch everything that the SDK raises on purpose."""


class ConfigurationError(VenueError):
    """The client is set up in a way that cannot work; nothing was sent."""


class SigningError(VenueError):
    """A request could not be signed, for instance because a key does not decode; nothing was sent.

    The message never contains the secret or any part of it.
    """


class SessionError(VenueError):
    """A session could not be opened, so the request that needed it was not sent.

    ``scheme`` is the security scheme whose session it is, ``operation`` the one that opens it. What
    happened to that is ``__cause__``. The message never contains what a session gives.
    """

    def __init__(self, scheme: str, operation: str, reason: str) -> None:
        self.scheme = scheme
        self.operation = operation
        self.reason = reason
        super().__init__(f"{operation} did not open the session of {scheme}: {reason}")


class ApiError(VenueError):
    """The venue answered and refused.

    ``code`` is the venue's own error code (empty when it gave none), ``status`` the HTTP status
    (0 on a stream), ``details`` the venue's machine-readable extra facts, ``raw`` the answer's
    bytes, ``retry_after_s`` the seconds that a Retry-After header asked for. Generated subclasses
    set ``retry_class``, the word of the contract's error table: never, after_fix, after_delay or
    resolve.
    """

    retry_class: ClassVar[str | None] = None

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        status: int = 0,
        details: object = None,
        request_id: str | None = None,
        raw: bytes = b"",
        retry_after_s: float | None = None,
    ) -> None:
        self.code = code
        self.status = status
        self.message = message
        self.details = details
        self.request_id = request_id
        self.raw = raw
        self.retry_after_s = retry_after_s
        super().__init__(_api_text(code, status, message, request_id))


class DecodeError(VenueError):
    """The venue answered, and the answer does not fit the contract.

    A request that places an order and ends here *was answered*: read ``status`` and ``raw``.
    """

    def __init__(self, message: str, *, raw: bytes, status: int = 0) -> None:
        self.raw = raw
        self.status = status
        super().__init__(f"{message} (status {status}; the answer begins {raw[:PREVIEW_BYTES]!r})")


class WebhookRefusedError(VenueError):
    """A call that claims to be the venue's is not signed by it; nothing of its body was read.

    The message never contains a secret or the signature that would have been right.
    """


class TransportError(VenueError):
    """No usable answer came back; ``maybe_sent`` says whether the venue may have the request."""

    def __init__(self, message: str, *, maybe_sent: bool) -> None:
        self.maybe_sent = maybe_sent
        super().__init__(message)


class ConnectError(TransportError):
    """No connection could be made in time, or TLS was refused; nothing was sent.

    ``status`` is that of the answer which refused a WebSocket, 0 where none came.
    """

    def __init__(self, message: str, *, status: int = 0) -> None:
        self.status = status
        super().__init__(message, maybe_sent=False)


class TimeoutError(TransportError, builtins.TimeoutError):
    """The deadline passed before the answer was complete."""


class ProtocolError(TransportError):
    """What came back is not what the protocol allows; the connection was closed."""


class UnknownOutcomeError(VenueError):
    """The request may have reached the venue and no answer says what became of it.

    Never place the order again under a new id. Watch the order stream, or look the order up by
    ``dedup_value`` with the operation named ``resolver``; both are None when the contract offers
    none. The cause (a timeout, a reset, a 5xx) is ``__cause__``.
    """

    def __init__(
        self,
        operation: str,
        *,
        dedup_key: str | None,
        dedup_value: str | None,
        resolver: str | None,
        reason: str,
    ) -> None:
        self.operation = operation
        self.dedup_key = dedup_key
        self.dedup_value = dedup_value
        self.resolver = resolver
        super().__init__(_unknown_text(operation, dedup_key, dedup_value, resolver, reason))

    @property
    def client_order_id(self) -> str | None:
        """The client order id of the request, when that is what the contract deduplicates by."""
        return self.dedup_value


class StreamError(VenueError):
    """A stream could not do what was asked."""


class StreamClosedError(StreamError):
    """The stream is closed, or was closed while it was being used."""


class NotConnectedError(StreamError):
    """The socket is down: the message was dropped unsent and will not be flushed later."""


def _api_text(code: str, status: int, message: str, request_id: str | None) -> str:
    parts = [part for part in (code, message) if part]
    text = ": ".join(parts) or "the venue refused the request"
    facts = [f"status {status}"] if status else []
    if request_id:
        facts.append(f"request {request_id}")
    return f"{text} ({', '.join(facts)})" if facts else text


def _unknown_text(
    operation: str, key: str | None, value: str | None, resolver: str | None, reason: str
) -> str:
    text = f"the outcome of {operation} is unknown: {reason}"
    if key and value:
        text += f"; {key}={value}"
    if resolver:
        text += f"; look it up with {resolver}"
    return text
