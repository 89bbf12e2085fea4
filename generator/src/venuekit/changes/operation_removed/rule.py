"""An operation over WebSocket or FIX is gone: bots that use it stop working."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for before, after in comparison.operations:
        if before is not None and after is None:
            operation = before.operation
            yield Change(
                origin=comparison.later_parent(operation, "operations"),
                effect=Effect.NARROWED,
                direction=Direction.TO_SERVER,
                facts={"name": operation.name, "wire": operation.wire.value},
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="operation-added",
    message="operation {name} over {wire} was removed",
    remedy="keep the operation and deprecate it; remove it with the next major version",
    find=find,
)
