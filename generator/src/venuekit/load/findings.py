"""Collects what loading finds, each fact once."""

from __future__ import annotations

from venuekit.finding import Finding, FindingsError, Severity
from venuekit.origin import Origin
from venuekit.source import Node

_FATAL_RULES = frozenset(
    {
        "invalid-document",
        "unreadable-document",
        "unresolved-reference",
        "unsupported-document",
        "invalid-extension",
        "unknown-extension-field",
        "invalid-signing",
    }
)
"""Rules whose errors mean that the documents say no contract at all."""


class Report:
    """The findings of one load; the same fact at the same place counts once."""

    def __init__(self) -> None:
        self._findings: dict[tuple[object, ...], Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings.values())

    @property
    def is_fatal(self) -> bool:
        """Whether an error was found that leaves no contract to work on."""
        return any(
            finding.severity is Severity.ERROR and finding.rule in _FATAL_RULES
            for finding in self._findings.values()
        )

    def error(self, rule: str, at: Node | Origin, message: str, help_text: str) -> None:
        """Report what fails the run."""
        self._add(rule, Severity.ERROR, at, message, help_text)

    def warning(self, rule: str, at: Node | Origin, message: str, help_text: str) -> None:
        """Report what hurts and does not fail the run."""
        self._add(rule, Severity.WARNING, at, message, help_text)

    def info(self, rule: str, at: Node | Origin, message: str, help_text: str) -> None:
        """Report what a reader should know."""
        self._add(rule, Severity.INFO, at, message, help_text)

    def add(self, error: FindingsError) -> None:
        """Take over the findings of an error."""
        for finding in error.findings:
            self._keep(finding)

    def _add(
        self, rule: str, severity: Severity, at: Node | Origin, message: str, help_text: str
    ) -> None:
        origin = at.origin if isinstance(at, Node) else at
        self._keep(
            Finding(rule=rule, severity=severity, message=message, help=help_text, origin=origin)
        )

    def _keep(self, finding: Finding) -> None:
        origin = finding.origin
        where = (id(origin.document), origin.pointer) if origin is not None else None
        self._findings.setdefault((finding.rule, finding.message, where), finding)
