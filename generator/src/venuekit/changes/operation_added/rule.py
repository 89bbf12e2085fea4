"""An operation over WebSocket or FIX is new: nobody is hurt."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for before, after in comparison.operations:
        if before is None and after is not None:
            operation = after.operation
            yield Change(
                origin=operation.origin,
                effect=Effect.WIDENED,
                direction=Direction.TO_SERVER,
                facts={"name": operation.name, "wire": operation.wire.value},
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="operation-removed",
    message="operation {name} over {wire} was added",
    remedy="nothing to do",
    find=find,
)
