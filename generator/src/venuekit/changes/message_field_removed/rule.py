"""A field is gone from a message: what clients send for it is lost, what they read is absent."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction, Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.FIELD_REMOVED):
        gone = found.difference
        if found.direction is Direction.TO_CLIENT:
            # A reader could never count on an optional field.
            yield judged(found, Effect.WIDENED, is_tolerated=not gone.is_required)
        else:
            yield judged(found, Effect.NARROWED, is_tolerated=not gone.is_closed)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-field-added",
    message="field {path} of {messages} ({direction}) was removed: it was {before}, {requirement}",
    remedy="keep the field and deprecate it; remove it with the next major version",
    find=find,
)
