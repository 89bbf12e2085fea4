"""A required field became optional: a reader that counts on it fails without it."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.NOW_OPTIONAL):
        yield judged(found, Effect.WIDENED)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-field-now-required",
    message="field {path} of {messages} ({direction}) was required and is optional now",
    remedy="keep sending it always, and leave it in `required`",
    find=find,
)
