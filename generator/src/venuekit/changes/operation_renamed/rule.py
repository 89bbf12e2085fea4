"""The name of an operation is the name of an SDK's method: code that calls it no longer builds."""

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
        if old.name != new.name:
            yield Change(
                origin=new.origin,
                effect=Effect.CHANGED,
                direction=Direction.TO_SERVER,
                facts={"before": old.name, "after": new.name, "wire": new.wire.value},
            )


RULE = ChangeRule(
    promise=Promise.SDK,
    mirror="operation-renamed",
    message="operation {before} over {wire} is called {after} now",
    remedy="keep the name: nothing on the wire gains by another one",
    find=find,
)
