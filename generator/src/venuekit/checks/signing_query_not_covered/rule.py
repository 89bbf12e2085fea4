"""The query is not signed, so a stranger can change parameters."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import query_not_covered


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from query_not_covered(scheme)


RULE = Rule(
    severity=Severity.ERROR,
    message="the signature of {scheme!r} does not cover the query",
    help="sign $target (path and query as sent) instead of $path",
    find=find,
)
