"""Random values of every schema survive decode and encode in Node, digit by digit."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from venuekit.contract import (
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Contract,
    EnumSchema,
    IntegerSchema,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.emit.emission import Emission
from venuekit.emit.typescript.kinds import kind_of
from venuekit.emit.typescript.model import make_model
from venuekit.load import load

SPEC = Path(__file__).resolve().parents[3] / "spec"
MERIDIAN = tuple(SPEC / f for f in ("rest.openapi.yaml", "stream.asyncapi.yaml"))
DEEPEST = 6
ROUNDS = 5


class TooDeepError(Exception):
    """A schema that holds itself without end was drawn too deep."""


class Sampler:
    """Writes JSON text for schemas of one contract; numbers keep their spelling."""

    def __init__(self, contract: Contract, seed: int) -> None:
        self.contract = contract
        self.random = random.Random(seed)

    def text(self, schema: Schema, depth: int = 0) -> str:
        if depth > 4 * DEEPEST:
            raise TooDeepError
        match schema:
            case RefSchema(name=name):
                return self.text(self.contract.schemas[name].schema, depth + 1)
            case NullableSchema(inner=inner):
                is_null = depth > DEEPEST or self.random.random() < 0.3
                return "null" if is_null else self.text(inner, depth)
            case ArraySchema(items=items):
                count = 0 if depth > DEEPEST else self.random.randrange(3)
                return f"[{','.join(self.text(items, depth + 1) for _ in range(count))}]"
            case TupleSchema(items=items):
                return f"[{','.join(self.text(item, depth + 1) for item in items)}]"
            case ObjectSchema():
                return self.members(schema, depth)
            case UnionSchema():
                return self.union(schema, depth)
            case _:
                return self.scalar(schema)

    def members(
        self, schema: ObjectSchema, depth: int, fixed: tuple[str, str] | None = None
    ) -> str:
        found: dict[str, str] = {}
        for field in schema.fields:
            if field.is_required or (depth <= DEEPEST and self.random.random() < 0.6):
                found[field.name] = self.text(field.schema, depth + 1)
        if schema.additional is not None and self.random.random() < 0.5 and depth <= DEEPEST:
            found["not_declared"] = self.text(schema.additional, depth + 1)
        if fixed is not None:
            found[fixed[0]] = json.dumps(fixed[1])
        inside = (f"{json.dumps(k, ensure_ascii=False)}:{v}" for k, v in found.items())
        return f"{{{','.join(inside)}}}"

    def union(self, schema: UnionSchema, depth: int) -> str:
        if schema.discriminator is None:
            return self.text(self.random.choice(schema.variants), depth + 1)
        tag, position = self.random.choice(schema.discriminator.mapping)
        variant: Schema = schema.variants[position]
        while isinstance(variant, RefSchema):
            variant = self.contract.schemas[variant.name].schema
        assert isinstance(variant, ObjectSchema)
        return self.members(variant, depth + 1, (schema.discriminator.field, tag))

    def scalar(self, schema: Schema) -> str:
        kind = kind_of(schema)
        if kind in ("decimal", "decimal_number"):
            digits = f"{self.random.randrange(10**20)}.{self.random.randrange(10**6)}0"
            return digits if kind == "decimal_number" else f'"{digits}"'
        if kind in ("int64", "int64_string"):
            number = str(self.random.randrange(-(2**63), 2**63))
            return number if kind == "int64" else f'"{number}"'
        match schema:
            case ConstSchema(value=value):
                return _json(value)
            case EnumSchema(values=values):
                return _json(self.random.choice(values))
            case BooleanSchema():
                return self.random.choice(("true", "false"))
            case NullSchema():
                return "null"
            case IntegerSchema(wire="string"):
                return f'"{self.random.randrange(10**6)}"'
            case NumberSchema():
                return self.random.choice(("0.5", "12", "-3.25", "1e-9"))
            case StringSchema():
                return self.random.choice(('"x"', '"é \\" y"', '""', '"10.50"'))
            case _:
                return str(self.random.randrange(10**9)) if kind == "plain" else '"1"'


def _json(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


PROGRAM = """
import { readFileSync } from "node:fs";
import { codec, parseJson, stringifyJson } from "@venuekit/runtime";
import * as schemas from "./src/schemas.ts";
const wrong = [];
for (const [name, text] of JSON.parse(readFileSync(new URL("samples.json", import.meta.url)))) {
  const { decode, encode, isExact } = codec(schemas[name] ?? "plain");
  try {
    const value = parseJson(text, isExact);
    const decoded = decode === undefined ? value : decode(value);
    const back = stringifyJson(encode === undefined ? decoded : encode(decoded), isExact);
    if (back !== text) wrong.push([name, text, back]);
  } catch (error) {
    wrong.push([name, text, error.text ?? String(error)]);
  }
}
console.log(JSON.stringify(wrong.slice(0, 3), null, 1));
"""


@pytest.mark.parametrize("names", ["meridian", "openxapi/binance-spot.openapi.yaml"])
def test_values_survive(
    names: str,
    request: pytest.FixtureRequest,
    package: Callable[..., tuple[Path, Emission]],
    toolchain: Any,
) -> None:
    documents = MERIDIAN
    if names != "meridian":
        documents = (request.getfixturevalue("corpus") / names,)
    contract = load(documents).contract
    folder, _emission = package(*documents)
    names_of = make_model(contract).names.named
    samples = []
    for seed in range(ROUNDS):
        sampler = Sampler(contract, seed)
        for key, entry in contract.schemas.items():
            try:
                samples.append((names_of[key], sampler.text(entry.schema)))
            except TooDeepError:
                continue
    assert len(samples) > len(contract.schemas)
    (folder / "samples.json").write_text(json.dumps(samples), encoding="utf-8")
    assert json.loads(toolchain.run(folder, PROGRAM)) == []
