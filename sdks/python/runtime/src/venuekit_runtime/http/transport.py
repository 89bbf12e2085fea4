"""The interface between the client and whatever carries bytes, and the limits all of them keep."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from venuekit_runtime.signing import WireRequest


class WireResponse(Struct, frozen=True):
    """One answer; header names are in lower case, the body is whole and de-chunked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that lower-case name, or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Limits(Struct, frozen=True):
    """What a transport accepts: sizes in bytes, times in seconds, connections per venue."""

    max_head_bytes: int = 64 * 1024
    max_body_bytes: int = 64 * 1024 * 1024
    max_connections: int = 64
    connect_timeout_s: float = 5.0
    idle_timeout_s: float = 30.0


class Transport(Protocol):
    """Carries one request and brings its whole answer, or says whether it may have been sent."""

    def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        """Send once and wait.

        Raises TransportError, whose ``maybe_sent`` is False only when no byte can have arrived.
        """

    def close(self) -> None:
        """Close every connection."""


class AsyncTransport(Protocol):
    """The same for asyncio."""

    async def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        """Send once and wait; see `Transport.send`."""

    async def aclose(self) -> None:
        """Close every connection."""
