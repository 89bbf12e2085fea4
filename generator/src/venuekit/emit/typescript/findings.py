"""What this emitter cannot carry, said with its place and its cure."""

from __future__ import annotations

from venuekit.finding import Finding, Severity
from venuekit.origin import Origin

RULE = "typescript-cannot-carry"


def uncarried(
    message: str, help_text: str, origin: Origin, severity: Severity = Severity.ERROR
) -> Finding:
    """Return a finding about a part of the contract that the TypeScript SDK does not have."""
    return Finding(rule=RULE, severity=severity, message=message, help=help_text, origin=origin)
