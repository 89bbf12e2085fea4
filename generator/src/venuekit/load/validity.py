"""The formats' own judges: a document that they refuse is not read further."""

from __future__ import annotations

import functools
import importlib.util
import json
import shlex
import sys
from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, assert_never

import jsonschema_rs

from venuekit.load.dialect import Dialect
from venuekit.load.findings import Report
from venuekit.load.json_validity import Validator, report_errors
from venuekit.source import Node

_NEWEST_ASYNCAPI = "3.1.0"

_CURE = "`venuekit overlay suggest` cures what is obvious in a document that is not yours."
_FORMATS: dict[str, Callable[[str], bool]] = {"regex": lambda _pattern: True}
"""JSON Schema asks for ECMA-262 with SHOULD alone (Validation, section 6.3.3); schemas are read
with a warning for another dialect."""

Format = tuple[Literal["openapi", "asyncapi"], str]
"""A format and its version: ("openapi", "3.1") or ("asyncapi", "3.0.0")."""


def judge_swagger(document: Node, report: Report) -> bool:
    """Report what the official schema finds wrong; say whether the document is valid."""
    return report_errors(
        _openapi_validator("2.0"),
        document,
        report,
        "invalid-document",
        f"Swagger 2.0 does not allow this; see spec.openapis.org/oas/v2.0. {_CURE}",
    )


def judge_openapi(document: Node, report: Report) -> bool:
    """Report what the official schema finds wrong; say whether the document is valid."""
    version = document.text("openapi") or ""
    return report_errors(
        _openapi_validator(version[:3]),
        document,
        report,
        "invalid-document",
        f"OpenAPI {version} does not allow this; see spec.openapis.org/oas. {_CURE}",
    )


def judge_asyncapi(document: Node, report: Report) -> bool:
    """Report what the official schema finds wrong; say whether the document is valid."""
    version = document.text("asyncapi") or ""
    return report_errors(
        _asyncapi_validator(version),
        document,
        report,
        "invalid-document",
        f"AsyncAPI {version} does not allow this; see www.asyncapi.com/docs/reference.",
    )


def judge_schema(schema: Node, dialect: Dialect, report: Report) -> bool:
    """Report what the dialect finds wrong with a schema that stands in a file of its own."""
    return report_errors(
        _schema_validator(dialect),
        schema,
        report,
        "invalid-document",
        "This is not a schema of the format that refers to it.",
    )


def judge_part(part: Node, format_: Format, name: str, report: Report) -> bool:
    """Report what is wrong with a part that stands in a file of its own.

    `name` is what the official schema calls it, such as "path-item" or "messageObject".
    """
    return report_errors(
        _part_validator(format_, name),
        part,
        report,
        "invalid-document",
        f"This is not what {' '.join(format_)} calls a {name}.",
    )


def asyncapi_versions() -> tuple[str, ...]:
    """Return the versions of AsyncAPI whose official schemas are installed."""
    folder = _asyncapi_schemas()
    if not folder.is_dir():
        return ()
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def asyncapi_cure() -> str:
    """Return the command that fetches the schemas: the build of the package puts them into it."""
    python = shlex.quote(sys.executable)
    # schemas, asyncapi, load, venuekit, src: then the folder of the build, where there is one.
    sources = Path(str(_asyncapi_schemas())).parents[4]
    if (sources / "hatch_build.py").is_file():
        return f"{python} -m pip install --editable {shlex.quote(str(sources))}"
    return f"{python} -m pip install --force-reinstall --no-cache-dir venuekit"


@functools.cache
def _openapi_validator(version: str) -> Validator:
    schema = _read(_openapi_schemas() / f"v{version}" / "schema.json")
    if version in ("2.0", "3.0"):
        return jsonschema_rs.validator_for(schema, formats=_FORMATS)
    return _with_dialect(schema, version, "")


