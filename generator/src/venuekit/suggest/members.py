"""Suggests that objects are open whose examples have members that they do not declare."""

from __future__ import annotations

from venuekit.contract import Contract
from venuekit.contract.shown import undeclared
from venuekit.suggest.facts import Facts


def suggest_members(contract: Contract, facts: Facts) -> None:
    """Add that an object has further members, so that both SDKs keep them."""
    for shape, _names in undeclared(contract):
        why = "An example has members that are not declared here."
        facts.add(shape.notes.origin, {"additionalProperties": True}, why)
