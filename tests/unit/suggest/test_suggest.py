"""`overlay suggest`: what it finds in small documents, and that real ones come out clean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from venuekit import checks
from venuekit.cli import app
from venuekit.contract import (
    DecimalSchema,
    HttpBinding,
    IntegerSchema,
    NamedSchema,
    NullableSchema,
    ObjectSchema,
    TimestampSchema,
)
from venuekit.finding import FindingsError, Severity
from venuekit.load import load
from venuekit.overlay_commands import SUGGESTED_RULES
from venuekit.suggest import suggest

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
DOCUMENTS = sorted(
    path
    for path in CORPUS.rglob("*")
    if path.suffix in (".yaml", ".yml", ".json") and path.name != "components.yaml"
)
RUNNER = CliRunner()


def document(folder: Path, value: dict[str, Any]) -> Path:
    path = folder / "venue.yaml"
    start = {"openapi": "3.0.3", "info": {"title": "Venue", "version": "1"}, "paths": {}}
    path.write_text(json.dumps({**start, **value}), encoding="utf-8")
    return path


def actions(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(text)["actions"]
    return found


def with_schema(folder: Path, properties: dict[str, Any]) -> Path:
    schemas = {"Thing": {"type": "object", "properties": properties}}
    return document(folder, {"components": {"schemas": schemas}})


def fields(named: NamedSchema) -> dict[str, Any]:
    assert isinstance(named.schema, ObjectSchema)
    return {field.name: field.schema for field in named.schema.fields}


def operation(**members: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "Done."}}, **members}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_a_real_document_with_its_suggestion_is_clean(path: Path, tmp_path: Path) -> None:
    suggestion = suggest(path)
    assert [f for f in suggestion.findings if f.severity is Severity.ERROR] == []
    file = tmp_path / "suggested.yaml"
    file.write_text(suggestion.text, encoding="utf-8")
    loaded = load([path], [file])
    assert {f.rule for f in loaded.findings} & {"lost-in-loading", "lost-in-emission"} == set()
    assert loaded.contract.counts.operations == loaded.read.operations > 0
    assert checks.check(loaded.contract, SUGGESTED_RULES) == ()


def test_money_becomes_exact_and_other_text_stays(tmp_path: Path) -> None:
    text, number = {"type": "string"}, {"type": "number", "format": "double"}
    properties = {"price": text, "feeRate": number, "symbol": text, "feeCurrency": text}
    properties["rate"] = {"type": "string", "example": "0.0015"}
    properties["version"] = {"type": "string", "example": "1.0"}
    loaded = suggest(with_schema(tmp_path, properties)).loaded
    found = fields(loaded.contract.schemas["Thing"])
    exact = {name for name, schema in found.items() if isinstance(schema, DecimalSchema)}
    assert exact == {"price", "feeRate", "rate"}


@pytest.mark.parametrize(
    ("properties", "unit"),
    [
        ({"example": 1700000000}, "unix-s"),
        ({"example": 1700000000000}, "unix-ms"),
        ({"example": 1700000000000000}, "unix-us"),
        ({"example": 1700000000000000000}, "unix-ns"),
        ({"description": "Time in nanoseconds"}, "unix-ns"),
        ({"description": "milliseconds since 1970", "example": 0}, "unix-ms"),
        ({}, "unix-ms"),
    ],
)
def test_the_unit_of_a_time_comes_from_its_examples_and_words(
    tmp_path: Path, properties: dict[str, Any], unit: str
) -> None:
    path = with_schema(tmp_path, {"updateTime": {"type": "integer", **properties}})
    schema = fields(suggest(path).loaded.contract.schemas["Thing"])["updateTime"]
    assert isinstance(schema, TimestampSchema)
    assert schema.unit == unit


def test_what_does_not_tell_its_unit_takes_the_documents_usual_one(tmp_path: Path) -> None:
    known = {"type": "integer", "example": 1700000000}
    path = with_schema(tmp_path, {"openTime": known, "closeTime": {"type": "integer"}})
    schema = fields(suggest(path).loaded.contract.schemas["Thing"])["closeTime"]
    assert isinstance(schema, TimestampSchema)
    assert schema.unit == "unix-s"


def test_large_examples_ask_for_64_bits(tmp_path: Path) -> None:
    properties = {
        "orderId": {"type": "integer", "example": 9007199254740993},
        "limit": {"type": "integer", "example": 500},
    }
    found = fields(suggest(with_schema(tmp_path, properties)).loaded.contract.schemas["Thing"])
    assert isinstance(found["orderId"], IntegerSchema)
    assert found["orderId"].bits == 64
    assert found["limit"].bits is None


@pytest.mark.parametrize(
    ("method", "summary", "effect"),
    [
        ("post", "New order", "create"),
        ("post", "Test new order", "read"),
        ("post", "Query open orders", "read"),
        ("post", "Cancel an existing order and send a new one", "replace"),
        ("post", "Cancel all orders", "cancel"),
        ("post", "Close positions", "create"),
        ("put", "Modify order", "replace"),
        ("delete", "Order", "cancel"),
        ("post", "Countdown", "replace"),
        ("get", "Order", None),
    ],
)
def test_the_effect_comes_from_the_first_telling_word(
    tmp_path: Path, method: str, summary: str, effect: str | None
) -> None:
    paths = {"/thing": {method: operation(operationId="thing", summary=summary)}}
    (found,) = suggest(document(tmp_path, {"paths": paths})).loaded.contract.operations
    assert found.effect == effect
    assert found.lacks_dedup_key == (effect == "create")


def test_the_client_order_id_is_named_and_asked_for(tmp_path: Path) -> None:
    body = {"type": "object", "properties": {"newClientOrderId": {"type": "string"}}}
    content = {"application/x-www-form-urlencoded": {"schema": body}}
    placing = operation(
        operationId="placeOrder", summary="New order", requestBody={"content": content}
    )
    path = document(tmp_path, {"paths": {"/order": {"post": placing}}})
    loaded = suggest(path).loaded
    (found,) = loaded.contract.operations
    assert found.dedup_key == "newClientOrderId"
    assert checks.check(loaded.contract, ["dedup-key-not-required"]) == ()


def test_one_action_serves_a_name_that_means_the_same_all_over(tmp_path: Path) -> None:
    text = {"type": "string"}
    schemas = {
        "A": {"type": "object", "properties": {"price": text, "fee": text}},
        "B": {"type": "object", "properties": {"price": text, "fee": {"type": "integer"}}},
        "C": {"type": "object", "properties": {"fee": text}},
    }
    found = actions(suggest(document(tmp_path, {"components": {"schemas": schemas}})).text)
    assert [action["target"] for action in found] == [
        "$..properties['price']",
        "$.components.schemas['A', 'C'].properties.fee",
    ]


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    properties = {name: {"type": "string"} for name in ("price", "fee", "quantity", "updateTime")}
    path = with_schema(tmp_path, properties)
    assert suggest(path).text == suggest(path).text


def test_operations_without_a_name_take_their_summary(tmp_path: Path) -> None:
    paths = {
        "/a": {"get": operation(summary="Retrieve L2 book snapshot.")},
        "/b": {"get": operation(operationId="013", **{"x-sdk-method-name": "addOrder"})},
        "/c": {"get": operation(summary="Twice here")},
        "/d": {"get": operation(summary="Twice here")},
    }
    loaded = suggest(document(tmp_path, {"paths": paths})).loaded
    names = [found.name for found in loaded.contract.operations]
    assert names == ["retrieveL2BookSnapshot", "addOrder", "getC", "getD"]


def test_names_with_quotes_and_escapes_are_reached(tmp_path: Path) -> None:
    name = "the 'price' of \\ and\tmore price"
    path = with_schema(tmp_path, {name: {"type": "string"}})
    loaded = suggest(path).loaded
    assert isinstance(fields(loaded.contract.schemas["Thing"])[name], DecimalSchema)


def test_obvious_faults_are_cured(tmp_path: Path) -> None:
    lookup = operation(
        operationId="get",
        deprecated="false",
        parameters=[
            {"name": "id", "in": "path", "required": True, "schema": {"type": "long"}},
            {"name": "gone", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "n", "in": "query", "schema": {"type": "integer", "exclusiveMinimum": 0}},
        ],
    )
    lookup["responses"]["400"] = {}
    second = operation(operationId="get", parameters=None)
    paths = {"/a/{id}": {"get": lookup}, "/b/{id}": {"get": second}}
    path = document(tmp_path, {"paths": paths, "servers": []})
    with pytest.raises(FindingsError):
        load([path])
    loaded = suggest(path).loaded
    first, other = loaded.contract.operations
    assert (first.name, other.name) == ("get", "getBById")
    assert [f for f in loaded.findings if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("version", "schema"),
    [
        ("3.0.3", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("3.0.3", {"type": ["integer", "null"]}),
        ("3.0.3", {"type": "object", "required": ["a", "b", "a"]}),
        ("3.1.0", {"type": "integer", "minimum": 3, "exclusiveMinimum": True}),
        ("3.1.0", {"type": "integer", "minimum": 3, "exclusiveMinimum": False}),
        ("3.1.0", {"type": "object", "$recursiveAnchor": True}),
        ("3.1.0", {"oneOf": [], "description": "Nothing."}),
    ],
    ids=str,
)
def test_words_of_another_version_are_cured(
    tmp_path: Path, version: str, schema: dict[str, Any]
) -> None:
    responses = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
    whole = {"paths": {"/a": {"get": operation(operationId="get", responses=responses)}}}
    path = document(tmp_path, {"openapi": version, **whole})
    with pytest.raises(FindingsError):
        load([path])
    loaded = suggest(path).loaded
    assert [f for f in loaded.findings if f.severity is Severity.ERROR] == []
    (first,) = loaded.contract.operations
    assert isinstance(first.binding, HttpBinding)
    made = first.binding.responses[0].contents[0].schema
    if isinstance(made, IntegerSchema) and "exclusiveMinimum" in schema:
        assert (made.minimum, made.exclusive_minimum) == (
            (None, 3) if schema["exclusiveMinimum"] else (3, None)
        )
    elif "null" in str(schema):
        assert isinstance(made, NullableSchema)


def test_a_schema_that_names_itself_in_an_older_draft_is_referred_to(tmp_path: Path) -> None:
    many = {"type": "array", "items": {"oneOf": [{"type": "string"}, {"$recursiveRef": "#"}]}}
    tree = {"type": "object", "$recursiveAnchor": True, "properties": {"inner": many}}
    whole = {"openapi": "3.1.0", "components": {"schemas": {"Tree": tree}}}
    loaded = suggest(document(tmp_path, whole)).loaded
    assert [f for f in loaded.findings if f.severity is Severity.ERROR] == []
    inner = fields(loaded.contract.schemas["Tree"])["inner"]
    assert "Tree" in repr(inner.items)


def test_examples_with_names_become_a_list_and_a_pattern_without_text_goes(tmp_path: Path) -> None:
    named = {"one": {"value": {"a": "x"}}, "two": {"a": "y"}}
    thing = {"type": "object", "examples": named, "properties": {"a": {"pattern": 0}}}
    whole = {"openapi": "3.1.0", "components": {"schemas": {"Thing": thing}}}
    loaded = suggest(document(tmp_path, whole)).loaded
    assert [f for f in loaded.findings if f.severity is Severity.ERROR] == []
    schema = loaded.contract.schemas["Thing"].schema
    assert schema.notes.examples == ({"a": "x"}, {"a": "y"})


@pytest.mark.parametrize(
    "author",
    [
        {"type": ["null"], "allOf": [{"$ref": "#/components/schemas/User"}]},
        {"type": "null", "oneOf": [{"type": "string"}, {"type": "number"}]},
    ],
)
def test_null_beside_other_schemas_is_null_as_well(tmp_path: Path, author: dict[str, Any]) -> None:
    user = {"type": "object", "properties": {"id": {"type": "integer"}}}
    schemas = {"User": user, "Post": {"type": "object", "properties": {"author": author}}}
    path = document(tmp_path, {"openapi": "3.1.0", "components": {"schemas": schemas}})
    assert "schema-not-satisfiable" in {f.rule for f in load([path]).findings}
    loaded = suggest(path).loaded
    assert [f for f in loaded.findings if f.severity is Severity.ERROR] == []
    assert isinstance(fields(loaded.contract.schemas["Post"])["author"], NullableSchema)


def test_a_fault_without_an_obvious_cure_is_reported(tmp_path: Path) -> None:
    path = document(tmp_path, {"paths": {"/a": {"get": operation(operationId=7)}}})
    with pytest.raises(FindingsError, match="7 is not of type string"):
        suggest(path)


def test_what_stands_in_another_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "parts.yaml").write_text("Price: {type: string}\n", encoding="utf-8")
    path = with_schema(tmp_path, {"price": {"$ref": "parts.yaml#/Price"}})
    found = suggest(path).findings
    assert [f.rule for f in found] == ["stands-in-another-file"]


def test_the_command_writes_a_new_file_and_never_over_an_old_one(tmp_path: Path) -> None:
    path = with_schema(tmp_path, {"price": {"type": "string"}})
    output = tmp_path / "overlay.yaml"
    done = RUNNER.invoke(app, ["overlay", "suggest", str(path), "-o", str(output)])
    assert done.exit_code == 0, done.output
    assert "1 facts in 1 actions" in done.output
    before = output.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["overlay.yaml", "venue.yaml"]
    again = RUNNER.invoke(app, ["overlay", "suggest", str(path), "-o", str(output)])
    assert again.exit_code == 2
    assert output.read_bytes() == before


def test_without_a_file_the_overlay_is_all_of_standard_output(tmp_path: Path) -> None:
    path = with_schema(tmp_path, {"price": {"type": "string"}})
    done = RUNNER.invoke(app, ["overlay", "suggest", str(path)])
    assert done.exit_code == 0, done.output
    assert yaml.safe_load(done.stdout)["overlay"] == "1.0.0"


def test_numbers_that_are_told_or_seen_to_be_empty_are_absent(tmp_path: Path) -> None:
    told = {"type": "string", "description": 'Only for options; return "" otherwise.'}
    properties = {
        "price": told,
        "fee": {"type": "string", "example": ""},
        "amount": {"type": "string", "default": ""},
        "note": told,
        "quantity": {"type": "string", "example": "1.5"},
    }
    suggestion = suggest(with_schema(tmp_path, properties))
    found = fields(suggestion.loaded.contract.schemas["Thing"])
    absent = {name for name, one in found.items() if getattr(one, "is_empty_null", False)}
    assert absent == {"price", "fee"}
    assert all(isinstance(found[name], DecimalSchema) for name in ("price", "fee", "quantity"))


def test_empty_defaults_count_where_many_fields_are_told_to_be_empty(tmp_path: Path) -> None:
    told = {"type": "string", "description": 'Only for options; it is "" otherwise.'}
    properties = {f"price{n}": told for n in range(10)}
    properties["amount"] = {"type": "string", "default": ""}
    suggestion = suggest(with_schema(tmp_path, properties))
    found = fields(suggestion.loaded.contract.schemas["Thing"])
    assert isinstance(found["amount"], DecimalSchema)
    assert found["amount"].is_empty_null


def test_an_object_is_open_whose_example_has_more_than_it_declares(tmp_path: Path) -> None:
    thing = {"type": "object", "properties": {"id": {"type": "integer"}}}
    schemas = {
        "Thing": {**thing, "example": {"id": 1, "seen": 2}},
        "Whole": {**thing, "example": {"id": 1}},
        "Closed": {**thing, "additionalProperties": False, "example": {"id": 1, "seen": 2}},
    }
    path = document(tmp_path, {"components": {"schemas": schemas}})
    loaded = suggest(path).loaded
    open_ones = {
        name
        for name, named in loaded.contract.schemas.items()
        if isinstance(named.schema, ObjectSchema) and named.schema.is_additional_stated
    }
    assert open_ones == {"Thing", "Closed"}
    closed = loaded.contract.schemas["Closed"].schema
    assert isinstance(closed, ObjectSchema)
    assert closed.additional is None
