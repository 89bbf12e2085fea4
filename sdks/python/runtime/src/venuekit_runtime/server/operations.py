"""Descriptors of the server's side: what generated code says about each operation, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from venuekit_runtime.operation import Location, PartEncoding, Place, Style, TypeRef, Wire
from venuekit_runtime.server.shapes import Shape

BodyKind = Literal["json", "form", "multipart", "text", "bytes"]


class Parameter(Struct, frozen=True, kw_only=True):
    """One input in path, query, header or cookie (OpenAPI 3.1, 4.8.12). `default` is JSON text
    of what an absent one means."""

    argument: str
    name: str
    location: Location
    shape: Shape
    is_required: bool = False
    style: Style = "form"
    explode: bool = True
    is_json: bool = False
    default: str | None = None


class BodyMember(Struct, frozen=True):
    """One member of a body that a handler takes as a keyword argument."""

    argument: str
    name: str
    default: str | None = None


class Content(Struct, frozen=True, kw_only=True):
    """One media type of a body. `type` is what a whole body becomes where media types differ."""

    media_type: str
    kind: BodyKind
    shape: Shape
    encodings: tuple[PartEncoding, ...] = ()
    type: TypeRef | None = None


class Body(Struct, frozen=True, kw_only=True):
    """A body: spread over `members`, or given whole as one argument."""

    contents: tuple[Content, ...]
    is_required: bool = True
    members: tuple[BodyMember, ...] = ()
    whole: str | None = None


class Reply(Struct, frozen=True, kw_only=True):
    """What one status brings: `status` is "200", "2XX" or "default"; no media type, no body."""

    status: str
    media_types: tuple[str, ...] = ()
    wire: Wire = "plain"
    required_headers: tuple[str, ...] = ()


class Route(Struct, frozen=True, kw_only=True):
    """One REST operation; `handler` is the method that answers it.

    `security` is OR of AND: each inner tuple names the schemes that are needed together, and an
    empty one lets anybody in. `signed` are the (location, name) pairs that credentials fill.
    """

    name: str
    handler: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    replies: tuple[Reply, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    signed: tuple[tuple[str, str], ...] = ()


class Arrival(Struct, frozen=True, kw_only=True):
    """One message that a client may send over a socket, and the operation that it asks for.

    `constants` are the places and values that tell it apart, `correlation` the place of its id;
    the handler's arguments are the members at `payload`, or the whole message.
    """

    name: str
    handler: str
    shape: Shape
    constants: tuple[tuple[Place, str | int | bool], ...] = ()
    correlation: Place | None = None
    payload: Place = ()
    members: tuple[BodyMember, ...] = ()
    whole: str | None = None
    replies: tuple[Departure, ...] = ()
    errors: tuple[Departure, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()


class Departure(Struct, frozen=True, kw_only=True):
    """One message that the server sends: the values that are fixed in it, the place of the id of
    what it answers, and the wire form of what it is. With `member`, a handler gives that member
    alone; `type` is what it gives, where several replies are possible."""

    name: str
    type: TypeRef | None = None
    member: str | None = None
    constants: tuple[tuple[Place, str | int | bool], ...] = ()
    correlation: Place | None = None
    wire: Wire = "plain"


class Bindings(Struct, frozen=True, kw_only=True):
    """All of one contract: routes, the socket's messages, shapes, and the statuses of its error
    codes. `prefixes` are the paths below which the contract's servers stand, `stream_paths` those
    at which they take sockets, `error` is how a socket refuses. `handlers` and `streams` are the
    emitted protocols, whose annotations say what arguments become; `opened` is the method of
    `streams` that is told of a new socket, empty where the contract has no sockets."""

    title: str
    routes: tuple[Route, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    shapes: Mapping[str, Shape] = {}
    statuses: Mapping[str, int] = {}
    prefixes: tuple[str, ...] = ()
    stream_paths: tuple[str, ...] = ()
    opened: str = ""
    error: Departure | None = None
    handlers: Any = None
    streams: Any = None
