"""An optional field became required: who leaves it out is refused."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.law import Change, ChangeRule, Effect, judged
from venuekit.finding import Promise


def find(comparison: Comparison) -> Iterator[Change]:
    for found in comparison.payload(Kind.NOW_REQUIRED):
        yield judged(found, Effect.NARROWED)


RULE = ChangeRule(
    promise=Promise.WIRE,
    mirror="message-field-now-optional",
    message="field {path} of {messages} ({direction}) was optional and is required now",
    remedy="keep it optional, and say what its absence means",
    find=find,
)
