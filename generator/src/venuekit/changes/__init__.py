"""The judge of changes: each rule folder below asks one question about a before and an after.

The rules here cover what AsyncAPI describes, over WebSocket and FIX. Pairs of OpenAPI documents
are judged by oasdiff, which `openapi.py` drives.
"""

from __future__ import annotations

import sys
from collections.abc import Collection

from venuekit.changes.comparison import Comparison
from venuekit.changes.difference import Direction
from venuekit.changes.law import Change, ChangeRule, Effect, severity
from venuekit.contract import Contract
from venuekit.finding import Finding
from venuekit.rulebook import load_rules

__all__ = [
    "Change",
    "ChangeRule",
    "Comparison",
    "Direction",
    "Effect",
    "compare",
    "rules",
    "severity",
]


def rules() -> dict[str, ChangeRule]:
    """Return every rule about changes by id."""
    return load_rules(sys.modules[__name__], ChangeRule)


def compare(before: Contract, after: Contract, only: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what the rules (all, or those named) find between two contracts.

    Raises KeyError when `only` names a rule that does not exist.
    """
    known = rules()
    chosen = {rule_id: known[rule_id] for rule_id in only} if only else known
    comparison = Comparison(before, after)
    return tuple(
        finding
        for rule_id, rule in chosen.items()
        for finding in rule.findings(rule_id, comparison)
    )
