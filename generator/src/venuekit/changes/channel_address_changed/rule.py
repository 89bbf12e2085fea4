"""A channel stands at another address: subscribing to the old one fails."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for before, after in comparison.channels:
        if before is not None and after is not None and not comparison.is_same_place(before, after):
            yield Change(
                origin=after.origin.child("address"),
                effect=Effect.CHANGED,
                direction=Direction.TO_SERVER,
                facts={"name": after.name, "before": before.address, "after": after.address},
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="channel-address-changed",
    message="the address of channel {name} was {before} and is {after} now",
    remedy="serve both addresses, and deprecate the old one",
    find=find,
)
