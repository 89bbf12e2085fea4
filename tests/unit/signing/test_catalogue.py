"""Every scheme of the catalogue has a source and vectors, which pass in all four engines."""

from __future__ import annotations

from collections import Counter

import pytest

from venuekit.signing.catalogue import catalogue_entry, catalogue_names
from venuekit.vectors.case import VectorCase, read_cases
from venuekit.vectors.result import Engine, Verdict
from venuekit.vectors.run import SchemeEntry, run_vectors

NAMES = catalogue_names()


def cases_of(name: str) -> list[VectorCase]:
    entry = catalogue_entry(name)
    assert entry is not None
    vectors = [{"scheme": name, **vector.document} for vector in entry.scheme.vectors]
    return list(read_cases(vectors))


def find(case: VectorCase) -> SchemeEntry | None:
    entry = catalogue_entry(case.scheme)
    return None if entry is None else SchemeEntry(entry.scheme, entry.vector_defaults)


@pytest.mark.parametrize("name", NAMES)
def test_each_scheme_states_its_source_and_a_vector(name: str) -> None:
    entry = catalogue_entry(name)
    assert entry is not None
    assert entry.scheme.source
    assert entry.scheme.title
    assert entry.scheme.vectors


def test_all_vectors_of_the_catalogue_pass_in_all_engines() -> None:
    cases = [case for name in NAMES for case in cases_of(name)]
    results = run_vectors(cases, find)
    failed = [f"{r.id} {r.engine}: {r.message}" for r in results if r.verdict is not Verdict.PASSED]
    assert failed == []
    assert Counter(result.engine for result in results) == dict.fromkeys(Engine, len(cases))


def test_an_unknown_name_is_no_scheme() -> None:
    assert catalogue_entry("no-such-venue") is None
