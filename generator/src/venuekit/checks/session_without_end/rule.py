"""A session has no end: what it gave is sent for ever, long after the venue forgot it."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import session_schemes
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for scheme, session in session_schemes(contract):
        if session.is_single_use:
            continue
        if not session.expires and session.ended_by is None:
            yield session.origin, {"scheme": scheme.name}


RULE = Rule(
    severity=Severity.WARNING,
    message="the session of {scheme!r} states no lifetime, and nothing by which it ends",
    help="add lifetime_ms, expires_in or expires_at, or ended_by with the refusals that say so",
    find=find,
)
