"""Findings that outlive their documents: kept with the places that reports print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from venuekit.finding import Finding, Promise, Severity
from venuekit.origin import Origin, Place, Pointer


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A document of which one place is known: that of a finding."""

    name: str
    at: Place

    def place(self, pointer: Pointer) -> Place:
        """Return that place; no other pointer is ever asked for."""
        return self.at


def findings_text(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as JSON members, in their order, with their places looked up."""
    return [_members(finding) for finding in findings]


def findings_from(kept: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return the findings that `findings_text` wrote."""
    return tuple(_finding(members) for members in kept)


def _members(finding: Finding) -> dict[str, Any]:
    members: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "promise": finding.promise.value if finding.promise is not None else None,
    }
    origin = finding.origin
    if origin is not None:
        place = origin.place
        members["document"] = origin.document.name
        members["pointer"] = list(origin.pointer)
        members["place"] = [place.file, place.line, place.column]
    return members


def _finding(members: Mapping[str, Any]) -> Finding:
    origin = None
    if "place" in members:
        file, line, column = members["place"]
        document = KeptPlace(members["document"], Place(file, line, column))
        origin = Origin(document, tuple(members["pointer"]))
    return Finding(
        rule=members["rule"],
        severity=Severity(members["severity"]),
        message=members["message"],
        help=members["help"],
        origin=origin,
        promise=Promise(members["promise"]) if members["promise"] is not None else None,
    )
