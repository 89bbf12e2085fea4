"""What emitters of Python say about a contract: what they cannot carry, and what in part."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.finding import Finding, Severity
from venuekit.origin import Origin


@dataclass(frozen=True, slots=True)
class Voice:
    """One emitter's voice: the rules of its errors and of its warnings."""

    error: str
    warning: str

    def not_emitted(self, fact: str, origin: Origin, help_text: str) -> Finding:
        """Return the error that something of the contract has no place in what is emitted."""
        return Finding(
            rule=self.error,
            severity=Severity.ERROR,
            message=fact,
            help=help_text,
            origin=origin,
        )

    def in_part(self, fact: str, origin: Origin, help_text: str) -> Finding:
        """Return the warning that something is emitted, and less of it than the contract says."""
        return Finding(
            rule=self.warning,
            severity=Severity.WARNING,
            message=fact,
            help=help_text,
            origin=origin,
        )
