"""Each rule's page is its test: its examples are loaded, judged and compared exactly."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from venuekit import changes, checks
from venuekit.finding import Severity
from venuekit.load import load
from venuekit.report.text_report import finding_text
from venuekit.rulebook import Case, Page, folders, load_rules, page

ACCEPT = os.environ.get("VENUEKIT_ACCEPT") == "1"


def pages(family: ModuleType) -> list[Page]:
    return [page(family, rule_id) for rule_id in folders(family)]


def lint(rule_id: str, case: Case, folder: Path) -> str:
    """Return what the rule says of the example's document, as text."""
    path = folder / "document.yaml"
    path.write_text(case.documents["document"], encoding="utf-8")
    loaded = load([path])
    broken = [f for f in loaded.findings if f.severity is Severity.ERROR]
    assert not broken, f"the example does not load: {broken[0].message}"
    found = checks.check(loaded.contract, only=[rule_id])
    return "".join(finding_text(f) for f in found).replace(f"{folder}{os.sep}", "")


@pytest.mark.parametrize("rule_page", pages(checks), ids=lambda p: p.rule_id)
def test_lint_page(rule_page: Page, tmp_path: Path) -> None:
    titles = [case.title for case in rule_page.cases]
    assert any(t.startswith("Flagged") for t in titles), "a page needs a flagged example"
    assert any(t.startswith("Accepted") for t in titles), "a page needs an accepted example"
    for case in rule_page.cases:
        said = lint(rule_page.rule_id, case, tmp_path)
        if ACCEPT and case.title.startswith("Flagged"):
            target = folders(checks)[rule_page.rule_id] / "rule.md"
            current = Page(rule_page.rule_id, target.read_text(encoding="utf-8"))
            target.write_text(current.with_findings(case.title, said).text, encoding="utf-8")
            continue
        assert said == case.findings, f"{case.title}: accept with `nox -s rules -- --accept`"
        assert bool(said) == case.title.startswith("Flagged")


def test_every_page_opens_with_its_id() -> None:
    for family in (checks, changes):
        for rule_page in pages(family):
            assert rule_page.text.startswith(f"# {rule_page.rule_id}\n")


def test_at_least_twelve_lint_rules() -> None:
    rules = load_rules(checks, checks.Rule)
    assert len(rules) >= 12
