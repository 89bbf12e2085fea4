"""A value has another type: old code cannot read it, or is refused."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, effect_of, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.TYPE_CHANGED):
        yield judged(found, effect_of(found.difference.sets))


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-type-changed",
    message="{path} of {messages} ({direction}) was {before} and is {after} now",
    remedy="add a new field beside the old one, and deprecate the old one",
    find=find,
)
