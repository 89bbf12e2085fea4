"""A session is refreshed so late that a refresh which fails cannot be repeated in time."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import session_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule

# Of a lifetime: what is left after it must hold a few attempts.
_LATEST = 0.8


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme, session in session_schemes(contract):
        lifetime, every = session.lifetime_ms, session.every_ms
        if lifetime is None or every is None or session.refresh is None:
            continue
        if every > lifetime * _LATEST:
            origin = session.refresh.origin.child("every_ms")
            facts = {"scheme": scheme.name, "every": every, "left": lifetime - every}
            yield origin, facts


RULE = Rule(
    severity=Severity.WARNING,
    message="the session of {scheme!r} is refreshed after {every} ms, {left} ms before it expires",
    help="refresh at half of the lifetime, so that a refresh that fails can be repeated",
    find=find,
)
