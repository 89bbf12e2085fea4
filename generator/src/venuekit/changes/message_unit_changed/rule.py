"""The same digits mean something else: milliseconds became microseconds."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.UNIT_CHANGED):
        # A unit that is merely no longer stated may still hold.
        yield judged(found, Effect.CHANGED, is_tolerated=found.difference.is_announced)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-unit-changed",
    message="{path} of {messages} ({direction}) changed its meaning: {before} before, {after} now",
    remedy="add a field with the new unit in its name, and deprecate the old one",
    find=find,
)
