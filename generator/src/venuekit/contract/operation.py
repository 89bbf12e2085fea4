"""Operations: one notion for REST, WebSocket, FIX and webhooks; wire facts sit in the binding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from venuekit.contract.domain import LimitCost, Stability
from venuekit.contract.schema import JsonValue, Schema
from venuekit.contract.security import Requirement
from venuekit.origin import Origin


class Action(StrEnum):
    """What the client does. AsyncAPI states the server's side; the loader turns it."""

    REQUEST = "request"
    SEND = "send"
    RECEIVE = "receive"


class Effect(StrEnum):
    """What an operation does to the venue's state (`x-effect`)."""

    READ = "read"
    CREATE = "create"
    REPLACE = "replace"
    CANCEL = "cancel"


class Wire(StrEnum):
    """The protocol that carries an operation."""

    REST = "rest"
    WEBSOCKET = "websocket"
    FIX = "fix"
    WEBHOOK = "webhook"


class Location(StrEnum):
    """Where a parameter stands in a request (OpenAPI 3.1 section 4.8.12)."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """An input in path, query, header or cookie."""

    name: str
    location: Location
    schema: Schema
    is_required: bool
    style: str
    is_exploded: bool
    allows_reserved: bool = False
    content_type: str | None = None
    description: str | None = None
    is_deprecated: bool = False
    examples: tuple[JsonValue, ...] = ()
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One media type of a body and its schema (None where the document states none)."""

    media_type: str
    schema: Schema | None
    examples: tuple[JsonValue, ...] = ()
    encoding: Mapping[str, JsonValue] = field(default_factory=dict)
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body; `contents` are alternatives in the document's order."""

    is_required: bool
    contents: tuple[Content, ...]
    description: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header of a response."""

    name: str
    schema: Schema
    is_required: bool = False
    description: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer by status: "200", "4XX" or "default"."""

    status: str
    description: str
    contents: tuple[Content, ...] = ()
    headers: tuple[Header, ...] = ()
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpBinding:
    """REST: the method in upper case and the path template as written."""

    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What answers a message; names are keys of `Contract.messages`."""

    messages: tuple[str, ...]
    channel: str | None = None
    address_location: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBinding:
    """WebSocket: the channel, the messages that may travel and the reply, by name."""

    channel: str
    messages: tuple[str, ...]
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixBinding:
    """FIX: the same facts as a channel's; the tags stand on each `Message.fix`."""

    channel: str
    messages: tuple[str, ...]
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookBinding:
    """A call of the venue to the client: a webhook (OpenAPI 3.1, 4.8.1), or a callback (4.8.18).

    `name` is its key in the document. A callback has the `address` that is called, a runtime
    expression as written, and the operation by which the client asked for it (`asked_by`).
    """

    name: str
    method: str
    address: str | None = None
    asked_by: str | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()


Binding = HttpBinding | ChannelBinding | FixBinding | WebhookBinding


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something a client can ask or observe.

    `name` is the operationId (OpenAPI) or the operation's key (AsyncAPI). The same thing over
    several wires has the same name, so (name, wire) is unique in a contract.
    `security` lists alternatives: one of them suffices, an empty requirement means public.
    `lacks_dedup_key` is true where the document states that no field makes a repeat safe.
    `errors` are codes of `Contract.errors`. `servers` are keys of `Contract.servers` that serve
    this operation alone; empty means all of its document's. `signing_inputs` are the values of the
    signing scheme's inputs that come from the operation, by their names.
    """

    name: str
    action: Action
    binding: Binding
    summary: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    effect: Effect | None = None
    dedup_key: str | None = None
    lacks_dedup_key: bool = False
    security: tuple[Requirement, ...] = ()
    limits: tuple[LimitCost, ...] = ()
    errors: tuple[str, ...] = ()
    is_deprecated: bool = False
    stability: Stability | None = None
    sunset: str | None = None
    is_name_derived: bool = False
    servers: tuple[str, ...] = ()
    signing_inputs: Mapping[str, JsonValue] = field(default_factory=dict)
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)
    origin: Origin

    @property
    def wire(self) -> Wire:
        match self.binding:
            case HttpBinding():
                return Wire.REST
            case ChannelBinding():
                return Wire.WEBSOCKET
            case FixBinding():
                return Wire.FIX
            case WebhookBinding():
                return Wire.WEBHOOK
