"""The timestamp is sent but not signed, so a stranger can set it anew."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import time_not_signed


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from time_not_signed(scheme)


RULE = Rule(
    severity=Severity.ERROR,
    message="the signature of {scheme!r} does not cover the timestamp",
    help="add $timestamp to the canonical string",
    find=find,
)
