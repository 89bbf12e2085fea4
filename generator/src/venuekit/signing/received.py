"""What a server received, and what it answers about a signature: values without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """A request or message as it arrived, byte for byte.

    `host` is the Host header, `target` path and query of the request line, `headers` names and
    values in their order with nothing decoded. A WebSocket message gives its JSON object as
    `message`, a FIX Logon its fields as `tags`.
    """

    method: str = ""
    host: str = ""
    target: str = ""
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    message: Any = None
    tags: tuple[tuple[str, str], ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """What the server knows for itself: constants of the operation, a challenge."""


class RefusalKind(StrEnum):
    """Why a signature is refused; each maps to one answer of the server."""

    MISSING = "missing"
    DUPLICATED = "duplicated"
    MALFORMED = "malformed"
    TIMESTAMP = "timestamp"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a sandbox says about a mismatch.

    `canonical` is the string that the server expects to be signed. When one plausible mistake
    reproduces the received signature, `cause` names it, `signed` is what was signed instead and
    `first_difference` the offset of the first byte where the two differ.
    """

    canonical: str
    cause: str | None = None
    signed: str | None = None
    first_difference: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused signature. `message` is safe to send: it quotes nothing secret."""

    kind: RefusalKind
    message: str
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What the request says about itself, strictly parsed but not yet believed."""

    signature: Any
    """Text, or an object where the scheme writes one."""
    key: str = ""
    timestamp: str = ""
    timestamp_ms: int | None = None
    nonce: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
