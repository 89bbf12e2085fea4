"""How requests are signed: one expression that interpreter, emitters and verifier read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from venuekit.contract.schema import JsonValue
from venuekit.contract.session import Session
from venuekit.origin import Origin


class ValueType(StrEnum):
    """What an expression yields. Text passes as bytes (UTF-8) and as a JSON value; no other way."""

    TEXT = "text"
    BYTES = "bytes"
    NUMBER = "number"
    LIST = "list"
    """Ordered pairs of name and text: query parameters, headers, form fields."""
    VALUE = "value"
    """A JSON value whose members keep their order and whose decimals keep their text."""
    ED25519_KEY = "ed25519_key"
    RSA_KEY = "rsa_key"
    P256_KEY = "p256_key"
    SECP256K1_KEY = "secp256k1_key"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant text."""

    text: str
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """An input, a credential or an earlier step, by name and without its `$`."""

    name: str
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """An operator with its arguments, in the order of the operator's row."""

    operator: str
    arguments: tuple[tuple[str, Argument], ...]
    origin: Origin = field(compare=False)

    def argument(self, name: str) -> Argument:
        """Return one argument; KeyError when the operator has none of that name."""
        for key, value in self.arguments:
            if key == name:
                return value
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Members:
    """Named expressions in their order: the members of an object."""

    items: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class StructTypes:
    """EIP-712 struct types: name of the struct, then (field, type) in order."""

    items: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


Expression = Literal | Reference | Call
Argument = Expression | tuple[Expression, ...] | tuple[str, ...] | Members | StructTypes | str | int


class Decoding(StrEnum):
    """How the text that a user holds becomes the bytes or the key that signs."""

    TEXT = "text"
    UTF8 = "utf8"
    BASE64 = "base64"
    BASE64URL = "base64url"
    HEX = "hex"
    ED25519 = "ed25519"
    RSA = "rsa"
    P256 = "p256"
    SECP256K1 = "secp256k1"


