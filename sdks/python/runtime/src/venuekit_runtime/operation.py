"""Descriptors: what generated code says about each operation, as data that the runtime reads.

They are msgspec structs, not dataclasses, because a generated module makes thousands of them at
import and a struct is made several times faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

T = TypeVar("T")

Location = Literal["path", "query", "header", "cookie"]
Style = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"
]
# How a value is written: as its type says; as exact decimal text; as an exact JSON number; as JSON;
# as it came, for values without a type: a Decimal among them is a JSON number; as exact decimal
# text, empty for None.
Wire = Literal["plain", "decimal", "decimal_number", "json", "untyped", "or_empty"]
# What an operation does to the venue's state, in the words of the contract's `x-effect`.
Effect = Literal["read", "create", "replace", "cancel"]


class TypeRef(Struct, frozen=True):
    """A type in a generated module, loaded when it is first needed so that import stays quick."""

    module: str
    name: str

    def load(self) -> Any:
        """The type itself."""
        return getattr(import_module(self.module), self.name)


class Parameter(Struct, frozen=True):
    """One input in path, query, header or cookie (OpenAPI 3.1, 4.8.12)."""

    argument: str
    name: str
    location: Location
    required: bool = False
    wire: Wire = "plain"
    style: Style = "form"
    explode: bool = True
    allow_reserved: bool = False


class BodyField(Struct, frozen=True):
    """One member of an object that a method takes as a keyword argument."""

    argument: str
    name: str
    required: bool = False
    nullable: bool = False
    wire: Wire = "plain"


class PartEncoding(Struct, frozen=True):
    """How one member of a form or of a multipart body is written (OpenAPI 3.1, 4.8.15)."""

    name: str
    media_type: str | None = None
    style: Style | None = None
    explode: bool = True


class Body(Struct, frozen=True):
    """The request body: spread over keyword arguments, or taken whole from one of them.

    ``free`` takes a dict of members beside the declared ones.
    """

    media_type: str
    fields: tuple[BodyField, ...] = ()
    whole: str | None = None
    required: bool = True
    encodings: tuple[PartEncoding, ...] = ()
    free: BodyField | None = None


class Response(Struct, frozen=True):
    """What one status brings: ``status`` is "200", "2XX" or "default"; no type means no body.

    ``scalar`` says that plain text is one value, and how it is written in JSON.
    """

    status: str
    media_type: str | None = None
    type: TypeRef | None = None
    scalar: Literal["number", "boolean", "string"] | None = None


class DedupKey(Struct, frozen=True):
    """The argument that makes a repeat recognisable, and whether the same repeat is safe."""

    argument: str
    name: str
    is_resend_safe: bool = False
    resolver: str | None = None


class Cost(Struct, frozen=True):
    """What a request takes out of one rate-limit bucket."""

    bucket: str
    weight: int = 1


class ErrorTable(Struct, frozen=True):
    """Where a venue's error body keeps its facts, and the generated class of each code."""

    classes: TypeRef | None = None
    code: tuple[str, ...] = ("code",)
    message: tuple[str, ...] = ("message", "msg")
    details: tuple[str, ...] = ("details",)
    request_id: tuple[str, ...] = ("request_id",)


Place = tuple[str, ...]


class PageRule(Struct, frozen=True):
    """How the answers of an operation follow each other; places are attributes of the answer.

    ``argument`` takes the cursor at ``next``, or the number of a page: then ``has_more`` says
    whether another follows, or ``total_pages`` how many there are, counted from ``first``.
    """

    argument: str
    items: Place
    next: Place = ()
    has_more: Place = ()
    total_pages: Place = ()
    first: int = 1


class HttpOperation(Struct, Generic[T], frozen=True, kw_only=True):
    """One REST operation; ``T`` is what its success answers with.

    ``security`` is OR of AND: each inner tuple names the schemes that are needed together.
    ``signing_inputs`` are what a signature takes from the contract, such as an instruction's name.
    ``base_url`` says where this operation is served, when that is not the client's default.
    """

    name: str
    method: str
    path: str
    effect: Effect
    base_url: str | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    signing_inputs: Mapping[str, Any] = {}
    dedup_key: DedupKey | None = None
    costs: tuple[Cost, ...] = ()
    errors: ErrorTable = ErrorTable()
    pages: PageRule | None = None


