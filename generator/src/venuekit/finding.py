"""What a judge returns: one fact about a contract, with its place and its cure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from venuekit.origin import Origin


class Severity(StrEnum):
    """How bad a finding is: an error fails the run, the others inform."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the worst, so that sorting by rank puts errors first."""
        return list(Severity).index(self)


class Promise(StrEnum):
    """Who is hurt by a change: readers of bytes, users of the SDKs, bots, readers of docs."""

    WIRE = "wire"
    SDK = "sdk"
    BEHAVIOUR = "behaviour"
    DOCS = "docs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fact that a rule states about a place in a document.

    `message` names what was found and what was expected; `help` says what to do. `promise`
    is set by the judges of changes alone.
    """

    rule: str
    severity: Severity
    message: str
    help: str
    origin: Origin | None = None
    promise: Promise | None = None


class FindingsError(Exception):
    """Raised where work cannot go on; carries the findings that say why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the worst severity present, or None when there is no finding."""
    return min((finding.severity for finding in findings), key=lambda s: s.rank, default=None)
