"""A scheme of signing has no vector, so nobody can tell whether they read it right."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import without_vector


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from without_vector(scheme)


RULE = Rule(
    severity=Severity.WARNING,
    message="the signing scheme {scheme!r} has no verified vector",
    help="add one to its vectors: inputs, a test secret and the signature that the venue computes",
    find=find,
)
