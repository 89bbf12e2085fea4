"""The nonce is sent but not signed, so a stranger can draw a fresh one."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import nonce_not_signed


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from nonce_not_signed(scheme)


RULE = Rule(
    severity=Severity.ERROR,
    message="the signature of {scheme!r} does not cover the nonce",
    help="add $nonce to the canonical string",
    find=find,
)
