"""The secret stands in the signed string, which logs and explanations show."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule
from venuekit.vectors.lint import secret_in_canonical


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme in signing_schemes(contract):
        yield from secret_in_canonical(scheme)


RULE = Rule(
    severity=Severity.ERROR,
    message="the signed string of {scheme!r} holds the credential {credential!r}",
    help="use the secret as the key of the MAC alone, and sign the key's name instead",
    find=find,
)
