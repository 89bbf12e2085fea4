"""The whole contract: everything that a venue promises, over all wires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from venuekit.contract.domain import ErrorCode, LimitBucket
from venuekit.contract.fix import FixSession
from venuekit.contract.message import Channel, Message
from venuekit.contract.operation import Operation, Wire
from venuekit.contract.schema import JsonValue, NamedSchema
from venuekit.contract.security import SecurityScheme
from venuekit.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """One document that the contract was loaded from."""

    file: str
    kind: Literal["openapi", "asyncapi"]
    format_version: str
    title: str
    version: str
    description: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the API is served. `url` holds `{variables}`, whose defaults are given."""

    key: str
    url: str
    wire: Wire
    protocol: str
    title: str | None = None
    description: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    fix: FixSession | None = None
    origin: Origin

    @property
    def default_url(self) -> str:
        """The URL with each variable's default filled in."""
        url = self.url
        for name, value in self.variables.items():
            url = url.replace("{" + name + "}", value)
        return url


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many things of each kind a document or contract holds."""

    operations: int
    channels: int
    messages: int
    schemas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The promise, loaded. Every collection keeps the documents' order."""

    title: str
    version: str
    description: str | None
    documents: tuple[DocumentInfo, ...]
    servers: tuple[Server, ...] = ()
    operations: tuple[Operation, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    schemas: Mapping[str, NamedSchema] = field(default_factory=dict)
    security_schemes: Mapping[str, SecurityScheme] = field(default_factory=dict)
    errors: Mapping[str, ErrorCode] = field(default_factory=dict)
    limits: Mapping[str, LimitBucket] = field(default_factory=dict)
    tags: Mapping[str, str | None] = field(default_factory=dict)
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        return Counts(
            operations=len(self.operations),
            channels=len(self.channels),
            messages=len(self.messages),
            schemas=len(self.schemas),
        )

    def operation(self, name: str, wire: Wire) -> Operation | None:
        """Return the operation of that name on that wire, if the contract has it."""
        return next((o for o in self.operations if o.name == name and o.wire is wire), None)
