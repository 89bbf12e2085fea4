"""A field is new in a message: required ones hurt those who send it, any hurts a strict reader."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction, Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.FIELD_ADDED):
        new = found.difference
        if found.direction is Direction.TO_SERVER:
            yield judged(found, Effect.NARROWED if new.is_required else Effect.WIDENED)
        else:
            # An open object always allowed a field of that name, of any type.
            yield judged(found, Effect.WIDENED if new.is_closed else Effect.NARROWED)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-field-removed",
    message="field {path} of {messages} ({direction}) was added: {after}, {requirement}",
    remedy="make it optional for senders; send it only to readers that keep unknown fields",
    find=find,
)