class Frame(Struct, frozen=True):
    """How a request is written on a socket.

    ``constants`` are places and their values, ``correlation`` is the place of the id that a reply
    repeats, ``payload`` the place under which the fields stand (empty for the top level).
    """

    constants: tuple[tuple[Place, str | int | bool | None], ...] = ()
    correlation: Place | None = None
    payload: Place = ()


class Event(Struct, frozen=True):
    """One message that arrives: what tells it apart, its type, and what of it a caller wants.

    The member at ``tag_place`` equals ``tag``; without a tag, the members that ``requires`` names
    are there, and at least one of ``knows``. ``result`` is the attribute that is handed out, None
    for the whole message. A message whose ``form`` is a list is told by its first element.
    """

    type: TypeRef | None
    tag_place: Place = ()
    tag: str | int | None = None
    result: str | None = None
    requires: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    form: Literal["object", "list", "any"] = "object"


class Refusal(Struct, frozen=True):
    """A reply that refuses its request, and the members that hold its code and its reason."""

    event: Event
    code: str
    message: str | None = None


class StreamOperation(Struct, Generic[T], frozen=True, kw_only=True):
    """One request and reply over a socket; ``T`` is what its reply holds.

    With ``whole``, one argument is the whole message. ``free`` takes a dict of members beside the
    declared ones, where the fields stand. ``is_signed`` says that each message of it
    is signed by the credentials that ``security`` names.
    """

    name: str
    effect: Effect
    frame: Frame
    fields: tuple[BodyField, ...] = ()
    whole: str | None = None
    free: BodyField | None = None
    replies: tuple[Event, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    signing_inputs: Mapping[str, Any] = {}
    dedup_key: DedupKey | None = None
    costs: tuple[Cost, ...] = ()
    is_signed: bool = False


class ChannelParameter(Struct, frozen=True):
    """A named part of a channel's address, and the argument that fills it."""

    argument: str
    name: str


class SequenceRule(Struct, frozen=True):
    """How the order of a channel is checked (the contract's `x-stream`); fields are attributes.

    With ``previous``, that field equals ``sequence`` of the message before; without it,
    ``sequence`` grows by one. A tag in ``snapshot_tags`` starts anew.
    """

    sequence: Place
    previous: Place = ()
    snapshot_tags: tuple[str | int, ...] = ()


class BookRule(Struct, frozen=True):
    """Where a book's messages keep their levels; names are attributes, or positions in a tuple."""

    bids: str
    asks: str
    price: str | int
    quantity: str | int


class Channel(Struct, Generic[T], frozen=True, kw_only=True):
    """One stream of events; ``T`` is the union of what it brings.

    A channel with ``is_subscribed`` is started by the protocol's subscribe operation.
    """

    name: str
    address: str
    parameters: tuple[ChannelParameter, ...] = ()
    events: tuple[Event, ...] = ()
    is_subscribed: bool = False
    security: tuple[tuple[str, ...], ...] = ()
    sequence: SequenceRule | None = None
    book: BookRule | None = None


class StreamProtocol(Struct, frozen=True, kw_only=True):
    """What all operations of one socket share.

    ``correlation``, ``topic`` and ``error`` are places in what arrives. ``silence_s`` is the
    longest silence of a live socket. ``handshake`` names the schemes whose sessions complete the
    request that opens the socket, and whether it needs them; ``sessions`` those that fill messages.
    """

    path: str
    correlation: Place | None = None
    is_correlation_integer: bool = False
    topic: Place | None = None
    error: Place | None = None
    log_on: StreamOperation[Any] | None = None
    subscribe: StreamOperation[Any] | None = None
    unsubscribe: StreamOperation[Any] | None = None
    topic_argument: str = "topic"
    silence_s: float | None = None
    errors: ErrorTable = ErrorTable()
    handshake: tuple[tuple[str, bool], ...] = ()
    sessions: tuple[str, ...] = ()
