"""The facts of one run, before they are worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from venuekit.finding import Finding, Severity


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a command has to say.

    `facts` are counts and names worth a line ("operations": 12). `is_complete` is False when
    the judge could not do all of its work; the run then exits with 2, never with 0.
    """

    command: str
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    is_complete: bool = True

    @property
    def ordered(self) -> tuple[Finding, ...]:
        """Return the findings worst first, then by place."""
        return tuple(sorted(self.findings, key=_order))

    def count(self, severity: Severity) -> int:
        """Return how many findings have that severity."""
        return sum(finding.severity is severity for finding in self.findings)


def _order(finding: Finding) -> tuple[int, str, int, int, str]:
    if finding.origin is None:
        return finding.severity.rank, "", 0, 0, finding.rule
    place = finding.origin.place
    return finding.severity.rank, place.file, place.line, place.column, finding.rule
