"""One more message can travel: a reader may meet what it has never seen."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.law import Change, ChangeRule, Effect
from venuekit.contract import Wire
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for pair in comparison.messages:
        if pair.before is None and pair.after is not None:
            yield Change(
                origin=pair.after.origin,
                effect=Effect.WIDENED,
                direction=pair.direction,
                facts={"name": pair.holder.name, "message": pair.after.name},
                is_tolerated=pair.wire is Wire.WEBSOCKET,
            )


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="operation-message-removed",
    message="message {message} ({direction}) is new in operation {name}",
    remedy="send the new message only to clients that ask for it, for instance on a new topic",
    find=find,
)
