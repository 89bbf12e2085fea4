"""HTTP messages as text to sign: canonical headers, plain paths and RFC 9421's signature base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from venuekit_runtime.crypto import Pairs, header, percent_decode, percent_encode
from venuekit_runtime.errors import SigningError

# Patterns as text, which `re` compiles when a scheme first needs them, and keeps.
_SPACES = r"[ \t]+"
_INNER_LIST = r"\(([^()]*)\)"
_COMPONENT = r'"([^"]*)"((?:;[a-z0-9_.*-]+(?:="[^"]*")?)*)'
_PARAMETER_NAME = r';name="([^"]*)"'


class SignedMessage(Struct, frozen=True):
    """The parts of a request that RFC 9421 names; `target` is path and query as sent."""

    method: str
    host: str
    target: str
    headers: Pairs
    status: str = ""
    """Of a signed answer (RFC 9421, section 2.2.9); empty for a request."""


class LogonDraft:
    """A FIX Logon before it is signed: the fields that are settled, by tag, in their order."""

    __slots__ = ("host", "inputs", "tags")

    def __init__(
        self,
        tags: list[tuple[str, str]],
        host: str = "",
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        self.tags = tags
        self.host = host
        self.inputs = {} if inputs is None else inputs

    def add_tag(self, tag: str, value: str) -> None:
        """Add one field."""
        self.tags.append((tag, value))


class Signable(Protocol):
    """What RFC 9421 needs of a request draft."""

    method: str
    host: str
    headers: list[tuple[str, str]]
    inputs: Mapping[str, Any]

    @property
    def target(self) -> str:
        """Path and query as sent."""


def message_of(draft: Signable) -> SignedMessage:
    """Return the parts of a draft that RFC 9421 names."""
    status = str(draft.inputs.get("status", ""))
    return SignedMessage(draft.method, draft.host, draft.target, tuple(draft.headers), status)


def canonical_headers(headers: Iterable[tuple[str, str]]) -> Pairs:
    """Return names in lower case and sorted, values trimmed with single spaces, repeats joined."""
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        trimmed = re.sub(_SPACES, " ", value.strip(" \t"))
        grouped.setdefault(name.lower().strip(), []).append(trimmed)
    return tuple((name, ",".join(grouped[name])) for name in sorted(grouped))


def normalize_path(path: str) -> str:
    """Return the path without empty and dot segments (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    is_folder = path.endswith(("/", "/.", "/..")) and bool(kept)
    return "/" + "/".join(kept) + ("/" if is_folder else "")


def signature_base(parameters: str, message: SignedMessage) -> str:
    """Return RFC 9421's signature base (section 2.5) for the components that are listed.

    `parameters` is the text of the inner list with its parameters. Raises SigningError for a
    component that is absent or not supported.
    """
    found = re.match(_INNER_LIST, parameters)
    if found is None:
        raise SigningError("the signature parameters do not begin with a list of components")
    lines = []
    for component in re.finditer(_COMPONENT, found.group(1)):
        name, extra = component.groups()
        lines.append(f'"{name}"{extra}: {_component(name, extra, message)}')
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines)


def _component(name: str, extra: str, message: SignedMessage) -> str:
    path, mark, query = message.target.partition("?")
    match name:
        case "@method":
            return message.method
        case "@authority":
            return message.host.lower().removesuffix(":443")
        case "@target-uri":
            return f"https://{message.host.lower()}{message.target}"
        case "@request-target":
            return message.target
        case "@path":
            return path or "/"
        case "@query":
            return "?" + query if mark else "?"
        case "@status" if message.status:
            return message.status
        case "@query-param":
            return _query_parameter(extra, query)
        case _ if name.startswith("@") or extra:
            raise SigningError(f"the component {name}{extra} is not supported")
        case _:
            return _header_value(name, message.headers)


def _header_value(name: str, headers: Pairs) -> str:
    if not any(key.lower() == name for key, _ in headers):
        raise SigningError(f"the header {name!r} is to be signed, but the request has none")
    return header(headers, name)


def _query_parameter(extra: str, query: str) -> str:
    wanted = re.search(_PARAMETER_NAME, extra)
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if wanted is not None and percent_encode(_plain(key)) == wanted.group(1):
            return percent_encode(_plain(value))
    raise SigningError("a query parameter is to be signed, but the request has none of that name")


def _plain(text: str) -> bytes:
    return percent_decode(text.replace("+", " "))
