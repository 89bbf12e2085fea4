"""A writing operation does not say what it does, so nobody knows whether it may be repeated."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Action, Contract, HttpBinding
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule

READING = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Safe methods (RFC 9110 section 9.2.1): their effect is known without a word."""


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        binding = operation.binding
        if operation.effect is None and operation.action is Action.REQUEST:
            if isinstance(binding, HttpBinding) and binding.method in READING:
                continue
            yield operation.origin, {"name": operation.name}


RULE = Rule(
    severity=Severity.WARNING,
    message="operation {name!r} does not say what it does to the venue's state",
    help="add x-effect: read, create, replace or cancel; without it an SDK never repeats the call",
    find=find,
)
