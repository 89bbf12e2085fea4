"""Whether to send again, and what a failure means for the order: pure decisions, no I/O."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET, Struct

from venuekit_runtime.errors import ApiError, TransportError, UnknownOutcomeError, VenueError
from venuekit_runtime.operation import HttpOperation, StreamOperation

# RFC 9110 and RFC 8470: a read that met one of these may find better luck a little later.
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))


class RetryPolicy(Struct, frozen=True):
    """How often and how long: reads alone by default, with full jitter.

    The delay before attempt ``n + 1`` is random in [0, min(cap_s, base_s * 2**(n - 1))] or what
    Retry-After asks for. ``resends_creates`` lets a create with an unknown outcome be sent again
    where the contract's dedup key makes that safe; without such a key it never happens.
    """

    attempts: int = 3
    base_s: float = 0.1
    cap_s: float = 5.0
    resends_creates: bool = False


READS_ONLY = RetryPolicy()


def chance() -> float:
    """A random number in [0, 1), drawn from the system: forked children draw different ones."""
    return (int.from_bytes(os.urandom(7)) >> 3) / (1 << 53)


def retry_delay(
    policy: RetryPolicy,
    operation: HttpOperation[Any],
    attempt: int,
    error: VenueError,
    random: Callable[[], float],
) -> float | None:
    """Seconds to wait before the next attempt, or None to give up; ``attempt`` counts from 1."""
    if attempt >= policy.attempts or not _may_repeat(policy, operation, error):
        return None
    delay = random() * min(policy.cap_s, policy.base_s * 2.0 ** (attempt - 1))
    asked = error.retry_after_s if isinstance(error, ApiError) else None
    if asked is None:
        return delay
    return None if asked > policy.cap_s else max(delay, asked)


def _may_repeat(policy: RetryPolicy, operation: HttpOperation[Any], error: VenueError) -> bool:
    if isinstance(error, TransportError) and not error.maybe_sent:
        return True
    if operation.effect == "read":
        return isinstance(error, TransportError) or (
            isinstance(error, ApiError) and error.status in _PASSING
        )
    key = operation.dedup_key
    is_safe = key is not None and key.is_resend_safe and operation.effect == "create"
    return policy.resends_creates and is_safe and is_unclear(error)


def is_unclear(error: VenueError) -> bool:
    """Whether an error leaves open what became of the request.

    So does anything that broke after bytes may have left, an error that the contract's table
    says must be resolved, and a 5xx of which the table says nothing.
    """
    if isinstance(error, TransportError):
        return error.maybe_sent
    if isinstance(error, ApiError):
        if error.retry_class is not None:
            return error.retry_class == "resolve"
        return error.status >= 500
    return False


def outcome(
    operation: HttpOperation[Any] | StreamOperation[Any],
    arguments: Mapping[str, Any],
    error: VenueError,
) -> VenueError:
    """What to raise: the error itself, or UnknownOutcomeError where a state may have changed."""
    if operation.effect == "read" or not is_unclear(error):
        return error
    return unknown_outcome(operation, arguments, str(error))


def unknown_outcome(
    operation: HttpOperation[Any] | StreamOperation[Any],
    arguments: Mapping[str, Any],
    reason: str,
) -> UnknownOutcomeError:
    """The error that says so, with the id to look for and the operation that looks."""
    key = operation.dedup_key
    value = arguments.get(key.argument, UNSET) if key is not None else UNSET
    return UnknownOutcomeError(
        operation.name,
        dedup_key=key.name if key is not None else None,
        dedup_value=None if value is UNSET or value is None else str(value),
        resolver=key.resolver if key is not None else None,
        reason=reason,
    )
