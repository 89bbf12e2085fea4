"""Reads the extensions that say what OpenAPI and AsyncAPI cannot: effects, errors, limits."""

from __future__ import annotations

from typing import Literal, cast

from venuekit.contract import (
    Effect,
    ErrorCode,
    JsonValue,
    LimitBucket,
    LimitCost,
    RetryClass,
    Stability,
    StreamRule,
)
from venuekit.load.context import Context
from venuekit.source import Node

OPERATION_EXTENSIONS = frozenset(
    {
        "x-effect",
        "x-dedup-key",
        "x-rate-limit",
        "x-errors",
        "x-signing-inputs",
        "x-stability",
        "x-sunset",
    }
)
_EFFECTS = {str(effect): effect for effect in Effect}
_RETRIES = {str(retry): retry for retry in RetryClass}
_STABILITIES = {str(word): word for word in Stability}
_Scope = Literal["ip", "key", "account", "connection"]


def read_effect(operation: Node) -> Effect | None:
    """Return what `x-effect` says; the extension's JSON Schema judges other words."""
    return _EFFECTS.get(operation.text("x-effect") or "")


def read_stability(node: Node) -> Stability | None:
    """Return what `x-stability` says."""
    return _STABILITIES.get(node.text("x-stability") or "")


def read_error_codes(context: Context, document: Node) -> dict[str, ErrorCode]:
    """Return the error table of a document (`x-errors` at its root)."""
    table = _extension(context, document, "x-errors")
    codes: dict[str, ErrorCode] = {}
    for code, written in table.items() if table is not None else ():
        row = context.resolve(written)
        if row is None or not isinstance(row.value, dict):
            continue
        retry = _RETRIES.get(row.text("retry") or "")
        if retry is None:
            continue
        codes[code] = ErrorCode(
            code=code,
            cause=row.text("cause") or "",
            retry=retry,
            action=row.text("action") or "",
            http_status=_count(row, "http_status"),
            provoke=row.text("provoke"),
            origin=row.origin,
        )
    return codes


def read_limit_buckets(context: Context, document: Node) -> dict[str, LimitBucket]:
    """Return the rate limits of a document (`x-rate-limit` at its root)."""
    stated = _extension(context, document, "x-rate-limit")
    buckets = stated.get("buckets") if stated is not None else None
    if stated is None or buckets is None:
        return {}
    headers = stated.get("headers") or Node(stated.document, stated.pointer, {})
    found: dict[str, LimitBucket] = {}
    for name, bucket in buckets.items():
        capacity, window = _count(bucket, "capacity"), _count(bucket, "window_ms")
        if capacity is None or window is None:
            continue
        found[name] = LimitBucket(
            name=name,
            capacity=capacity,
            window_ms=window,
            scope=cast(_Scope, bucket.text("scope") or "ip"),
            description=bucket.text("description"),
            limit_header=headers.text("limit"),
            remaining_header=headers.text("remaining"),
            retry_after_header=headers.text("retry_after"),
            origin=bucket.origin,
        )
    return found


def read_limit_costs(operation: Node) -> tuple[LimitCost, ...]:
    """Return what one call takes from each bucket (`x-rate-limit` of an operation)."""
    costs = operation.get("x-rate-limit")
    if costs is None:
        return ()
    return tuple(
        LimitCost(bucket=bucket, weight=weight.value, origin=weight.origin)
        for bucket, weight in costs.items()
        if isinstance(weight.value, int) and not isinstance(weight.value, bool)
    )


def read_stream(channel: Node) -> StreamRule | None:
    """Return how a channel's messages add up to a state (`x-stream`)."""
    stream = channel.get("x-stream")
    sequence = stream.get("sequence") if stream is not None else None
    if stream is None or sequence is None:  # Without it, it is somebody else's.
        return None
    return StreamRule(
        snapshot=stream.text("snapshot"),
        delta=stream.text("delta"),
        sequence_field=sequence.text("field"),
        previous_field=sequence.text("previous_field"),
        sequence_rule=cast(
            Literal["previous_equals_last", "increment", "none"], sequence.text("rule") or "none"
        ),
        reason=sequence.text("reason"),
        checksum=stream.text("checksum"),
        heartbeat_ms=_count(stream, "heartbeat_ms"),
        resume=cast(Literal["snapshot", "replay", "none"], stream.text("resume") or "none"),
        subscribe_operation=stream.text("subscribe"),
        unsubscribe_operation=stream.text("unsubscribe"),
        topic_field=stream.text("topic_field"),
        origin=stream.origin,
    )


def other_extensions(node: Node, ours: frozenset[str]) -> dict[str, JsonValue]:
    """Return the extensions of a node that the contract keeps as they are written."""
    return {
        key: value
        for key, value in node.members.items()
        if key.startswith("x-") and key not in ours
    }


def _extension(context: Context, document: Node, key: str) -> Node | None:
    written = document.get(key)
    return context.resolve(written) if written is not None else None


def _count(node: Node, key: str) -> int | None:
    value = node.members.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
