"""Everything that a call can raise; one class for each code of the venue."""

from __future__ import annotations

from venuekit_runtime.errors import (
    ApiError,
    ConfigurationError,
    ConnectError,
    DecodeError,
    NotConnectedError,
    ProtocolError,
    SigningError,
    StreamClosedError,
    StreamError,
    TimeoutError,
    TransportError,
    UnknownOutcomeError,
    VenueError,
)


class NoBalanceError(ApiError):
    """NO_BALANCE (status 422): The balance is too small.

    Lower the quantity.
    """

    retry_class = "after_fix"


class Code1021Error(ApiError):
    """-1021: The clock is off.

    Set the clock.
    """

    retry_class = "never"


class ApiCodeError(ApiError):
    """API: Anything else.

    Look the order up.
    """

    retry_class = "resolve"


BY_CODE: dict[str, type[ApiError]] = {
    "NO_BALANCE": NoBalanceError,
    "-1021": Code1021Error,
    "API": ApiCodeError,
}
"""The class of each code; a code that is not here is a plain ApiError."""

__all__ = [
    "ApiCodeError",
    "ApiError",
    "BY_CODE",
    "Code1021Error",
    "ConfigurationError",
    "ConnectError",
    "DecodeError",
    "NoBalanceError",
    "NotConnectedError",
    "ProtocolError",
    "SigningError",
    "StreamClosedError",
    "StreamError",
    "TimeoutError",
    "TransportError",
    "UnknownOutcomeError",
    "VenueError",
]
