"""Findings for machines: one JSON object, stable keys."""

from __future__ import annotations

import json

from venuekit.finding import Finding, Severity
from venuekit.origin import pointer_text
from venuekit.report.form import Report


def finding_json(finding: Finding) -> dict[str, object]:
    """Return a finding as JSON members; place members are null where it has no place."""
    origin = finding.origin
    place = origin.place if origin is not None else None
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "promise": finding.promise.value if finding.promise is not None else None,
        "message": finding.message,
        "help": finding.help,
        "file": place.file if place is not None else None,
        "line": place.line if place is not None else None,
        "column": place.column if place is not None else None,
        "pointer": pointer_text(origin.pointer) if origin is not None else None,
    }


def render_json(report: Report) -> str:
    """Return the whole report as one JSON object."""
    document = {
        "command": report.command,
        "complete": report.is_complete,
        "summary": {severity.value: report.count(severity) for severity in Severity},
        "facts": dict(report.facts),
        "findings": [finding_json(finding) for finding in report.ordered],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"
