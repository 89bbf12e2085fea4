"""What this emitter says about a contract: what it cannot carry, and what in part."""

from __future__ import annotations

from venuekit.emit.findings import Voice
from venuekit.finding import Finding, Severity
from venuekit.origin import Origin

_VOICE = Voice("python-not-emitted", "python-in-part")
not_emitted = _VOICE.not_emitted
in_part = _VOICE.in_part


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
