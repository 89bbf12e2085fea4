"""What this emitter says about a contract: what it cannot carry, and what in part."""

from __future__ import annotations

from venuekit.finding import Finding, Severity
from venuekit.origin import Origin


def not_emitted(fact: str, origin: Origin, help_text: str) -> Finding:
    """Return the error that something of the contract has no place in the bindings."""
    return Finding(
        rule="server-not-emitted",
        severity=Severity.ERROR,
        message=fact,
        help=help_text,
        origin=origin,
    )


def in_part(fact: str, origin: Origin, help_text: str) -> Finding:
    """Return the warning that something is emitted, and less of it than the contract says."""
    return Finding(
        rule="server-in-part",
        severity=Severity.WARNING,
        message=fact,
        help=help_text,
        origin=origin,
    )
