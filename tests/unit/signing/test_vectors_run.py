"""Vectors run in all four engines, and a wrong one is found by each of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from venuekit.contract.signing import SigningScheme
from venuekit.vectors.case import VectorCase, VectorFileError, read_cases
from venuekit.vectors.result import Engine, Verdict
from venuekit.vectors.run import SchemeEntry, run_vectors

FILE = Path(__file__).parents[3] / "spec" / "vectors" / "signing.json"


@pytest.fixture(scope="module")
def cases() -> tuple[VectorCase, ...]:
    return read_cases(json.loads(FILE.read_text(encoding="utf-8")))


def test_every_vector_of_the_contract_passes_in_all_engines(
    meridian: Mapping[str, SigningScheme], cases: tuple[VectorCase, ...]
) -> None:
    entries = {name: SchemeEntry(scheme) for name, scheme in meridian.items()}
    results = run_vectors(cases, lambda case: entries.get(case.scheme))
    assert len(results) == len(cases) * len(Engine)
    failed = [result for result in results if result.verdict is not Verdict.PASSED]
    assert failed == []


@pytest.mark.parametrize("scheme", ["hmac", "ed25519"])
def test_a_wrong_signature_fails_in_all_engines(
    meridian: Mapping[str, SigningScheme], cases: tuple[VectorCase, ...], scheme: str
) -> None:
    case = next(case for case in cases if case.scheme == scheme)
    wrong = replace(case, inputs={**case.inputs, "nonce": "f" * 32})
    results = run_vectors([wrong], lambda _: SchemeEntry(meridian[scheme]))
    assert [result.verdict for result in results] == [Verdict.FAILED] * len(Engine)


def test_an_unverified_vector_is_listed_and_an_unknown_scheme_fails(
    cases: tuple[VectorCase, ...],
) -> None:
    unverified = replace(cases[0], is_verified=False, note="the key was masked")
    results = run_vectors([unverified, cases[0]], lambda _: None, [Engine.INTERPRETER])
    assert [result.verdict for result in results] == [Verdict.UNVERIFIED, Verdict.FAILED]
    assert "the key was masked" in results[0].message
    assert "there is no scheme 'hmac'" in results[1].message


@pytest.mark.parametrize("document", [{}, [], {"published": []}, [1], [{"id": "x"}], "text"])
def test_other_files_are_refused(document: object) -> None:
    with pytest.raises(VectorFileError):
        read_cases(document)  # type: ignore[arg-type]
