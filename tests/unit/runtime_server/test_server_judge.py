"""The judge of requests against judges that we did not write, and against the venue's decoders."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from meridian_server.gateway.codec import BodyDecoder, Types
from venuekit.contract import HttpBinding, RefSchema
from venuekit.load import load
from venuekit.mock.raw import RawSchemas
from venuekit.mock.values import Maker, Wish
from venuekit.serving import Shaper
from venuekit_runtime.server.json_text import read_json
from venuekit_runtime.server.judge import Judge
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.shapes import Shape, Table

ROOT = Path(__file__).parents[3]
MERIDIAN = load([ROOT / "spec" / "rest.openapi.yaml"])
_ENCODER = msgspec.json.Encoder(decimal_format="number")
SCHEMAS: list[dict[str, Any]] = [
    {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"type": "string", "minLength": 2, "maxLength": 3},
    {"type": "string", "pattern": "^[a-c]+$"},
    {"enum": ["a", 1, True, None]},
    {"const": 1},
    {"type": ["string", "null"]},
    {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2},
    {"type": "array", "items": {}, "uniqueItems": True},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}},
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {"a": {"type": "integer"}},
        "patternProperties": {"^x-": {"type": "string"}},
        "additionalProperties": {"type": "boolean"},
        "minProperties": 1,
        "maxProperties": 2,
    },
    {"anyOf": [{"type": "integer", "minimum": 5}, {"type": "string", "maxLength": 1}]},
]
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 2, 4, 5, 9, 10, -1, 0.5, 1.5, 2**70, "", "a", "ab", "abc", "abcd"),
    *("A", "a\n", [], [1], [1, 2], [1, 2, 3], [1, 1], [1, True], [0, False], ["a"], ["a", 1]),
    *(["a", 1, 2], [{"a": 1}, {"a": 1}], {}, {"a": 1}, {"a": "1"}, {"b": True}, {"a": 1, "b": 1}),
    *({"a": 1, "c": True}, {"x-y": "z"}, {"x-y": 1}, {"a": 1, "x-y": "z", "c": True}, {"c": False}),
]


def shape_of(tmp_path: Path, schema: dict[str, Any]) -> tuple[Shape, Table]:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {},
        "components": {"schemas": {"It": schema}},
    }
    path = tmp_path / "it.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    shaper = Shaper(load([path]).contract)
    notes = next(iter(load([path]).contract.schemas.values())).schema.notes
    return shaper.shape(RefSchema(notes=notes, name="It")), shaper.table


def is_taken(judge: Judge, shape: Shape, value: Any) -> bool:
    try:
        judge.check(shape, value, "it")
    except RefusalError:
        return False
    return True


@pytest.mark.parametrize("schema", SCHEMAS, ids=json.dumps)
def test_the_judge_agrees_with_jsonschema(tmp_path: Path, schema: dict[str, Any]) -> None:
    shape, table = shape_of(tmp_path, schema)
    judge, other = Judge(table), jsonschema_rs.Draft202012Validator(schema)
    verdicts = set()
    for value in VALUES:
        exact = read_json(json.dumps(value).encode())
        verdict = is_taken(judge, shape, exact)
        assert verdict == other.is_valid(value), value
        verdicts.add(verdict)
    assert verdicts == {True, False}


def bodies() -> Iterator[tuple[str, Any, Any]]:
    for operation in MERIDIAN.contract.operations:
        binding = operation.binding
        if isinstance(binding, HttpBinding) and binding.body is not None:
            (content,) = binding.body.contents
            yield operation.name, content, content.schema


def mutations(value: Any, chance: random.Random) -> Iterator[Any]:
    """Yield a value, and the same with one thing wrong or at least another."""
    yield value
    others: list[Any] = [None, True, 0, -1, 10**30, Decimal("1.5"), "", "x" * 200, [], {}, "limit"]
    others += ["1.5", "01.5", "-1", "1e5", "0.000000000000000001", "BTC-USD", "buy\n"]
    for _ in range(400):
        made = copy.deepcopy(value)
        names = list(made)
        name = chance.choice([*names, "unknown"])
        if chance.random() < 0.2:
            made.pop(name, None)
        else:
            made[name] = chance.choice(others)
        yield made


@pytest.mark.parametrize(("name", "content", "schema"), list(bodies()), ids=lambda v: str(v)[:20])
def test_the_judge_agrees_with_the_venue_and_with_jsonschema(
    name: str, content: Any, schema: Any
) -> None:
    shaper = Shaper(MERIDIAN.contract)
    shape = shaper.shape(schema)
    judge = Judge(shaper.table)
    raw = RawSchemas(MERIDIAN.resolver.documents)
    decoder = BodyDecoder(Types(MERIDIAN.contract).of(schema))
    good = Maker(MERIDIAN.contract, Wish(direction="request")).make(schema)
    verdicts = set()
    for value in mutations(good, random.Random(7)):
        text = _ENCODER.encode(value)
        verdict = is_taken(judge, shape, read_json(text))
        assert verdict == (not raw.problems(content.origin.child("schema"), value, "request")), text
        assert verdict == is_decoded(decoder, text), text
        verdicts.add(verdict)
    assert verdicts == {True, False}


def is_decoded(decoder: BodyDecoder, text: bytes) -> bool:
    try:
        decoder.decode(text)
    except RefusalError:
        return False
    return True
