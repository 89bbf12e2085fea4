"""Published documents of real venues load with equal counts, or are truly invalid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from openapi_spec_validator.schemas import schema_v2, schema_v30

from venuekit.contract import (
    ArraySchema,
    Counts,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    TupleSchema,
    UnionSchema,
)
from venuekit.finding import FindingsError, Severity
from venuekit.load import Loaded, load
from venuekit.load.json_validity import MAXIMUM_ERRORS

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus is not beside the repository"
)
DOCUMENTS = sorted(
    path
    for path in CORPUS.rglob("*")
    if path.suffix in (".yaml", ".yml", ".json") and path.name != "components.yaml"
)
# What the official JSON Schema refuses, and the members that hold it.
INVALID = {
    "rest-spot.openapi.json": {"exclusiveMinimum", "exclusiveMaximum"},
    "ws-futures-private.openapi.json": {"deprecated"},
    "ws-futures-public.openapi.json": {"deprecated", "type"},
    "ws-margin-private.openapi.json": {"deprecated"},
    "ws-margin-public.openapi.json": {"deprecated"},
    "ws-spot-private.openapi.json": {"deprecated"},
    "ws-spot-public.openapi.json": {"deprecated"},
    "v20.swagger.json": {"type"},
}
VALID = [path for path in DOCUMENTS if path.name not in INVALID]
KEYWORD_RULES = {
    "schema-keyword-not-carried",
    "enum-type-mismatch",
    "nullable-outside-3.0",
    "default-not-allowed",
}
NOTE_RULES = {"perspective-inferred", "derived-operation-name", "parameter-ignored"}


def read(path: Path) -> Any:
    """Read a document with other readers than ours."""
    text = path.read_text("utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)


def counted(document: Any) -> Counts:
    """Count what a document writes, without our reader, our references and our counting."""
    components = document.get("components", {})
    methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
    if "openapi" in document:
        paths = document.get("paths", {}).values()
        operations = sum(len(methods & set(item)) for item in paths)
        return Counts(
            operations=operations,
            channels=0,
            messages=0,
            schemas=len(components.get("schemas", {})),
        )
    named = len(components.get("messages", {}))
    inline = sum(
        "$ref" not in message
        for channel in document["channels"].values()
        for message in channel.get("messages", {}).values()
    )
    return Counts(
        operations=len(document["operations"]),
        channels=len(document["channels"]),
        messages=named + inline,
        schemas=len(components.get("schemas", {})),
    )


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_valid_documents_load_whole(path: Path) -> None:
    loaded = load([path])
    assert loaded.read == counted(read(path))
    built = loaded.contract.counts
    assert (built.operations, built.channels) == (loaded.read.operations, loaded.read.channels)
    assert built.messages == loaded.read.messages
    assert built.schemas >= loaded.read.schemas
    assert {finding.rule for finding in loaded.findings} <= KEYWORD_RULES | NOTE_RULES
    assert all(finding.severity is not Severity.ERROR for finding in loaded.findings)
    every_reference_leads_somewhere(loaded)


def every_reference_leads_somewhere(loaded: Loaded) -> None:
    contract = loaded.contract
    waiting: list[Schema] = [named.schema for named in contract.schemas.values()]
    waiting += [m.payload for m in contract.messages.values() if m.payload is not None]
    while waiting:
        match waiting.pop():
            case RefSchema(name=name):
                assert name in contract.schemas
            case ObjectSchema(fields=fields, additional=additional):
                waiting += [field.schema for field in fields]
                waiting += [additional] if additional is not None else []
            case ArraySchema(items=items):
                waiting.append(items)
            case TupleSchema(items=parts):
                waiting += parts
            case UnionSchema(variants=variants, discriminator=discriminator):
                waiting += variants
                if discriminator is not None:
                    assert all(p < len(variants) for _, p in discriminator.mapping)
            case NullableSchema(inner=inner):
                assert not isinstance(inner, NullableSchema)
                waiting.append(inner)
            case _:
                pass


@pytest.mark.parametrize("name", sorted(INVALID))
def test_invalid_documents_are_refused_where_the_official_schema_refuses_them(name: str) -> None:
    path = next(path for path in DOCUMENTS if path.name == name)
    with pytest.raises(FindingsError) as caught:
        load([path])
    findings = caught.value.findings
    assert {finding.rule for finding in findings} == {"invalid-document"}
    assert {f.origin.pointer[-1] for f in findings if f.origin} == INVALID[name]
    document = read(path)
    official = dict(schema_v2 if "swagger" in document else schema_v30)
    judge = jsonschema.validators.validator_for(official)(official)
    errors = list(judge.iter_errors(document))
    assert min(len(errors), MAXIMUM_ERRORS) == len(findings)
    places = [tuple(error.absolute_path) for error in errors]
    for finding in findings:
        assert finding.origin is not None
        assert any(finding.origin.pointer[: len(place)] == place for place in places)


def test_an_overlay_mends_an_invalid_document(tmp_path: Path) -> None:
    path = next(path for path in DOCUMENTS if path.name == "ws-spot-public.openapi.json")
    overlay = tmp_path / "mend.overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: Mend, version: '1'}\nactions:\n"
        "  - {target: '$.paths.*.trace', update: {deprecated: false}}\n"
    )
    loaded = load([path], [overlay])
    assert loaded.contract.counts.operations == counted(read(path)).operations


def test_all_of_binance_is_one_contract() -> None:
    paths = [
        p for p in VALID if p.name in ("binance-spot.openapi.yaml", "binance-spot.asyncapi.yaml")
    ]
    loaded = load(paths)
    counts = loaded.contract.counts
    assert (counts.operations, counts.channels, counts.messages) == (382 + 51, 1, 105)
    assert loaded.contract.operations[0].origin.place.file.endswith(".yaml")
