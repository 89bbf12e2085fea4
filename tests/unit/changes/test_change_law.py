"""Severity is derived from effect and direction, and every rule has its mirror."""

import pytest

from venuekit import changes
from venuekit.changes import Direction, Effect, severity
from venuekit.finding import Severity
from venuekit.rulebook import folders

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@pytest.mark.parametrize(
    ("effect", "to_server", "to_client"),
    [
        (Effect.NARROWED, ERROR, INFO),
        (Effect.WIDENED, INFO, ERROR),
        (Effect.CHANGED, ERROR, ERROR),
        (Effect.SAME, INFO, INFO),
    ],
)
def test_direction_decides(effect: Effect, to_server: Severity, to_client: Severity) -> None:
    assert severity(effect, Direction.TO_SERVER) is to_server
    assert severity(effect, Direction.TO_CLIENT) is to_client


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("effect", Effect)
def test_tolerance_softens_a_break_and_nothing_else(effect: Effect, direction: Direction) -> None:
    strict = severity(effect, direction)
    assert severity(effect, direction, is_tolerated=True) is (
        WARNING if strict is ERROR else strict
    )


def test_every_rule_has_its_mirror() -> None:
    rules = changes.rules()
    lonely = [
        rule_id
        for rule_id, rule in rules.items()
        if rule.mirror not in rules or rules[rule.mirror].mirror != rule_id
    ]
    assert lonely == []
    assert len(rules) >= 5


@pytest.mark.parametrize("rule_id", sorted(folders(changes)))
def test_a_rule_that_mirrors_another_is_named_for_it(rule_id: str) -> None:
    """A pair differs in its last word (added, removed); a rule for both ways ends in a past."""
    mirror = changes.rules()[rule_id].mirror
    if mirror != rule_id:
        assert mirror.rpartition("-")[0] == rule_id.rpartition("-")[0]
        opposite = {"added": "removed", "required": "optional"}
        opposite |= {back: there for there, back in opposite.items()}
        assert mirror.rpartition("-")[2] == opposite[rule_id.rpartition("-")[2]]
    else:
        assert rule_id.endswith(("-changed", "-renamed"))
