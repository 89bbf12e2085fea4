"""One signing vector, and the request that its loosely named inputs describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from venuekit.contract.schema import JsonValue

TRANSPORTS = ("rest", "ws", "websocket", "fix", "webhook", "jwt", "onchain", "primitive")
"""How vectors name what carries a signature; the last three are requests whose signature counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorCase:
    """A vector as its file states it; `expected` is text or an object such as {r, s, v}."""

    id: str
    scheme: str
    algorithm: str
    is_verified: bool
    is_published: bool
    note: str
    secret: str | None
    inputs: Mapping[str, JsonValue]
    canonical: str | None
    canonical_hex: str | None
    expected: JsonValue
    encoding: str
    transport: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """What an engine is given: the request's parts, the credentials and further inputs."""

    parts: Mapping[str, str]
    method: str = ""
    host: str = ""
    path: str = ""
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    message: Any = None
    tags: tuple[tuple[str, str], ...] = ()
    timestamp: str = ""
    nonce: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    is_settled: bool = True
    """Whether what comes before the signature is written already, as vectors have it."""
    is_written: bool = False
    """Whether query and body are whole, so that not even absent values are added to them."""


class VectorFileError(Exception):
    """The file is not a vectors file; the message says what was found, `place` where."""

    def __init__(self, message: str, place: tuple[str | int, ...] = ()) -> None:
        self.place = place
        super().__init__(message)


def read_cases(document: JsonValue) -> tuple[VectorCase, ...]:
    """Return the vectors of a file: lists named `published` and `derived`, or one plain list.

    Raises VectorFileError.
    """
    groups: list[tuple[tuple[str | int, ...], JsonValue]] = []
    if isinstance(document, Mapping):
        groups = [((name,), document[name]) for name in document if name != "about"]
    elif isinstance(document, list):
        groups = [((), document)]
    cases: list[VectorCase] = []
    for name, group in groups:
        for index, item in enumerate(group if isinstance(group, list) else ()):
            place: tuple[str | int, ...] = (*name, index)
            if not isinstance(item, Mapping):
                raise VectorFileError(f"vector {index} is not a mapping", place)
            cases.append(_case(item, name != ("derived",), place))
    if not cases:
        raise VectorFileError(
            "no vectors were found; a file has lists named 'published' and 'derived'"
        )
    return tuple(cases)


def _case(
    item: Mapping[str, JsonValue], is_published: bool, place: tuple[str | int, ...]
) -> VectorCase:
    name = item.get("id", place[-1])
    for member in ("scheme", "inputs", "expected"):
        if item.get(member) is None:
            raise VectorFileError(f"vector {name!r} lacks {member!r}", place)
    inputs = _of_kind(item, "inputs", Mapping, place)
    secret = _of_kind(item, "secret", str, place)
    scheme = _of_kind(item, "scheme", str, place)
    transport = _of_kind(item, "transport", str, place)
    if transport is not None and transport not in TRANSPORTS:
        known = ", ".join(TRANSPORTS)
        raise VectorFileError(
            f"vector {name!r} has the transport {transport!r}, which is none of {known}", place
        )
    return VectorCase(
        id=str(name),
        scheme=str(scheme),
        algorithm=str(item.get("algorithm", "")),
        is_verified=item.get("verified") is not False and item.get("oracle_agrees") is not False,
        is_published=is_published and item.get("kind") != "derived",
        note=str(item.get("notes") or item.get("verify_mode") or ""),
        secret=secret,
        inputs=inputs,
        canonical=_text(item.get("string_to_sign")),
        canonical_hex=_text(item.get("bytes_to_sign_hex")),
        expected=item["expected"],
        encoding=str(item.get("signature_encoding", "")),
        transport=str(item.get("transport", "")),
    )


def _of_kind(
    item: Mapping[str, JsonValue], name: str, kind: type, place: tuple[str | int, ...]
) -> Any:
    """Return a member of a vector, None where it is absent. Raises VectorFileError."""
    value = item.get(name)
    if value is None or isinstance(value, kind):
        return value
    wanted = "a text" if kind is str else "a mapping"
    vector = item.get("id", place[-1])
    # The value is not quoted: it may be a secret.
    raise VectorFileError(f"{name!r} of vector {vector!r} is not {wanted}", (*place, name))


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
