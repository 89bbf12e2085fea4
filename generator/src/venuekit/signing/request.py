"""A request while it is being signed: what was given, and what the placements have written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from msgspec import DecodeError, json

from venuekit.contract.signing import Slot
from venuekit_runtime.errors import SigningError


@dataclass(slots=True)
class SigningRequest:
    """One request, message or Logon; `path` and `query` are as sent, `body` are the bytes sent.

    `message` is the JSON object of a WebSocket message, or of a JSON body when a scheme reads or
    writes its members. `tags` are FIX fields by number.
    """

    method: str = ""
    host: str = ""
    path: str = ""
    query: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    message: Any = None
    tags: list[tuple[str, str]] = field(default_factory=list)
    status: str = ""
    """Of a signed answer; empty for a request."""
    is_message: bool = False
    is_settled: bool = False
    """Whether what comes before the signature is written already, as vectors have it."""
    is_written: bool = False
    """Whether query and body are whole, so that not even absent values are added to them."""

    @property
    def target(self) -> str:
        """Path and query as the request line has them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @target.setter
    def target(self, value: str) -> None:
        self.path, _, self.query = value.partition("?")

    def read(self, name: str) -> Any:
        """Return a standard input by its name in expressions."""
        match name:
            case "headers":
                return tuple(self.headers)
            case "tags":
                return tuple(self.tags)
            case "message" if self.message is None and self.body:
                return _members(self.body)
            case _:
                return getattr(self, name)

    def place(self, slot: Slot, name: str, value: Any) -> None:
        """Write one value where its placement says."""
        if self.is_settled and self._holds(slot, name):
            return
        match slot:
            case Slot.HEADER:
                self.headers.append((name, value))
            case Slot.QUERY:
                pair = f"{quote(name, safe='')}={quote(value, safe='')}"
                self.query = f"{self.query}&{pair}" if self.query else pair
            case Slot.FORM:
                pair = f"{quote(name, safe='')}={quote(value, safe='')}"
                self.body = self.body + b"&" + pair.encode() if self.body else pair.encode()
            case Slot.FIELD:
                self._place_field(name, value)
            case Slot.TAG:
                self.tags.append((name, value))
            case Slot.BODY:
                self.body = value.encode()
            case Slot.PATH:
                self.path = self.path.replace(f"{{{name}}}", quote(value, safe=""))

    def _holds(self, slot: Slot, name: str) -> bool:
        """Return whether something stands there; members of a settled message are never added."""
        match slot:
            case Slot.HEADER:
                return any(key.lower() == name.lower() for key, _ in self.headers)
            case Slot.QUERY | Slot.FORM if self.is_written:
                return True
            case Slot.QUERY:
                return any(pair.partition("=")[0] == name for pair in self.query.split("&"))
            case Slot.FORM:
                pairs = self.body.decode("latin-1").split("&")
                return any(pair.partition("=")[0] == name for pair in pairs)
            case Slot.FIELD | Slot.BODY | Slot.PATH:
                return True
            case Slot.TAG:
                return any(key == name for key, _ in self.tags)

    def _place_field(self, path: str, value: Any) -> None:
        root = self.read("message")
        self.message = root if isinstance(root, dict) else {}
        place = self.message
        steps = path.split(".")
        last = steps[-1]
        for name, below in pairwise(steps):
            place = _member(place, name, below)
        if isinstance(place, list):
            place.insert(int(last), value)
        else:
            place[last] = value
        # A message of a stream is sent as it is; only a request has a body beside it.
        if not self.is_message:
            self.body = json.encode(self.message)


def _members(body: bytes) -> Any:
    try:
        return json.decode(body)
    except (DecodeError, UnicodeDecodeError):
        raise SigningError("members of the body are to be signed, but it is not JSON") from None


def _member(place: Any, name: str, below: str) -> Any:
    """Return the member at a step; where there is none, a list if the next step is a number."""
    if not isinstance(place, list):
        return place.setdefault(name, [] if below.isdecimal() else {})
    if int(name) == len(place):
        place.append([] if below.isdecimal() else {})
    return place[int(name)]


def from_inputs(inputs: Mapping[str, Any]) -> SigningRequest:
    """Return a request from standard inputs by name; absent ones are empty."""
    request = SigningRequest()
    for name in ("method", "host", "path", "query", "target", "message"):
        if name in inputs:
            setattr(request, name, inputs[name])
    body = inputs.get("body", b"")
    request.body = body.encode() if isinstance(body, str) else body
    request.headers = [(str(key), str(value)) for key, value in inputs.get("headers", ())]
    tags = inputs.get("tags", ())
    pairs = tags.items() if isinstance(tags, Mapping) else tags
    request.tags = [(str(key), str(value)) for key, value in pairs]
    return request
