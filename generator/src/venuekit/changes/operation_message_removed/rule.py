"""A message no longer travels: who sends it is refused, who waits for it waits in vain."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for pair in comparison.messages:
        if pair.before is not None and pair.after is None:
            is_sent = pair.direction is Direction.TO_SERVER
            yield Change(
                origin=pair.holder.origin,
                effect=Effect.NARROWED if is_sent else Effect.CHANGED,
                direction=pair.direction,
                facts={"name": pair.holder.name, "message": pair.before.name},
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="operation-message-added",
    message="message {message} ({direction}) is gone from operation {name}",
    remedy="keep the message and deprecate it; remove it with the next major version",
    find=find,
)
