"""Nothing says when a signed request stops to be good."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import without_window


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from without_window(scheme)


RULE = Rule(
    severity=Severity.WARNING,
    message="the clock of {scheme!r} states no window",
    help="add window_ms, the greatest age that the server accepts",
    find=find,
)
