"""Made values: whatever a schema says, the value passes a validator that is not ours."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from venuekit.load import load
from venuekit.mock.text import TextError, from_pattern
from venuekit.mock.values import Maker, Wish

SCHEMAS: dict[str, dict[str, Any]] = {
    "bounds": {"type": "integer", "exclusiveMinimum": 10, "multipleOf": 7},
    "fraction": {"type": "number", "minimum": 0.1, "exclusiveMaximum": 0.3},
    "step": {"type": "number", "multipleOf": 0.05, "maximum": 0.9},
    "negative": {"type": "integer", "maximum": -3},
    "long": {"type": "string", "minLength": 40, "maxLength": 41},
    "short": {"type": "string", "maxLength": 2},
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2,4}$"},
    "sized": {"type": "string", "pattern": "^[a-z]+$", "minLength": 12, "maxLength": 14},
    "uuid": {"type": "string", "format": "uuid"},
    "instant": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "mail": {"type": "string", "format": "email"},
    "link": {"type": "string", "format": "uri"},
    "unique": {
        "type": "array",
        "items": {"enum": ["a", "b", "c"]},
        "uniqueItems": True,
        "minItems": 3,
    },
    "numbers": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 5},
    "many": {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
    "tuple": {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "integer"}],
        "items": False,
    },
    "map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
    "nullable": {"type": ["string", "null"], "format": "date"},
    "mixed": {"enum": ["a", 1, None]},
    "union": {"oneOf": [{"type": "integer"}, {"type": "string", "format": "ipv4"}]},
    "tagged": {
        "oneOf": [
            {"type": "object", "required": ["t"], "properties": {"t": {"const": "x"}}},
            {"type": "object", "required": ["t"], "properties": {"t": {"const": "y"}}},
        ]
    },
    "all": {
        "allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}},
            {"type": "object", "properties": {"b": {"type": "boolean"}}},
        ]
    },
}


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Any:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "V", "version": "1"},
        "paths": {},
        "components": {"schemas": SCHEMAS | {"tree": TREE}},
    }
    path: Path = tmp_path_factory.mktemp("values") / "values.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load([path]).contract


TREE = {
    "type": "object",
    "required": ["children"],
    "properties": {
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/tree"}},
        "parent": {"$ref": "#/components/schemas/tree"},
    },
}


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("attempt", [0, 1, 2])
@pytest.mark.parametrize("is_full", [True, False])
def test_a_made_value_is_valid(contract: Any, name: str, attempt: int, is_full: bool) -> None:
    wish = Wish(direction="response", attempt=attempt, is_full=is_full)
    value = Maker(contract, wish).make(contract.schemas[name].schema)
    validator = jsonschema_rs.Draft202012Validator(SCHEMAS[name], validate_formats=True)
    assert [error.message for error in validator.iter_errors(value)] == []


def test_recursion_ends(contract: Any) -> None:
    wish = Wish(direction="response")
    leaf = {"children": []}
    made = Maker(contract, wish).make(contract.schemas["tree"].schema)
    assert made == {"children": [leaf], "parent": leaf}


def test_the_same_seed_makes_the_same(contract: Any) -> None:
    def made(seed: int) -> Any:
        wish = Wish(direction="response", seed=seed)
        return Maker(contract, wish).make(contract.schemas["pattern"].schema)

    assert made(3) == made(3)
    assert made(3) != made(4)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("pattern", ["^[[:alpha:]]{1,", r"[^\p\{C\}]*\+"])
def test_nothing_is_held_to_a_pattern_of_another_dialect(tmp_path: Path, pattern: str) -> None:
    schemas = {"code": {"type": "string", "pattern": pattern, "maxLength": 3}}
    document = {"openapi": "3.1.0", "info": {"title": "V", "version": "1"}, "paths": {}}
    path = tmp_path / "values.json"
    path.write_text(json.dumps(document | {"components": {"schemas": schemas}}), encoding="utf-8")
    loaded = load([path])
    assert [finding.rule for finding in loaded.findings] == ["pattern-not-ecma"]
    made = Maker(loaded.contract, Wish(direction="response")).make(
        loaded.contract.schemas["code"].schema
    )
    assert isinstance(made, str)
    assert len(made) <= 3


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        (r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$", 3),
        (r"^\p{Lu}\p{Ll}+$", 1),
        (r"[\w :+=./\n-]*", 600),
        (r"^[a-z]+$", 300),
    ],
)
def test_texts_of_hard_patterns_are_drawn(pattern: str, least: int) -> None:
    schema = {"type": "string", "pattern": pattern, "minLength": least}
    judge = jsonschema_rs.Draft202012Validator(schema)
    for seed in range(5):
        assert judge.is_valid(from_pattern(pattern, least, 2_000, random.Random(seed)))


def test_a_category_without_known_members_is_no_text() -> None:
    with pytest.raises(TextError, match="no text can be drawn"):
        from_pattern(r"^\p{Mn}$", None, None, random.Random(0))
