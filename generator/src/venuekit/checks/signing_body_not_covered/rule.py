"""The body is not signed, so a stranger can replace the order in it."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import body_not_covered


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from body_not_covered(scheme)


RULE = Rule(
    severity=Severity.ERROR,
    message="the signature of {scheme!r} does not cover the body",
    help="add the body, or its digest, to the canonical string",
    find=find,
)