@functools.cache
def _part_validator(format_: Format, name: str) -> Validator:
    kind, version = format_
    if kind == "asyncapi":
        whole = _read(_asyncapi_schemas() / f"{version}.json")
        part = {"allOf": [{"$ref": f"#/definitions/{name}"}]}
        return jsonschema_rs.Draft7Validator(
            {**part, "definitions": whole["definitions"]}, formats=_FORMATS
        )
    whole = _read(_openapi_schemas() / f"v{version}" / "schema.json")
    if version != "3.0":
        return _with_dialect(whole, version, f"#/$defs/{name}")
    pascal = "".join(word.capitalize() for word in name.split("-"))
    part = {"allOf": [{"$ref": f"#/definitions/{pascal}"}]}
    return jsonschema_rs.Draft4Validator(
        {**part, "definitions": whole["definitions"]}, formats=_FORMATS
    )


def _with_dialect(schema: dict[str, Any], version: str, part: str) -> Validator:
    """Return the validator of a document whose Schema Objects follow the base dialect.

    The schema of 3.1 leaves Schema Objects open by a dynamic anchor, `meta`, for which the
    caller puts in the dialect (the construction of OpenAPI's own schema-base).
    """
    dialects = _dialects()
    if version == "3.1":
        dialect = _read(dialects / "oas3.1" / "metaschema.json")
        vocabulary = _read(dialects / "oas3.1" / "vocabularies" / "base")
    else:
        dialect = _read(dialects / "oas3.2" / "dialect" / "2025-09-17.json")
        vocabulary = _read(dialects / "oas3.2" / "meta" / "2025-09-17.json")
    registry = jsonschema_rs.Registry(
        [(known["$id"], known) for known in (schema, dialect, vocabulary)]
    )
    base = {
        "$id": f"https://venuekit.invalid/openapi-{version}-base",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": schema["$id"] + part,
        "$defs": {"schema": {"$dynamicAnchor": "meta", "$ref": dialect["$id"]}},
    }
    return jsonschema_rs.Draft202012Validator(base, registry=registry)


@functools.cache
def _schema_validator(dialect: Dialect) -> Validator:
    """Return the validator of one Schema Object, by the formats' own schemas."""
    match dialect:
        case Dialect.OPENAPI_30:
            whole = _read(_openapi_schemas() / "v3.0" / "schema.json")
            part = {"allOf": [{"$ref": "#/definitions/Schema"}]}
            return jsonschema_rs.Draft4Validator(
                {**part, "definitions": whole["definitions"]}, formats=_FORMATS
            )
        case Dialect.ASYNCAPI:
            whole = _read(_asyncapi_schemas() / f"{_NEWEST_ASYNCAPI}.json")
            part = {"allOf": [{"$ref": "#/definitions/schema"}]}
            return jsonschema_rs.Draft7Validator(
                {**part, "definitions": whole["definitions"]}, formats=_FORMATS
            )
        case Dialect.JSON_SCHEMA_2020:
            meta = _read(_dialects() / "oas3.1" / "metaschema.json")
            words = _read(_dialects() / "oas3.1" / "vocabularies" / "base")
            registry = jsonschema_rs.Registry([(known["$id"], known) for known in (meta, words)])
            return jsonschema_rs.Draft202012Validator({"$ref": meta["$id"]}, registry=registry)
        case _:
            assert_never(dialect)


@functools.cache
def _asyncapi_validator(version: str) -> Validator:
    schema = _read(_asyncapi_schemas() / f"{version}.json")
    return jsonschema_rs.Draft7Validator(schema, formats=_FORMATS)


def _asyncapi_schemas() -> Traversable:
    return files("venuekit.load.asyncapi") / "schemas"


def _openapi_schemas() -> Path:
    return _installed("openapi_spec_validator") / "resources" / "schemas"


def _dialects() -> Path:
    return _installed("openapi_schema_validator") / "schemas"


def _installed(package: str) -> Path:
    """Return the folder of a package whose data is read, without importing its code."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


def _read(path: Traversable) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema
