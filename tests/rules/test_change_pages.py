"""Each page of a rule about changes is its test: a before and an after, compared exactly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from venuekit import changes
from venuekit.contract import Contract
from venuekit.finding import Severity
from venuekit.load import load
from venuekit.report.text_report import finding_text
from venuekit.rulebook import Case, Page, folders, page

ACCEPT = os.environ.get("VENUEKIT_ACCEPT") == "1"


def read(text: str, folder: Path) -> Contract:
    folder.mkdir(exist_ok=True)
    path = folder / "document.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load([path])
    broken = [f for f in loaded.findings if f.severity is Severity.ERROR]
    assert not broken, f"the example does not load: {broken[0].message}"
    return loaded.contract


def judge(rule_id: str, case: Case, folder: Path) -> str:
    """Return what the rule says of an example, as text."""
    before = read(case.documents["before"], folder / "before")
    after = read(case.documents["after"], folder / "after")
    found = changes.compare(before, after, only=[rule_id])
    return "".join(finding_text(f) for f in found).replace(f"{folder / 'after'}{os.sep}", "")


@pytest.mark.parametrize("rule_id", sorted(folders(changes)))
def test_change_page(rule_id: str, tmp_path: Path) -> None:
    rule_page = page(changes, rule_id)
    titles = [case.title for case in rule_page.cases]
    assert any(t.startswith("Flagged") for t in titles), "a page needs a flagged example"
    assert any(t.startswith("Accepted") for t in titles), "a page needs an accepted example"
    for case in rule_page.cases:
        said = judge(rule_id, case, tmp_path)
        if ACCEPT and case.title.startswith("Flagged"):
            target = folders(changes)[rule_id] / "rule.md"
            current = Page(rule_id, target.read_text(encoding="utf-8"))
            target.write_text(current.with_findings(case.title, said).text, encoding="utf-8")
            continue
        assert said == case.findings, f"{case.title}: accept with `nox -s rules -- --accept`"
        assert bool(said) == case.title.startswith("Flagged"), case.title
