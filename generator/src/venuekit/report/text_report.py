"""Findings as a person reads them: place, severity, rule, fact; then what to do."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.finding import Finding, Severity
from venuekit.report.form import Report

_COLOUR = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.INFO: "\x1b[36m"}
_PLAIN = "\x1b[0m"


def finding_text(finding: Finding, *, is_coloured: bool = False) -> str:
    """Return `file:line:column: severity[rule]: fact` and the `help:` line below it."""
    severity = f"{finding.severity}[{finding.rule}]"
    if is_coloured:
        severity = f"{_COLOUR[finding.severity]}{severity}{_PLAIN}"
    promise = f" ({finding.promise})" if finding.promise is not None else ""
    place = f"{finding.origin.place}: " if finding.origin is not None else ""
    return f"{place}{severity}{promise}: {_line(finding.message)}\n  help: {_line(finding.help)}\n"


def render_text(report: Report, *, is_coloured: bool = False) -> str:
    """Return the whole report as text."""
    return "".join(_parts(report, is_coloured))


def _parts(report: Report, is_coloured: bool) -> Iterator[str]:
    for finding in report.ordered:
        yield finding_text(finding, is_coloured=is_coloured)
    for name, value in report.facts.items():
        yield f"{name}: {value}\n"
    counts = ", ".join(_count(report.count(severity), severity.value) for severity in Severity)
    ending = "" if report.is_complete else "; INCOMPLETE: not everything could be judged"
    yield f"{report.command}: {counts}{ending}\n"


def _count(number: int, word: str) -> str:
    if word == "info":
        return f"{number} info"
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _line(text: str) -> str:
    """Keep a hostile name from breaking the line or driving the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
