"""A value is gone from a list of allowed ones: who sends it is refused."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.VALUE_REMOVED):
        yield judged(found, Effect.NARROWED)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-value-added",
    message="{path} of {messages} ({direction}) no longer allows {before}",
    remedy="accept the value and deprecate it; remove it with the next major version",
    find=find,
)
