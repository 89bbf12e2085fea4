"""What this emitter says about a contract: what it cannot carry, and what in part."""

from __future__ import annotations

from venuekit.finding import Finding, Severity
from venuekit.origin import Origin


def not_emitted(fact: str, origin: Origin, help_text: str) -> Finding:
    """Return the error that something of the contract has no place in the package."""
    return Finding(
        rule="python-not-emitted",
        severity=Severity.ERROR,
        message=fact,
        help=help_text,
        origin=origin,
    )


def not_drawn(fact: str, origin: Origin) -> Finding:
    """Return the error that there are no models, which nobody can allow."""
    return Finding(
        rule="python-not-drawn",
        severity=Severity.ERROR,
        message=fact,
        help="report the schema that it names; simplify it by an overlay until then",
        origin=origin,
    )


def is_decodable(name: str) -> bool:
    """Say whether msgspec takes a field of that name: it has no way to write an escape."""
    return not any(c in '"\\' or c < " " for c in name)


def in_part(fact: str, origin: Origin, help_text: str) -> Finding:
    """Return the warning that something is emitted, and less of it than the contract says."""
    return Finding(
        rule="python-in-part",
        severity=Severity.WARNING,
        message=fact,
        help=help_text,
        origin=origin,
    )
