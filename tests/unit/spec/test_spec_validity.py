"""The documents are valid by the formats' own judges, and every example by its schema."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft7Validator
from openapi_spec_validator import validate

STREAMS = ("stream.asyncapi.yaml", "fix.asyncapi.yaml")
DOCUMENTS = ("rest.openapi.yaml", *STREAMS)
SCHEMAS = ("order", "execution", "instrument", "book", "trade", "balance", "error", "decimals")
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


def test_openapi_is_valid(documents: Any) -> None:
    name = "rest.openapi.yaml"
    validate(documents.load(name), base_uri=(documents.folder / name).as_uri())


@pytest.mark.parametrize("name", STREAMS)
def test_asyncapi_is_valid_by_its_official_schema(documents: Any, name: str) -> None:
    official = files("venuekit.load.asyncapi") / "schemas" / "3.0.0.json"
    validator = Draft7Validator(json.loads(official.read_text(encoding="utf-8")))
    document = documents.load(name)
    assert [error.message for error in validator.iter_errors(document)] == []
    broken = {**document, "channels": {"book": {"adress": "book"}}}
    assert not validator.is_valid(broken)


@pytest.mark.parametrize("file", SCHEMAS)
def test_schema_examples_hold_in_both_dialects(documents: Any, file: str) -> None:
    name = f"schemas/{file}.yaml"
    schemas = documents.load(name)
    assert schemas
    for schema_name, schema in schemas.items():
        assert schema.get("description"), f"{name}#{schema_name} has no description"
        assert schema.get("examples"), f"{name}#{schema_name} has no example"
        for example in schema["examples"]:
            assert list(documents.errors(name, f"/{schema_name}", example)) == []


def test_schema_validation_can_fail(documents: Any) -> None:
    order = documents.load("schemas/order.yaml")["Order"]["examples"][0]
    broken = {**order, "quantity": "1e3"}
    assert len(list(documents.errors("schemas/order.yaml", "/Order", broken))) == 2


def test_rest_examples_match_their_schemas(documents: Any, walk: Any) -> None:
    name = "rest.openapi.yaml"
    document = documents.load(name)
    checked = 0
    for pointer, node in walk(document):
        values = [node["example"]] if "example" in node and "schema" in node else []
        for example in node.get("examples", {}).values() if "schema" in node else ():
            resolved = example
            if "$ref" in example:
                resolved = document["components"]["examples"][example["$ref"].rpartition("/")[2]]
            values.append(resolved["value"])
        for value in values:
            assert list(documents.errors(name, f"{pointer}/schema", value)) == []
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("name", STREAMS)
def test_message_examples_match_their_payloads(documents: Any, name: str) -> None:
    messages = documents.load(name)["components"]["messages"]
    for key, message in messages.items():
        assert message.get("examples"), f"{name}: message {key} has no example"
        for example in message["examples"]:
            pointer = f"/components/messages/{key}/payload"
            assert list(documents.errors(name, pointer, example["payload"])) == []


def operations(document: Any) -> dict[str, Any]:
    if "paths" not in document:
        return dict(document["operations"])
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_operation_says_what_an_integrator_needs(documents: Any, name: str) -> None:
    document = documents.load(name)
    found = operations(document)
    assert len(found) >= 10
    errors = documents.load("errors.yaml")["x-errors"]
    buckets = documents.load("limits.yaml")["x-rate-limit"]["buckets"]
    for key, operation in found.items():
        for member in ("summary", "description", "tags", "x-effect"):
            assert operation.get(member), f"{name}: {key} has no {member}"
        assert operation["x-effect"] in ("read", "create", "replace", "cancel")
        assert ("x-dedup-key" in operation) == (operation["x-effect"] == "create")
        assert set(operation.get("x-errors", [])) <= set(errors)
        assert set(operation.get("x-rate-limit", {})) <= set(buckets)
        if name == "rest.openapi.yaml":
            assert operation["x-errors"]
            assert operation["x-rate-limit"]


def test_rest_statuses_are_those_of_the_errors(documents: Any) -> None:
    errors = documents.load("errors.yaml")["x-errors"]
    for key, operation in operations(documents.load("rest.openapi.yaml")).items():
        stated = {status for status in operation["responses"] if int(status) >= 400}
        raised = {str(errors[code]["http_status"]) for code in operation["x-errors"]}
        assert stated == raised, key


def test_error_codes_are_those_of_the_table(documents: Any) -> None:
    table = documents.load("errors.yaml")["x-errors"]
    assert documents.load("schemas/error.yaml")["ErrorCode"]["enum"] == list(table)
    for code, row in table.items():
        assert set(row) == {"http_status", "cause", "retry", "action", "provoke"}, code
        assert row["retry"] in ("never", "after_fix", "after_delay", "resolve"), code


def test_one_name_for_one_act_on_every_wire(documents: Any) -> None:
    rest, stream, fix = (operations(documents.load(name)) for name in DOCUMENTS)
    for name in ("placeOrder", "replaceOrder", "cancelOrder"):
        for wire in (rest, stream, fix):
            assert wire[name]["x-effect"] == rest[name]["x-effect"]
    assert {"logOn", "executionUpdates"} <= set(stream) & set(fix)


def test_channels_say_how_a_gap_is_seen(documents: Any) -> None:
    for name in STREAMS:
        for key, channel in documents.load(name)["channels"].items():
            sequence = channel["x-stream"]["sequence"]
            named = {"none": "reason", "increment": "field", "previous_equals_last": "field"}
            assert sequence[named[sequence["rule"]]], key
            assert channel.get("description"), key
