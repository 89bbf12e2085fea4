"""What emitters of Python say about a contract: what they cannot carry, and what in part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from venuekit.finding import Finding, Severity
from venuekit.origin import Origin


@dataclass(frozen=True, slots=True)
class Voice:
    """One emitter's voice: its findings are called after what it emits."""

    target: Literal["python", "server"]

    def not_emitted(self, fact: str, origin: Origin, help_text: str) -> Finding:
        """Return the error that something of the contract has no place in what is emitted."""
        return self._finding("not-emitted", Severity.ERROR, fact, origin, help_text)

    def in_part(self, fact: str, origin: Origin, help_text: str) -> Finding:
        """Return the warning that something is emitted, and less of it than the contract says."""
        return self._finding("in-part", Severity.WARNING, fact, origin, help_text)

    def _finding(
        self, rule: str, severity: Severity, fact: str, origin: Origin, help_text: str
    ) -> Finding:
        return Finding(
            rule=f"{self.target}-{rule}",
            severity=severity,
            message=fact,
            help=help_text,
            origin=origin,
        )