DECODED_TYPE = {
    Decoding.TEXT: ValueType.TEXT,
    Decoding.UTF8: ValueType.BYTES,
    Decoding.BASE64: ValueType.BYTES,
    Decoding.BASE64URL: ValueType.BYTES,
    Decoding.HEX: ValueType.BYTES,
    Decoding.ED25519: ValueType.ED25519_KEY,
    Decoding.RSA: ValueType.RSA_KEY,
    Decoding.P256: ValueType.P256_KEY,
    Decoding.SECP256K1: ValueType.SECP256K1_KEY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One part of what the user holds; a secret part never leaves the signer."""

    name: str
    decoding: Decoding
    is_secret: bool
    description: str | None = None
    origin: Origin = field(compare=False)


class TimeFormat(StrEnum):
    """How a point in time is written into the request."""

    UNIX_S = "unix-s"
    UNIX_MS = "unix-ms"
    UNIX_US = "unix-us"
    UNIX_NS = "unix-ns"
    ISO_MS = "iso-ms"
    """2020-12-08T09:08:57.715Z"""
    ISO_S = "iso-s"
    """2020-12-08T09:08:57, UTC without a zone"""
    ISO_BASIC = "iso-basic"
    """20150830T123600Z"""
    FIX_MS = "fix-ms"
    """20240627-11:17:25.223, FIX UTCTimestamp"""


class TimeKind(StrEnum):
    """Whether the time says when the request was sent or until when it holds."""

    SEND_TIME = "send_time"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The scheme's `$timestamp`.

    A send time is accepted in [now - window_ms, now + future_ms]; a deadline lies `lifetime_ms`
    ahead when it is made and is accepted while now <= deadline <= now + window_ms.
    """

    format: TimeFormat
    kind: TimeKind = TimeKind.SEND_TIME
    window_ms: int | None = None
    future_ms: int | None = None
    lifetime_ms: int | None = None
    origin: Origin = field(compare=False)


class NonceKind(StrEnum):
    """What makes the scheme's `$nonce` different each time."""

    RANDOM = "random"
    UUID = "uuid"
    INCREASING = "increasing"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce:
    """The scheme's `$nonce`: bytes and encoding of a random one, format of a rising one."""

    kind: NonceKind
    byte_count: int = 16
    encoding: str = "hex"
    format: TimeFormat = TimeFormat.UNIX_MS
    origin: Origin = field(compare=False)


class InputSource(StrEnum):
    """Who gives a declared input its value."""

    SETTING = "setting"
    """The user, once, with a default."""
    OPERATION = "operation"
    """The contract, per operation."""
    SESSION = "session"
    """The venue: a challenge, a token, a server-given nonce."""
    MESSAGE = "message"
    """The request itself, by the transport: what the standard inputs do not name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A further input that the scheme declares."""

    name: str
    type: ValueType
    source: InputSource = InputSource.SETTING
    default: str | None = None
    description: str | None = None
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A named expression; `canonical` and `signature` are steps that every scheme has."""

    name: str
    expression: Expression
    type: ValueType
    origin: Origin = field(compare=False)


class Slot(StrEnum):
    """Where a placed value goes."""

    HEADER = "header"
    QUERY = "query"
    FORM = "form"
    FIELD = "field"
    """A member of the JSON body or message, by a path such as `params.signature`."""
    TAG = "tag"
    BODY = "body"
    """The whole body, for venues that take it in a header and want nothing else."""
    PATH = "path"
    """A parameter in the address of a socket, such as `/ws/{listenKey}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One value that the signer writes into the request."""

    slot: Slot
    name: str
    value: Expression
    origin: Origin = field(compare=False)


class SignedWire(StrEnum):
    """What is signed: a REST request, a WebSocket message, a FIX Logon, an inbound call."""

    REST = "rest"
    WEBSOCKET = "websocket"
    FIX = "fix"
    WEBHOOK = "webhook"


class Moment(StrEnum):
    """How often a use signs."""

    REQUEST = "request"
    MESSAGE = "message"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The scheme on one wire: inputs that the wire lacks, and where the values go.

    `operation` names the contract's operation that carries a log-on.
    """

    wire: SignedWire
    moment: Moment
    operation: str | None = None
    bindings: tuple[tuple[str, Expression], ...] = ()
    placements: tuple[Placement, ...] = ()
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """Inputs, and the canonical string and signature that they must give.

    `inputs` holds credentials beside the rest. `document` is the vector as written. A vector
    that its source does not let anybody reproduce has `is_verified` False and is listed only.
    """

    id: str
    wire: SignedWire
    is_verified: bool
    is_published: bool
    document: Mapping[str, JsonValue] = field(hash=False)
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningScheme:
    """A whole `x-signing`: all that is to be known about one way to sign.

    A scheme with a `session` may have no steps: then it places what the session gives.
    """

    name: str
    title: str | None = None
    description: str | None = None
    source: str | None = None
    credentials: tuple[Credential, ...]
    clock: Clock | None = None
    nonce: Nonce | None = None
    inputs: tuple[Input, ...] = ()
    session: Session | None = None
    steps: tuple[Step, ...]
    uses: tuple[Use, ...]
    vectors: tuple[Vector, ...] = ()
    origin: Origin = field(compare=False)

    @property
    def is_signed(self) -> bool:
        """Whether requests carry a signature, and not a session's values alone."""
        return any(step.name == "signature" for step in self.steps)

    @property
    def given_by_session(self) -> frozenset[str]:
        """Return the names of the inputs that the session's replies fill."""
        return frozenset(g.name for g in self.session.gives) if self.session else frozenset()

    def step(self, name: str) -> Step:
        """Return a step by name; KeyError when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def use(self, wire: SignedWire) -> Use | None:
        """Return the use on a wire, or None when the scheme is not used there."""
        return next((use for use in self.uses if use.wire is wire), None)


STANDARD_INPUTS: Mapping[str, ValueType] = {
    "method": ValueType.TEXT,
    "host": ValueType.TEXT,
    "path": ValueType.TEXT,
    "query": ValueType.TEXT,
    "target": ValueType.TEXT,
    "body": ValueType.BYTES,
    "headers": ValueType.LIST,
    "message": ValueType.VALUE,
    "tags": ValueType.LIST,
    "timestamp": ValueType.TEXT,
    "nonce": ValueType.TEXT,
}
"""What each wire provides without being asked; `$timestamp` and `$nonce` need their sections.

`method` is as sent; `host` is the Host header as sent; `target` is path and query exactly as sent;
`query` lacks its `?`; `message` is the JSON body or message; `tags` are FIX fields by number.
"""


def walk(expression: Expression) -> tuple[Expression, ...]:
    """Return the expression and all below it, outermost first."""
    found: list[Expression] = [expression]
    if isinstance(expression, Call):
        for _, argument in expression.arguments:
            for child in children(argument):
                found.extend(walk(child))
    return tuple(found)


def children(argument: Argument) -> tuple[Expression, ...]:
    """Return the expressions directly inside an argument."""
    match argument:
        case Literal() | Reference() | Call():
            return (argument,)
        case Members(items):
            return tuple(expression for _, expression in items)
        case tuple():
            return tuple(item for item in argument if not isinstance(item, str))
        case _:
            return ()
