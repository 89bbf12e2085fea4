"""What the templates draw: every value is the final text, and every decision is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocksView:
    """A module that is a head (what it is, and its imports) and declarations."""

    head: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """One method of a client."""

    doc: str
    name: str
    signature: str
    argument: str
    operation: str
    call: str
    """The runtime's method: "call", or "iterate" for all items of all pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """The REST client."""

    head: str
    doc: str
    options: str
    base_url: str
    default_url: str
    user_agent: str
    sessions: str = ""
    methods: tuple[MethodView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamMethodView:
    """One method of a stream client."""

    doc: str
    signature: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketView:
    """One connection: its descriptors, its protocol and its client."""

    descriptors: tuple[str, ...]
    protocol: str
    protocol_name: str
    doc: str
    name: str
    options: str
    passed: str
    methods: tuple[StreamMethodView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamView:
    """All connections."""

    head: str
    sockets: tuple[SocketView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeRow:
    """One operation in the README."""

    method: str
    place: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeView:
    """The README of the package."""

    title: str
    description: str
    package: str
    example: str
    rows: tuple[ReadmeRow, ...]
    stream_rows: tuple[ReadmeRow, ...]
    webhook_rows: tuple[ReadmeRow, ...]
    errors: tuple[ReadmeRow, ...]
    lost: str
