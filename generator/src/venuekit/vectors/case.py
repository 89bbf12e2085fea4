"""One signing vector, and the request that its loosely named inputs describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from venuekit.contract.schema import JsonValue


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
    """The file is not a vectors file; the message says what was found."""


def read_cases(document: JsonValue) -> tuple[VectorCase, ...]:
    """Return the vectors of a file: lists named `published` and `derived`, or one plain list.

    Raises VectorFileError.
    """
    groups: list[tuple[bool, JsonValue]] = []
    if isinstance(document, Mapping):
        groups = [(name != "derived", document[name]) for name in document if name != "about"]
    elif isinstance(document, list):
        groups = [(True, document)]
    cases: list[VectorCase] = []
    for is_published, group in groups:
        if not isinstance(group, list):
            continue
        for index, item in enumerate(group):
            if not isinstance(item, Mapping):
                raise VectorFileError(f"vector {index} is not a mapping")
            cases.append(_case(item, is_published, index))
    if not cases:
        raise VectorFileError(
            "no vectors were found; a file has lists named 'published' and 'derived'"
        )
    return tuple(cases)


def _case(item: Mapping[str, JsonValue], is_published: bool, index: int) -> VectorCase:
    for name in ("scheme", "inputs", "expected"):
        if name not in item:
            raise VectorFileError(f"vector {item.get('id', index)!r} lacks {name!r}")
    inputs = item["inputs"]
    secret = item.get("secret")
    return VectorCase(
        id=str(item.get("id", index)),
        scheme=str(item["scheme"]),
        algorithm=str(item.get("algorithm", "")),
        is_verified=item.get("verified") is not False and item.get("oracle_agrees") is not False,
        is_published=is_published and item.get("kind") != "derived",
        note=str(item.get("notes") or item.get("verify_mode") or ""),
        secret=secret if isinstance(secret, str) else None,
        inputs=inputs if isinstance(inputs, Mapping) else {},
        canonical=_text(item.get("string_to_sign")),
        canonical_hex=_text(item.get("bytes_to_sign_hex")),
        expected=item["expected"],
        encoding=str(item.get("signature_encoding", "")),
        transport=str(item.get("transport", "")),
    )


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
