"""The language is closed: rows, computations, spellings and the JSON Schema name the same words."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from venuekit.contract.signing_operators import OPERATORS
from venuekit.emit.signing.python_language import PythonLanguage
from venuekit.emit.signing.typescript_language import TypeScriptLanguage
from venuekit.signing.catalogue import catalogue_file, catalogue_names
from venuekit.signing.interpreter import unknown_operators
from venuekit.signing.schema import extension_schema
from venuekit.source.document import load_document

SCHEMA = Path(__file__).parents[3] / "generator/src/venuekit/load/extensions/x-signing.json"
SPECIAL = {"concat", "join", "if_present", "if_equal"}


def test_the_committed_schema_is_the_one_that_the_rows_build() -> None:
    built = json.dumps(extension_schema(), indent=2) + "\n"
    assert SCHEMA.read_text(encoding="utf-8") == built, (
        f"{SCHEMA.name} is stale; write json.dumps(extension_schema(), indent=2) into it"
    )


def test_every_operator_is_computed_and_spelled_in_both_languages() -> None:
    assert unknown_operators() == frozenset()
    python = PythonLanguage(frozenset())
    typescript = TypeScriptLanguage(frozenset(), is_async=False)
    for name in OPERATORS:
        assert name in python.rows or name in SPECIAL | {"slice"}, name
        assert name in typescript.rows or name in SPECIAL, name


@pytest.mark.parametrize("name", catalogue_names())
def test_the_schema_accepts_the_catalogue(name: str) -> None:
    path = catalogue_file(name)
    assert path is not None
    value = load_document(path).value
    validator = jsonschema.Draft202012Validator(extension_schema())
    assert [error.message for error in validator.iter_errors(value)] == []
