"""What is left out means something else: an order that says nothing gets another default."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction, Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.DEFAULT_CHANGED):
        was_unstated = found.difference.before == "no default"
        is_read = found.direction is Direction.TO_CLIENT
        yield judged(found, Effect.CHANGED, is_tolerated=was_unstated or is_read)


RULE = ChangeRule(
    promise=Promise.BEHAVIOUR,
    mirror="message-default-changed",
    message="{path} of {messages} ({direction}): absent meant {before} and means {after} now",
    remedy="keep the default; give the new behaviour a value that must be asked for",
    find=find,
)
