"""What the contract demands of a caller: security schemes and requirements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from venuekit.contract.schema import JsonValue
from venuekit.contract.signing import SigningScheme
from venuekit.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedScheme:
    """A scheme whose `x-signing` says how each request is signed."""

    name: str
    signing: SigningScheme
    description: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyScheme:
    """A key that is sent as it is."""

    name: str
    location: Literal["header", "query", "cookie", "user", "password"]
    parameter: str | None
    description: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpScheme:
    """HTTP authentication: `scheme` is "bearer", "basic" or another registered word."""

    name: str
    scheme: str
    bearer_format: str | None = None
    description: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherScheme:
    """A scheme that is carried as written: OAuth 2, OpenID Connect, mutual TLS, ..."""

    name: str
    type: str
    document: Mapping[str, JsonValue] = field(default_factory=dict)
    description: str | None = None
    origin: Origin


SecurityScheme = SignedScheme | ApiKeyScheme | HttpScheme | OtherScheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Schemes that are demanded together; an empty tuple lets anybody in."""

    schemes: tuple[tuple[str, tuple[str, ...]], ...]
    origin: Origin
