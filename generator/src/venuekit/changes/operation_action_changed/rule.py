"""Who sends and who receives was swapped: neither side understands the other."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for before, after in comparison.operations:
        if before is None or after is None:
            continue
        old, new = before.operation, after.operation
        if old.action is not new.action:
            yield Change(
                origin=new.origin.child("action"),
                effect=Effect.CHANGED,
                direction=Direction.TO_SERVER,
                facts={"name": new.name, "before": old.action.value, "after": new.action.value},
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="operation-action-changed",
    message="clients could {before} with operation {name} and can {after} now",
    remedy="give the other action an operation of its own",
    find=find,
)
