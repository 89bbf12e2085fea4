"""What signs a request: the draft that a signer reads and completes, and the plain schemes.

The flow is build, sign, send. A `RequestDraft` holds the exact bytes that will go out; a signer
reads them and adds headers, query parameters or body members; `RequestDraft.finish` freezes the
result, and that is what travels. Nothing is serialised again after it was signed, and a retry
starts from a new draft.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Protocol

from msgspec import Struct, json

from venuekit_runtime.clock import Clock
from venuekit_runtime.encoding import percent_encode
from venuekit_runtime.errors import SigningError

_JSON = json.Encoder()
_FORM = "application/x-www-form-urlencoded"


class WireRequest(Struct, frozen=True):
    """One request, finished: exactly what goes over the wire. ``target`` is path and query."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class RequestDraft:
    """One request before it is signed; each part is what will be sent, character by character.

    ``host`` is the Host header's value, ``path`` and ``query`` are percent-encoded (``query``
    without its question mark), ``body`` the serialised bytes, ``members`` the body's members in
    their order where the body is a JSON object or a form. ``inputs`` are what a scheme declares
    beside these: constants of the operation, or a token that the venue gave.
    """

    __slots__ = (
        "body",
        "headers",
        "host",
        "inputs",
        "media_type",
        "members",
        "method",
        "path",
        "query",
    )

    def __init__(
        self,
        method: str,
        host: str,
        path: str,
        query: str = "",
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        media_type: str | None = None,
        members: dict[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        self.method = method
        self.host = host
        self.path = path
        self.query = query
        self.headers = [] if headers is None else headers
        self.body = body
        self.media_type = media_type
        self.members = members
        self.inputs = inputs or {}

    @property
    def target(self) -> str:
        """Path and query exactly as the request line will have them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def add_header(self, name: str, value: str) -> None:
        """Add one header."""
        self.headers.append((name, value))

    def add_headers(self, *headers: tuple[str, str]) -> None:
        """Add headers in their order; one call for several costs a third."""
        self.headers += headers

    def add_query(self, name: str, value: str) -> None:
        """Append one query parameter, percent-encoded by the one table."""
        self.add_raw_query(f"{percent_encode(name)}={percent_encode(value)}")

    def add_raw_query(self, text: str) -> None:
        """Append query text that is already encoded."""
        self.query = f"{self.query}&{text}" if self.query else text

    def add_form(self, name: str, value: str) -> None:
        """Append one member to a form body (`application/x-www-form-urlencoded`).

        Raises SigningError when the body is another one.
        """
        if self.media_type is not None and not self.media_type.startswith(_FORM):
            raise SigningError(f"{name} belongs into a form, and this body is {self.media_type}")
        pair = f"{percent_encode(name)}={percent_encode(value)}".encode()
        self.body = self.body + b"&" + pair if self.body else pair
        if self.members is not None:
            self.members[name] = value
        if self.media_type is None:
            self.media_type = _FORM

    def add_field(self, path: str, value: object) -> None:
        """Put one member into a JSON body, by a dotted path, and serialise the body again.

        A number in the path is a place in a list: `args.0` is inserted before what stands there.
        What is missing on the way is made. Raises SigningError when the body is not a JSON object.
        """
        if self.members is None:
            raise SigningError(f"{path} belongs into a JSON object, and this body is none")
        place: Any = self.members
        steps = path.split(".")
        last = steps[-1]
        for name, below in pairwise(steps):
            place = _below(place, name, below)
        if isinstance(place, list):
            place.insert(int(last), value)
        else:
            place[last] = value
        self.body = _JSON.encode(self.members)

    def fill_path(self, name: str, value: str) -> None:
        """Fill a parameter of the address of a socket, percent-encoded by the one table."""
        self.path = self.path.replace(f"{{{name}}}", percent_encode(value))

    def finish(self) -> WireRequest:
        """Freeze what will be sent."""
        return WireRequest(self.method, self.target, tuple(self.headers), self.body)


def _below(place: Any, name: str, below: str) -> Any:
    """The member at a step of a path; where there is none, a list if the next step is a number."""
    if not isinstance(place, list):
        return place.setdefault(name, [] if below.isdecimal() else {})
    if int(name) == len(place):
        place.append([] if below.isdecimal() else {})
    return place[int(name)]


class Signer(Protocol):
    """Completes drafts under one security scheme; emitted per contract by its `signing` module.

    A signer holds the secrets, never shows them in its repr, and draws a new timestamp and nonce
    in each call.
    """

    def sign(self, draft: RequestDraft) -> None:
        """Add what the scheme demands to the draft of a REST request."""

    def sign_message(self, draft: RequestDraft) -> None:
        """Put what the scheme demands into a WebSocket message, ``draft.members``."""


class Credentials(Protocol):
    """What the user holds for one security scheme."""

    @property
    def scheme(self) -> str:
        """The scheme's name in the contract."""

    def signer(self, clock: Clock) -> Signer:
        """A signer that uses the client's clock."""


class _Placed:
    """Puts one fixed secret into each draft; its repr shows the scheme alone."""

    __slots__ = ("_place", "scheme")

    def __init__(self, scheme: str, place: Callable[[RequestDraft], None]) -> None:
        self.scheme = scheme
        self._place = place

    def sign(self, draft: RequestDraft) -> None:
        """Add the secret where the scheme wants it."""
        self._place(draft)

    def sign_message(self, draft: RequestDraft) -> None:
        """Nothing: a plain secret travels in the handshake or in the contract's own fields."""

    def signer(self, clock: Clock) -> Signer:
        """The credentials are their own signer: nothing of them depends on time."""
        return self

    def __repr__(self) -> str:
        return f"<credentials for {self.scheme}>"


def api_key(scheme: str, location: str, name: str, key: str) -> Credentials:
    """A key sent as it is in a header, query parameter or cookie (OpenAPI 3.1, 4.8.27)."""
    _require_text(scheme, key)
    if location == "query":
        return _Placed(scheme, lambda draft: draft.add_query(name, key))
    if location == "cookie":
        return _Placed(scheme, lambda draft: draft.add_header("cookie", f"{name}={key}"))
    return _Placed(scheme, lambda draft: draft.add_header(name, key))


def bearer(scheme: str, token: str) -> Credentials:
    """A bearer token in the Authorization header (RFC 6750, 2.1)."""
    _require_text(scheme, token)
    return _Placed(scheme, lambda draft: draft.add_header("authorization", f"Bearer {token}"))


def basic(scheme: str, user: str, password: str) -> Credentials:
    """User and password in the Authorization header (RFC 7617)."""
    if ":" in user:
        raise SigningError(f"the user of {scheme} holds a colon, which RFC 7617 does not allow")
    text = b2a_base64(f"{user}:{password}".encode(), newline=False).decode()
    return _Placed(scheme, lambda draft: draft.add_header("authorization", f"Basic {text}"))


def _require_text(scheme: str, secret: str) -> None:
    if not secret or not secret.isascii() or not secret.isprintable():
        raise SigningError(
            f"the secret of {scheme} must be printable ASCII without line breaks, and not empty"
        )
