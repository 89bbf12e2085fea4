"""An address is gone: subscribing to it fails."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for before, after in comparison.channels:
        if before is not None and after is None:
            yield Change(
                origin=comparison.later_parent(before, "channels"),
                effect=Effect.NARROWED,
                direction=Direction.TO_SERVER,
                facts={"name": before.name, "address": before.address},
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="channel-added",
    message="channel {name} ({address}) was removed",
    remedy="keep the channel and deprecate it; remove it with the next major version",
    find=find,
)
