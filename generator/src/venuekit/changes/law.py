"""The law of changes: a rule states what happened to a set of values, and severity follows.

What a client sends must stay acceptable to the server, so a set that got narrower breaks
clients. What a server sends must stay acceptable to the client, so a set that got wider
breaks them. Nothing here is a table of severities set by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction, PayloadDifference, Sets
from venuekit.finding import Finding, Promise, Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts


class Effect(StrEnum):
    """What a change did to the set of values that the contract allows.

    CHANGED stands for sets of which neither holds the other, and for the same values with
    another meaning; SAME for a set that had room already.
    """

    WIDENED = "widened"
    NARROWED = "narrowed"
    CHANGED = "changed"
    SAME = "same"


def severity(effect: Effect, direction: Direction, *, is_tolerated: bool = False) -> Severity:
    """Derive how bad a change is from what it did and which way the values travel.

    `is_tolerated` says that a reader who ignores unknown fields and keeps unknown values, as
    the SDKs do, goes on working: such a break is a warning.
    """
    match effect, direction:
        case (Effect.CHANGED, _):
            is_breaking = True
        case (Effect.NARROWED, Direction.TO_SERVER) | (Effect.WIDENED, Direction.TO_CLIENT):
            is_breaking = True
        case _:
            is_breaking = False
    if not is_breaking:
        return Severity.INFO
    return Severity.WARNING if is_tolerated else Severity.ERROR


def effect_of(sets: Sets) -> Effect:
    """Return the effect of one set of values in the place of another."""
    match sets:
        case Sets.WIDER:
            return Effect.WIDENED
        case Sets.NARROWER:
            return Effect.NARROWED
        case Sets.OTHER:
            return Effect.CHANGED


def judged(found: PayloadDifference, effect: Effect, *, is_tolerated: bool = False) -> Change:
    """Return a difference of payloads as a change with that effect."""
    return Change(
        origin=found.difference.origin,
        effect=effect,
        direction=found.direction,
        facts=found.facts,
        is_tolerated=is_tolerated,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change that a rule found; `facts` fill the rule's words."""

    origin: Origin
    effect: Effect
    direction: Direction
    facts: Facts
    is_tolerated: bool = False

    @property
    def severity(self) -> Severity:
        return severity(self.effect, self.direction, is_tolerated=self.is_tolerated)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """One question about a before and an after.

    `mirror` is the id of the rule for the opposite change; a rule that covers both ways names
    itself. `remedy` is the help for a change that hurts; one that does not hurt needs none.
    """

    promise: Promise
    mirror: str
    message: str
    remedy: str
    find: Callable[[Comparison], Iterable[Change]]

    def findings(self, rule_id: str, comparison: Comparison) -> Iterator[Finding]:
        """Yield what the rule finds between two contracts, worded."""
        for change in self.find(comparison):
            facts = {**change.facts, "direction": change.direction.value}
            is_safe = change.severity is Severity.INFO
            yield Finding(
                rule=rule_id,
                severity=change.severity,
                message=self.message.format(**facts),
                help=SAFE if is_safe else self.remedy.format(**facts),
                origin=change.origin,
                promise=self.promise,
            )


SAFE = "nothing to do: clients of the earlier version are not hurt; note it in the changelog"
