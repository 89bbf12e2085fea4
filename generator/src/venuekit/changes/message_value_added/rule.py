"""A value is new in a list of allowed ones: a reader meets what it has never seen."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.VALUE_ADDED):
        effect = Effect.SAME if found.difference.is_announced else Effect.WIDENED
        yield judged(found, effect, is_tolerated=found.is_read_tolerantly)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-value-removed",
    message="{path} of {messages} ({direction}) now allows {after}",
    remedy="tell readers before the first such message; announce growing lists: x-extensible-enum",
    find=find,
)
