"""Channels and messages, in AsyncAPI 3's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from venuekit.contract.domain import StreamRule
from venuekit.contract.fix import FixMessage
from venuekit.contract.operation import Parameter, Wire
from venuekit.contract.schema import JsonValue, Schema
from venuekit.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Says that a message refuses a request: the members that hold its code and its reason."""

    code: str
    message: str | None = None
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What travels in one frame or FIX message.

    `correlation` is a runtime expression such as `$message.payload#/id`. `key` is unique in
    the contract; `name` is what the document calls the message.
    """

    key: str
    name: str
    payload: Schema | None
    headers: Schema | None = None
    content_type: str | None = None
    correlation: str | None = None
    title: str | None = None
    summary: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    is_deprecated: bool = False
    examples: tuple[JsonValue, ...] = ()
    fix: FixMessage | None = None
    refusal: Refusal | None = None
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """An address at which messages travel.

    `key` is unique in the contract; `messages` maps the channel's own message names to keys
    of `Contract.messages`. `servers` are keys of `Contract.servers`; empty means all of the
    document's. `query` and `headers` are what the WebSocket handshake demands.
    """

    key: str
    name: str
    address: str | None
    wire: Wire
    parameters: tuple[Parameter, ...] = ()
    messages: tuple[tuple[str, str], ...] = ()
    servers: tuple[str, ...] = ()
    title: str | None = None
    summary: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    stream: StreamRule | None = None
    query: Schema | None = None
    headers: Schema | None = None
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)
    origin: Origin
