"""The interface between the client and whatever carries bytes, and the limits all of them keep."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from venuekit_runtime.signing import WireRequest


class WireResponse(Struct, frozen=True):
    """One answer; the body is whole and de-chunked.

    ``head`` is the headers as pairs, or the bytes of their lines: most callers never look at
    them, so they are taken apart only when asked for.
    """

    status: int
    head: tuple[tuple[str, str], ...] | bytes
    body: bytes

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """All headers in the order in which they came; names are in lower case."""
        head = self.head
        return split_head(head) if isinstance(head, bytes) else head

    def header(self, name: str) -> str | None:
        """The first header of that lower-case name, or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


def split_head(head: bytes) -> tuple[tuple[str, str], ...]:
    """The headers in lines that are known to be well formed."""
    lines = head.decode("latin-1").split("\r\n")
    parts = [line.partition(":") for line in lines if line]
    return tuple((name.lower(), value.strip(" \t")) for name, _, value in parts)


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
