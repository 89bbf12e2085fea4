"""Facts of trading APIs that OpenAPI and AsyncAPI cannot say: errors, limits, stream rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from venuekit.origin import Origin


class Stability(StrEnum):
    """How firmly a part is promised (`x-stability`)."""

    DRAFT = "draft"
    ALPHA = "alpha"
    BETA = "beta"
    STABLE = "stable"


class RetryClass(StrEnum):
    """What a client may do after an error.

    never: the same request can never succeed; after_fix: change the request first;
    after_delay: the same request may succeed later; resolve: the outcome is unknown, look the
    order up before doing anything.
    """

    NEVER = "never"
    AFTER_FIX = "after_fix"
    AFTER_DELAY = "after_delay"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """One row of the error table (`x-errors` of a document)."""

    code: str
    cause: str
    retry: RetryClass
    action: str
    http_status: int | None = None
    provoke: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitBucket:
    """A rate limit: `capacity` units refill evenly over `window_ms` milliseconds.

    `scope` says whose budget it is.
    """

    name: str
    capacity: int
    window_ms: int
    scope: Literal["ip", "key", "account", "connection"]
    description: str | None = None
    limit_header: str | None = None
    remaining_header: str | None = None
    retry_after_header: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCost:
    """What one call of an operation takes from a bucket."""

    bucket: str
    weight: int
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRule:
    """How a channel's messages add up to a state (`x-stream`).

    `sequence_rule`: "previous_equals_last" means that `previous_field` of a message equals
    `sequence_field` of the one before; "increment" means that `sequence_field` grows by one;
    "none" means that the channel has no order to check, and `reason` says why.
    """

    snapshot: str | None = None
    delta: str | None = None
    sequence_field: str | None = None
    previous_field: str | None = None
    sequence_rule: Literal["previous_equals_last", "increment", "none"] = "none"
    reason: str | None = None
    checksum: str | None = None
    heartbeat_ms: int | None = None
    resume: Literal["snapshot", "replay", "none"] = "none"
    subscribe_operation: str | None = None
    unsubscribe_operation: str | None = None
    topic_field: str | None = None
    origin: Origin
