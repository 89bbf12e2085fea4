"""A published vector does not follow from the scheme: one of the two is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import wrong_vectors


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from wrong_vectors(scheme)


RULE = Rule(
    severity=Severity.ERROR,
    message="vector {vector!r} expects {expected}, and the scheme gives {found}",
    help="compare the signed string with the venue's; then correct the scheme or the vector",
    find=find,
)
