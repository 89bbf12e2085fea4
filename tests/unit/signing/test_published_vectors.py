"""The collected vectors of venues and standards, read in place: verified ones pass everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from venuekit.vectors.case import read_cases
from venuekit.vectors.find import find_in_catalogue
from venuekit.vectors.result import Engine, Verdict
from venuekit.vectors.run import run_vectors

FILE = Path(__file__).parents[4] / "shared" / "vectors" / "signing_vectors.json"
RECIPES = FILE.with_name("signing_recipes.json")


@pytest.mark.skipif(not FILE.is_file(), reason=f"the collected vectors are not at {FILE}")
def test_verified_vectors_pass_in_all_engines_and_others_are_listed() -> None:
    cases = read_cases(json.loads(FILE.read_text(encoding="utf-8")))
    results = run_vectors(cases, find_in_catalogue)
    failed = [f"{r.id} {r.engine}: {r.message}" for r in results if r.verdict is Verdict.FAILED]
    assert failed == []
    unverified = {case.id for case in cases if not case.is_verified}
    listed = {r.id for r in results if r.verdict is Verdict.UNVERIFIED}
    assert listed == unverified
    assert len(results) == len(cases) * len(Engine)


@pytest.mark.skipif(not RECIPES.is_file(), reason=f"the recipes are not at {RECIPES}")
def test_every_recipe_has_a_scheme_in_the_catalogue() -> None:
    from venuekit.signing.catalogue import catalogue_names

    names = catalogue_names()
    recipes = json.loads(RECIPES.read_text(encoding="utf-8"))["recipes"]
    missing = [n for n in recipes if not any(m == n or m.startswith(f"{n}-") for m in names)]
    assert missing == []
