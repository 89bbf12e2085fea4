"""What the `overlay` commands do, from a document to a report; `cli.py` parses and prints."""

from __future__ import annotations

from pathlib import Path

from venuekit import checks
from venuekit.commands import counts_text
from venuekit.emit.files import write_file
from venuekit.report import Report
from venuekit.suggest import suggest

SUGGESTED_RULES = (
    "price-without-decimal",
    "timestamp-without-unit",
    "operation-without-effect",
    "create-without-dedup-key",
    "dedup-key-not-required",
)
"""The rules whose findings a suggested overlay should end."""


def suggest_first(document: Path, output: Path | None) -> tuple[str, Report]:
    """Return the first overlay of a document and the report about it; write it to `output`.

    Raises FindingsError when the document cannot be read, and OutputError when `output` exists.
    """
    suggestion = suggest(document)
    facts: dict[str, object] = {
        "read": counts_text(suggestion.loaded.contract.counts),
        "suggested": f"{suggestion.places} facts in {suggestion.actions} actions",
    }
    if output is not None and suggestion.text:
        write_file(output, suggestion.text)
        facts["written"] = str(output)
    left = checks.check(suggestion.loaded.contract, SUGGESTED_RULES)
    findings = (*suggestion.findings, *left)
    return suggestion.text, Report(command="overlay suggest", findings=findings, facts=facts)
