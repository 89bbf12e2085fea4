"""The linter: each rule folder below asks one question about one contract."""

from __future__ import annotations

import sys
from collections.abc import Collection

from venuekit.contract import Contract
from venuekit.finding import Finding
from venuekit.rulebook import Rule, load_rules


def rules() -> dict[str, Rule]:
    """Return every lint rule by id."""
    return load_rules(sys.modules[__name__], Rule)


def check(contract: Contract, only: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what the rules (all, or those named) find in a contract, in the rules' order.

    Raises KeyError when `only` names a rule that does not exist.
    """
    known = rules()
    chosen = {rule_id: known[rule_id] for rule_id in only} if only else known
    return tuple(
        finding for rule_id, rule in chosen.items() for finding in rule.findings(rule_id, contract)
    )
