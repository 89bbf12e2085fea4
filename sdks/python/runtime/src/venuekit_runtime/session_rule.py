"""Sessions as data: what generated code says of each, for the runtime to read."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from venuekit_runtime.operation import Event, HttpOperation, Place, TypeRef

# RFC 9110, 15.5.2: the request lacks valid credentials. What a contract states goes before it.
_UNAUTHORIZED = (401,)


class SessionCall(Struct, frozen=True, kw_only=True):
    """One operation of a session and its arguments.

    ``parts`` and ``values`` pair an argument with a part of the credentials, or with a value that
    the session gave before.
    """

    operation: HttpOperation[Any]
    constants: tuple[tuple[str, Any], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()


class Expiry(Struct, frozen=True, kw_only=True):
    """Where a reply says how long a session lasts, or until when; ``unit`` says how."""

    place: Place
    unit: Literal["s", "ms", "unix-s", "unix-ms", "iso"]


class ServerPlace(Struct, frozen=True, kw_only=True):
    """Where a reply says which server a socket is opened at; ``hosts`` are the allowed domains."""

    place: Place
    hosts: tuple[str, ...]


class SessionRule(Struct, frozen=True, kw_only=True):
    """One session of a contract, as data.

    ``gives`` pairs each value with its place in the opening's reply, in wire names. ``credentials``
    names the class of credentials that a client makes for itself, where the user holds none. What
    is of ``is_single_use`` is asked for before each request.
    """

    scheme: str
    open: SessionCall
    gives: tuple[tuple[str, Place], ...]
    is_single_use: bool = False
    server: ServerPlace | None = None
    lifetime_s: float | None = None
    expiry: Expiry | None = None
    refresh: SessionCall | None = None
    every_s: float | None = None
    close: SessionCall | None = None
    ended_statuses: tuple[int, ...] = _UNAUTHORIZED
    ended_codes: tuple[str, ...] = ()
    ended_events: tuple[Event, ...] = ()
    credentials: TypeRef | None = None
