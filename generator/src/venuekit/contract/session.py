"""Sessions: what a venue gives for a while, and the operations that open, keep and end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from venuekit.contract.schema import JsonValue
from venuekit.origin import Origin


class SpanUnit(StrEnum):
    """The unit of a lifetime that a reply states."""

    SECONDS = "s"
    MILLISECONDS = "ms"


class InstantFormat(StrEnum):
    """How a reply writes the point in time at which a session ends."""

    UNIX_S = "unix-s"
    UNIX_MS = "unix-ms"
    ISO = "iso"
    """RFC 3339, with a zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionArgument:
    """One input of an operation: a constant, or `reference` to a part that is held or was given."""

    name: str
    constant: JsonValue = None
    reference: str | None = None
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCall:
    """An operation of the contract, and what it is called with."""

    operation: str
    arguments: tuple[SessionArgument, ...] = ()
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A declared input that a reply fills: `place` is its dotted path in the reply."""

    name: str
    place: tuple[str, ...]
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlace:
    """Where the reply says which server the socket is opened at.

    `hosts` are domains: the server's host is one of them or lies below one. What a caller names
    as a socket's address goes before the reply.
    """

    place: tuple[str, ...]
    hosts: tuple[str, ...]
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiresIn:
    """Where the reply says how long the session lasts."""

    place: tuple[str, ...]
    unit: SpanUnit = SpanUnit.SECONDS
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiresAt:
    """Where the reply says when the session ends."""

    place: tuple[str, ...]
    format: InstantFormat
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the venue says when a session is gone.

    `statuses` and `codes` are those of refusals, `messages` are what a stream brings, by the
    names under which their channels hold them.
    """

    statuses: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A conversation that yields values for a while.

    At most one of `lifetime_ms`, `expires_in` and `expires_at` is stated; without any the session
    lasts until the venue ends it. Without `refresh` it is opened anew before it expires.
    `every_ms` is how often it is refreshed. With `is_single_use` what it gives serves one request,
    and is asked for before each.
    """

    open: SessionCall
    gives: tuple[Given, ...]
    is_single_use: bool = False
    server: ServerPlace | None = None
    lifetime_ms: int | None = None
    expires_in: ExpiresIn | None = None
    expires_at: ExpiresAt | None = None
    refresh: SessionCall | None = None
    every_ms: int | None = None
    close: SessionCall | None = None
    ended_by: Ending | None = None
    origin: Origin = field(compare=False)

    @property
    def calls(self) -> tuple[tuple[str, SessionCall], ...]:
        """Return what the session calls, each with its role: open, refresh, close."""
        roles = (("open", self.open), ("refresh", self.refresh), ("close", self.close))
        return tuple((role, call) for role, call in roles if call is not None)

    @property
    def expires(self) -> bool:
        """Whether the session ends by itself."""
        stated = (self.lifetime_ms, self.expires_in, self.expires_at)
        return any(one is not None for one in stated)
