"""Emitted SDKs are compiled strictly by two compilers, imported and run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from venuekit.contract import Contract, Wire
from venuekit.emit.emission import Emission, Options
from venuekit.emit.typescript import emit
from venuekit.finding import Severity
from venuekit.load import load

Package = Callable[..., tuple[Path, Emission]]
COMPILERS = ("typescript", "typescript-5")
SPEC = Path(__file__).resolve().parents[3] / "spec"
BINANCE = ("openxapi/binance-spot.openapi.yaml", "openxapi/binance-spot.asyncapi.yaml")
DOCUMENTS = [
    BINANCE,
    ("openxapi/binance-spot-streams.asyncapi.yaml",),
    ("openxapi/okx-rest.openapi.yaml",),
]


@pytest.mark.parametrize("names", DOCUMENTS, ids=lambda names: names[0])
def test_real_documents_compile_and_lose_nothing(
    names: tuple[str, ...], corpus: Path, package: Package, toolchain: Any
) -> None:
    folder, emission = package(*(corpus / name for name in names))
    assert [f for f in emission.findings if f.severity is Severity.ERROR] == []
    for compiler in COMPILERS:
        assert toolchain.compile(folder, compiler) == ""
    rest = sum(operation.wire is Wire.REST for operation in load_all(corpus, names).operations)
    assert toolchain.run(folder, BUILD_ALL if rest else "console.log(0);") == f"{rest}\n"


def load_all(corpus: Path, names: tuple[str, ...]) -> Contract:
    return load([corpus / name for name in names]).contract


BUILD_ALL = """
import { parseBaseUrl, RequestPlan } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";
const base = parseBaseUrl("https://venue.example");
let count = 0;
for (const [name, operation] of Object.entries(sdk.operations)) {
  if (typeof sdk[name] !== "function") throw new Error(`${name} has no function`);
  if (typeof sdk.Client.prototype[name] !== "function") throw new Error(`${name} has no method`);
  const input = operation.body?.whole === undefined ? {} : { [operation.body.whole]: {} };
  for (const parameter of operation.parameters ?? []) {
    if (parameter.isRequired) input[parameter.property] = sample(parameter.schema);
  }
  const { target } = new RequestPlan(operation, base).build(input);
  if (/[{}\\s]/.test(target)) throw new Error(`${name}: ${target}`);
  count += 1;
}
console.log(count);
function sample(schema) {
  return schema === undefined || schema === "decimal" || typeof schema === "object" ? "1" : 1;
}
"""


CASES = Path(__file__).resolve().parents[2] / "golden" / "typescript"


@pytest.mark.parametrize("name", sorted(case.name for case in CASES.iterdir()))
def test_golden_cases_compile(name: str, package: Package, toolchain: Any) -> None:
    folder, _emission = package(CASES / name / "input.yaml")
    assert toolchain.compile(folder, "typescript") == ""


def test_meridian_compiles(package: Package, toolchain: Any) -> None:
    names = ("rest.openapi.yaml", "stream.asyncapi.yaml", "fix.asyncapi.yaml")
    folder, emission = package(*(SPEC / name for name in names))
    assert emission.findings == ()
    example = str(emission.files["README.md"]).split("```ts\n")[1].split("```")[0]
    assert "new HmacCredentials(" in example
    (folder / "src" / "example.ts").write_text(example.replace("@test/sdk", "./index.ts"))
    for compiler in COMPILERS:
        assert toolchain.compile(folder, compiler) == ""


def test_the_same_contract_gives_the_same_bytes() -> None:
    files = []
    for _ in range(2):
        contract = load([SPEC / "rest.openapi.yaml"]).contract
        files.append(emit(contract, Options(package="@a/b")).files)
    assert files[0] == files[1]


HOSTILE = '*/ "quoted" `${x}` \\ \u202e\n@deprecated */ export const broken = 1;'


def hostile_document() -> dict[str, object]:
    """A valid document in which every free text tries to break out."""
    schema = {"$ref": "#/components/schemas/X"}
    content = {"application/json": {"schema": schema}}
    return {
        "openapi": "3.1.0",
        "info": {"title": HOSTILE, "version": HOSTILE, "description": HOSTILE},
        "servers": [{"url": "https://x.example/a", "description": HOSTILE}],
        "tags": [{"name": "../../etc/passwd", "description": HOSTILE}],
        "paths": {
            "/a/{p}": {
                "get": {
                    "operationId": "delete",
                    "summary": HOSTILE,
                    "description": HOSTILE,
                    "tags": ["../../etc/passwd"],
                    "parameters": [
                        {"name": "p", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "p", "in": "query", "schema": {"type": "integer"}},
                        {"name": HOSTILE, "in": "query", "schema": {"type": "string"}},
                    ],
                    "responses": {"200": {"description": HOSTILE, "content": content}},
                }
            }
        },
        "components": {"schemas": hostile_schemas()},
    }


def hostile_schemas() -> dict[str, object]:
    """Schemas whose names and members are words that JavaScript or the SDK use themselves."""
    member = {"type": "string", "format": "decimal", "description": HOSTILE, "title": HOSTILE}
    names = ("__proto__", "constructor", "to_string", "toString", HOSTILE)
    return {
        "X": {
            "type": "object",
            "description": HOSTILE,
            "properties": {**dict.fromkeys(names, member), "kind": {"enum": [HOSTILE, "b"]}},
        },
        "Client": {"type": "string"},
        "Decimal": {"type": "string", "format": "decimal"},
        "Array": {"type": "array", "items": {"type": "string"}},
    }


def test_hostile_words_stay_words(tmp_path: Path, package: Package, toolchain: Any) -> None:
    document = tmp_path / "hostile.json"
    document.write_text(json.dumps(hostile_document()), encoding="utf-8")
    folder, emission = package(document)
    assert all(".." not in path for path in emission.files)
    for compiler in COMPILERS:
        assert toolchain.compile(folder, compiler) == ""
    program = """
        import assert from "node:assert/strict";
        import { codec } from "@venuekit/runtime";
        import * as sdk from "./src/index.ts";
        import { X } from "./src/schemas.ts";
        assert.equal(typeof sdk.deleteOperation, "function");
        assert.ok(!("broken" in sdk));
        const text = '{"__proto__":"1.10","constructor":"2","to_string":"3","toString":"4"}';
        const value = codec(X).decode(JSON.parse(text));
        assert.equal(Object.getPrototypeOf(value), Object.prototype);
        assert.equal(String(value["__proto__"]), "1.10");
        assert.equal(JSON.stringify(codec(X).encode(value)), text);
        console.log(Object.keys(value).join(" "));
    """
    assert toolchain.run(folder, program) == "__proto__ constructor to_string toString\n"


def test_a_body_that_cannot_be_written_is_a_finding_with_its_place(tmp_path: Path) -> None:
    document = tmp_path / "upload.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    post:\n"
        "      operationId: upload\n      requestBody:\n        content:\n"
        "          multipart/mixed: {schema: {type: object}}\n"
        "      responses: {'204': {description: done}}\n",
        encoding="utf-8",
    )
    emission = emit(load([document]).contract, Options(package="@a/b"))
    (finding,) = emission.findings
    assert finding.severity is Severity.ERROR
    assert "multipart/mixed" in finding.message
    assert finding.origin is not None
    assert finding.origin.place.line == 8


def test_headers_of_a_part_are_a_finding(tmp_path: Path) -> None:
    document = tmp_path / "upload.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    post:\n"
        "      operationId: upload\n      requestBody:\n        content:\n"
        "          multipart/form-data:\n"
        "            schema: {type: object, properties: {a: {type: string}}}\n"
        "            encoding: {a: {headers: {X-A: {schema: {type: string}}}}}\n"
        "      responses: {'204': {description: done}}\n",
        encoding="utf-8",
    )
    emission = emit(load([document]).contract, Options(package="@a/b"))
    (finding,) = emission.findings
    assert "the headers of the part 'a'" in finding.message


def test_a_hundred_levels_are_emitted_in_linear_time(tmp_path: Path, package: Package) -> None:
    schema: dict[str, object] = {"type": "string", "format": "decimal"}
    for level in range(100):
        schema = {"type": "object", "properties": {f"level_{level}": schema}}
    document = tmp_path / "deep.json"
    document.write_text(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "deep", "version": "1"},
                "paths": {},
                "components": {"schemas": {"Deep": schema}},
            }
        ),
        encoding="utf-8",
    )
    _folder, emission = package(document)
    assert len(emission.files["src/schemas.ts"]) < 100_000
