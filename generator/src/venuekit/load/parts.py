"""What one document gives to the contract, before the documents are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from venuekit.contract import (
    Channel,
    Counts,
    DocumentInfo,
    ErrorCode,
    JsonValue,
    LimitBucket,
    Message,
    Operation,
    SecurityScheme,
    Server,
)
from venuekit.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The contribution of one document. `counts` is what was built from it."""

    info: DocumentInfo
    counts: Counts
    servers: tuple[Server, ...] = ()
    operations: tuple[Operation, ...] = ()
    channels: tuple[Channel, ...] = ()
    messages: tuple[Message, ...] = ()
    security_schemes: tuple[SecurityScheme, ...] = ()
    errors: Mapping[str, ErrorCode] = field(default_factory=dict)
    limits: Mapping[str, LimitBucket] = field(default_factory=dict)
    tags: Mapping[str, str | None] = field(default_factory=dict)
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)
    origin: Origin
