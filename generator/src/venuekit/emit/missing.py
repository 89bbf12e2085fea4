"""What a package lacks of its contract, said in its README."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from venuekit.finding import Finding, Severity
from venuekit.origin import pointer_text

_HEAD = """
## Not in this package

The contract has these as well; whoever made the package allowed that they are missing or carried
in part.

| place | why |
|---|---|
"""


def missing_section(findings: Iterable[Finding], cell: Callable[[str], str]) -> str:
    """Return a section that lists what was lost, empty where nothing was.

    `cell` makes a text safe for a table. A package that lacks something without having been
    allowed to is never written.
    """
    rows = dict.fromkeys(
        f"| {cell(_place(finding))} | {cell(finding.message)} |\n"
        for finding in findings
        if finding.severity is Severity.ERROR and finding.promise is None
    )
    return _HEAD + "".join(rows) if rows else ""


def _place(finding: Finding) -> str:
    return pointer_text(finding.origin.pointer) if finding.origin is not None else ""
