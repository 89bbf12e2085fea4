"""Fields that may hold the separator are joined, so two requests can sign alike."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import joined_free_fields


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from joined_free_fields(scheme)


RULE = Rule(
    severity=Severity.WARNING,
    message="in {scheme!r} a part before the last may hold the separator {separator}",
    help="sign a digest of the part, put it last, or refuse values that hold the separator",
    find=find,
)
