"""Real venues' documents: nothing changed says nothing, and a change reads the same backwards."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from venuekit import changes
from venuekit.changes import Comparison
from venuekit.changes.difference import Kind
from venuekit.changes.judging import judge
from venuekit.contract import Contract
from venuekit.finding import FindingsError, Severity
from venuekit.load import Loaded, load

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
SUFFIXES = {".yaml", ".yml", ".json"}
DOCUMENTS = sorted(p for p in CORPUS.rglob("*") if p.suffix in SUFFIXES) if CORPUS.is_dir() else []
PAIRS = [
    ("binance-spot.asyncapi.yaml", "binance-umfutures.asyncapi.yaml"),
    ("binance-spot-streams.asyncapi.yaml", "binance-umfutures-streams.asyncapi.yaml"),
    ("binance-cmfutures-streams.asyncapi.yaml", "binance-umfutures-streams.asyncapi.yaml"),
]


@cache
def read(path: Path) -> Loaded | None:
    """Return a document's contract, or None where the document itself is not valid."""
    try:
        return load([path])
    except FindingsError:
        return None


@pytest.mark.skipif(not DOCUMENTS, reason="the corpus of real documents is not beside this clone")
def test_most_of_the_corpus_loads() -> None:
    assert sum(read(path) is not None for path in DOCUMENTS) >= 25


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_does_not_differ_from_itself(path: Path) -> None:
    before = read(path)
    if before is None:
        return
    judgement = judge(before, load([path]))
    is_whole = all(finding.severity is not Severity.ERROR for finding in before.findings)
    assert judgement.is_complete is is_whole
    if not is_whole:
        return
    assert [f for f in judgement.findings if f.rule != "not-covered"] == []


MIRRORS = {
    Kind.FIELD_ADDED: Kind.FIELD_REMOVED,
    Kind.NOW_REQUIRED: Kind.NOW_OPTIONAL,
    Kind.VALUE_ADDED: Kind.VALUE_REMOVED,
    Kind.VARIANT_ADDED: Kind.VARIANT_REMOVED,
}
MIRRORS |= {back: there for there, back in MIRRORS.items()}


def payload_counts(before: Contract, after: Contract) -> Counter[Kind]:
    """Count differences as often as messages show them: one shared schema there may be ten here."""
    counts: Counter[Kind] = Counter()
    for found in Comparison(before, after).payload(*Kind):
        counts[found.difference.kind] += len(found.messages)
    return counts


@pytest.mark.parametrize(("one", "other"), PAIRS if DOCUMENTS else [])
def test_a_change_read_backwards_is_its_mirror(one: str, other: str) -> None:
    """What came in one direction is gone in the other."""
    first, second = read(CORPUS / "openxapi" / one), read(CORPUS / "openxapi" / other)
    assert first is not None
    assert second is not None
    there = payload_counts(first.contract, second.contract)
    back = payload_counts(second.contract, first.contract)
    assert sum(there.values()) > 20
    assert there == Counter({MIRRORS.get(kind, kind): count for kind, count in back.items()})


@pytest.mark.parametrize(("one", "other"), PAIRS if DOCUMENTS else [])
def test_rules_about_whole_parts_mirror_each_other(one: str, other: str) -> None:
    first, second = read(CORPUS / "openxapi" / one), read(CORPUS / "openxapi" / other)
    assert first is not None
    assert second is not None
    rules = [r for r in changes.rules() if r.startswith(("channel-", "operation-"))]
    there = Counter(f.rule for f in changes.compare(first.contract, second.contract, rules))
    back = Counter(f.rule for f in changes.compare(second.contract, first.contract, rules))
    mirrors = {rule_id: rule.mirror for rule_id, rule in changes.rules().items()}
    assert there == Counter({mirrors[rule_id]: count for rule_id, count in back.items()})
