"""A captured request stays good for too long."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import window_too_wide


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from window_too_wide(scheme)


RULE = Rule(
    severity=Severity.WARNING,
    message="the {name} of {scheme!r} is {stated_ms} ms, which is more than {most_ms} ms",
    help="shorten it; clients measure the offset of their clock instead",
    find=find,
)
