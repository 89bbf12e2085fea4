"""An address is new: nobody is hurt, and readers of the changelog want to know."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for before, after in comparison.channels:
        if before is None and after is not None:
            yield Change(
                origin=after.origin,
                effect=Effect.WIDENED,
                direction=Direction.TO_SERVER,
                facts={"name": after.name, "address": after.address},
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="channel-removed",
    message="channel {name} ({address}) was added",
    remedy="nothing to do",
    find=find,
)
