"""Judges values by the documents' own schemas, as they are written, through jsonschema-rs.

The contract's reading of a schema is not asked here, so that a value made from the contract, or
sent by an SDK emitted from it, is judged by somebody else.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from venuekit.contract import JsonValue
from venuekit.load.patterns import is_ecma
from venuekit.mock.values import Direction
from venuekit.origin import Origin, Pointer, pointer_text
from venuekit.source import Document

_BASE = "https://documents.invalid"
_MOST_REASONS = 5
_OTHER = {"request": "readOnly", "response": "writeOnly"}


class RawSchemas:
    """All documents of one contract as JSON Schema."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = tuple(documents)
        formats = [_format(document) for document in self._documents]
        self._is_draft7 = not any(f.startswith(("openapi 3.1", "openapi 3.2")) for f in formats)
        self._is_openapi30 = any(f.startswith("openapi 3.0") for f in formats)
        self._validators: dict[tuple[int, Pointer, Direction], jsonschema_rs.Validator] = {}

    def problems(self, origin: Origin, value: JsonValue, direction: Direction) -> list[str]:
        """Return what the schema that stands at an origin finds wrong with a value.

        `direction` says which members are absent on purpose: a request has nothing that is
        readOnly, a response nothing that is writeOnly.
        """
        errors = self._validator(origin, direction).iter_errors(value)
        return [
            f"{_where(error)}: {_short(error.message)}"
            for error, _ in zip(errors, range(_MOST_REASONS), strict=False)
        ]

    def value(self, origin: Origin) -> Any:
        """Return what is written at an origin, or None when nothing is."""
        assert isinstance(origin.document, Document)
        found: Any = origin.document.value
        for token in origin.pointer:
            try:
                found = found[token]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def _validator(self, origin: Origin, direction: Direction) -> jsonschema_rs.Validator:
        assert isinstance(origin.document, Document)
        key = (id(origin.document), origin.pointer, direction)
        if key not in self._validators:
            pointer = quote(pointer_text(origin.pointer), safe="/~")
            self._validators[key] = self._kind()(
                {"$ref": f"{_address(origin.document)}#{pointer}"},
                registry=self._registry(direction),
                validate_formats=True,
            )
        return self._validators[key]

    def _kind(self) -> type[jsonschema_rs.Draft7Validator | jsonschema_rs.Draft202012Validator]:
        if self._is_draft7:
            return jsonschema_rs.Draft7Validator
        return jsonschema_rs.Draft202012Validator

    @functools.cache  # noqa: B019 - one per contract, and both live as long as the server
    def _registry(self, direction: Direction) -> jsonschema_rs.Registry:
        draft = jsonschema_rs.Draft7 if self._is_draft7 else jsonschema_rs.Draft202012
        resources = [
            (_address(document), _plain(document.value, self._is_openapi30, direction))
            for document in self._documents
        ]
        return jsonschema_rs.Registry(resources, draft=draft)


def _format(document: Document) -> str:
    written = document.value if isinstance(document.value, dict) else {}
    for word in ("openapi", "asyncapi"):
        if word in written:
            return f"{word} {written[word]}"
    return "fragment"


def _address(document: Document) -> str:
    name = os.path.abspath(document.path) if document.path is not None else f"/{document.name}"
    return _BASE + quote(name.replace(os.sep, "/"))


def _plain(value: JsonValue, is_openapi30: bool, direction: Direction) -> Any:
    """Return a document whose Schema Objects are JSON Schema.

    OpenAPI 3.0 has words of its own for null and for open bounds (section 4.7.24); a required
    member that never travels in this direction is not required (`readOnly`, `writeOnly`).
    """
    if isinstance(value, list):
        return [_plain(item, is_openapi30, direction) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _plain(item, is_openapi30, direction) for key, item in value.items()}
    # Examples and ids of other dialects would be taken for the names of schemas.
    made.pop("$schema", None)
    _drop_hidden(made, direction)
    if isinstance(made.get("pattern"), str) and not is_ecma(made["pattern"]):
        del made["pattern"]
    if "discriminator" in made and "oneOf" in made and "anyOf" not in made:
        # The tag decides which variant is meant, not that no other one fits (4.8.25).
        made["anyOf"] = made.pop("oneOf")
    return _openapi30(made) if is_openapi30 else made


def _drop_hidden(schema: dict[str, Any], direction: Direction) -> None:
    required, properties = schema.get("required"), schema.get("properties")
    if isinstance(required, list) and isinstance(properties, dict):
        word = _OTHER[direction]
        hidden = {n for n, p in properties.items() if isinstance(p, dict) and p.get(word) is True}
        schema["required"] = [name for name in required if name not in hidden]


def _openapi30(schema: dict[str, Any]) -> dict[str, Any]:
    for bound, word in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = schema.get(word)
        if isinstance(flag, bool):
            del schema[word]
            if flag and bound in schema:
                schema[word] = schema.pop(bound)
    if schema.get("nullable") is True and "$ref" not in schema:
        del schema["nullable"]
        return {"anyOf": [{"type": "null"}, schema]}
    return schema


def _where(error: jsonschema_rs.ValidationError) -> str:
    path = pointer_text(tuple(error.instance_path))
    return f" at {path}" if path else ""


def _short(message: str) -> str:
    return message if len(message) <= 200 else message[:200] + "..."
