"""A limit on values moved: tighter ones refuse what was sent, looser ones surprise readers."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, effect_of, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.CONSTRAINT_CHANGED):
        yield judged(found, effect_of(found.difference.sets))


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-constraint-changed",
    message="{path} of {messages} ({direction}): {before} before, {after} now",
    remedy="keep the limit, or move it with the next major version",
    find=find,
)
