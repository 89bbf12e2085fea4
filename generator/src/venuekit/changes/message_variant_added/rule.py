"""One more shape is possible: a reader meets what it has never seen."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.VARIANT_ADDED):
        has_tag = not found.difference.is_closed
        yield judged(found, Effect.WIDENED, is_tolerated=found.is_read_tolerantly and has_tag)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-variant-removed",
    message="{path} of {messages} ({direction}) can also be {after} now",
    remedy="send the new shape to readers of a new version alone, or in a field of its own",
    find=find,
)
