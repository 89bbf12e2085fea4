"""What a session wants done: the words between its decisions and the I/O that carries them out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct

from venuekit_runtime.errors import VenueError


class Status(StrEnum):
    """Where the connection stands."""

    DOWN = "down"
    LOGGING_ON = "logging_on"
    READY = "ready"
    CLOSED = "closed"


class Send(Struct, frozen=True):
    """Write one frame."""

    data: bytes


class Connect(Struct, frozen=True):
    """Open a socket after a delay in seconds."""

    delay_s: float


class Disconnect(Struct, frozen=True):
    """Drop the socket."""

    reason: str


class Settle(Struct, frozen=True):
    """A request is over: a value, or an error."""

    ticket: int
    value: Any = None
    error: VenueError | None = None


class Deliver(Struct, frozen=True):
    """An event, or the end of a feed."""

    feed: int
    event: Any = None
    error: VenueError | None = None


class Live(Struct, frozen=True):
    """The venue confirmed a feed that waits for no snapshot."""

    feed: int


class SessionOver(Struct, frozen=True):
    """The venue said that the session of a scheme is over."""

    scheme: str


class Unmatched(Struct, frozen=True):
    """A frame that no request and no subscription wanted, or that did not decode."""

    data: bytes | str
    reason: str


Output = Send | Connect | Disconnect | Settle | Deliver | Live | SessionOver | Unmatched
