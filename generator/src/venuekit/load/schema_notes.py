"""What a schema says beside its shape, and which keywords cannot be carried."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from venuekit.contract import MISSING, JsonValue, Missing, Notes, Schema, Stability
from venuekit.load.context import Dialect
from venuekit.load.findings import Report
from venuekit.load.patterns import is_ecma
from venuekit.origin import Origin
from venuekit.source import Node

S = TypeVar("S", bound=Schema)

ANNOTATIONS = frozenset(
    {
        "title",
        "description",
        "default",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
        "xml",
        "$comment",
    }
)
SHAPES = frozenset(
    {
        "$ref",
        "type",
        "enum",
        "const",
        "format",
        "nullable",
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "minProperties",
        "maxProperties",
        "items",
        "prefixItems",
        "additionalItems",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minLength",
        "maxLength",
        "pattern",
        "contentEncoding",
        "contentMediaType",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "allOf",
        "oneOf",
        "anyOf",
        "discriminator",
    }
)
_SPOKEN = ANNOTATIONS - {"$comment"}
_CONTAINERS = frozenset({"$defs", "definitions", "$id", "$schema", "$anchor", "$vocabulary"})
_CARRIED = SHAPES | ANNOTATIONS | _CONTAINERS
_UNREMARKABLE = _CARRIED - {"additionalProperties", "pattern", "patternProperties", "nullable"}
"""What can be said without anything to report of it."""
_DYNAMIC = frozenset({"$dynamicRef", "$recursiveRef"})
_OURS = frozenset({"x-unit", "x-scale", "x-empty", "x-extensible-enum", "x-stability", "x-sunset"})
_KEPT_WORDS = ("externalDocs", "xml")
_STABILITIES = {str(word): word for word in Stability}


def read_notes(node: Node) -> Notes:
    """Return the annotations of a schema (JSON Schema 2020-12 Validation section 9)."""
    value = node.members
    # Most schemas say nothing but their shape.
    if _SPOKEN.isdisjoint(value) and not any(key.startswith("x-") for key in value):
        return Notes(origin=node.origin)
    examples: list[JsonValue] = []
    stated = value.get("examples")
    if isinstance(stated, list):
        examples.extend(stated)
    elif isinstance(stated, dict):
        examples.extend(stated.values())
    if "example" in value:
        examples.append(value["example"])
    default: JsonValue | Missing = value.get("default", MISSING)
    return Notes(
        origin=node.origin,
        title=node.text("title"),
        description=node.text("description"),
        default=default,
        examples=tuple(examples),
        is_deprecated=node.flag("deprecated"),
        is_read_only=node.flag("readOnly"),
        is_write_only=node.flag("writeOnly"),
        unit=node.text("x-unit"),
        stability=_STABILITIES.get(node.text("x-stability") or ""),
        sunset=node.text("x-sunset"),
        extensions={
            key: member
            for key, member in value.items()
            if (key.startswith("x-") and key not in _OURS) or key in _KEPT_WORDS
        },
    )


def bare_notes(origin: Origin, unit: str | None = None) -> Notes:
    """Return notes that say nothing but where, and in which unit."""
    return Notes(origin=origin, unit=unit)


def with_notes(schema: S, notes: Notes) -> S:
    """Return the schema with other notes."""
    return schema if schema.notes is notes else dataclasses.replace(schema, notes=notes)


def says_nothing(notes: Notes) -> bool:
    """Say whether notes hold no word beside their origin."""
    return notes == Notes(origin=notes.origin)


def report_keywords(node: Node, dialect: Dialect, report: Report) -> None:
    """Report each keyword of a schema that the contract cannot carry."""
    if node.members.keys() <= _UNREMARKABLE:
        return
    _report_forbidden(node, report)
    _report_patterns(node, report)
    others = node.members.keys() - _CARRIED
    for key, member in node.items() if others else ():
        if key not in others or key.startswith("x-"):
            continue
        if key in _DYNAMIC:
            report.error(
                "schema-not-carried",
                member,
                f"{key} changes the shape depending on who refers to it, which no contract says",
                "Use $ref to a schema that is written out.",
            )
        elif not _is_plain_unevaluated(node, key):
            report.warning(
                "schema-keyword-not-carried",
                member,
                f"the keyword {key!r} is not carried; SDKs accept more than the document does",
                "Nothing is lost but validation. Say the shape by type, properties or enum"
                " if clients need it.",
            )
    if node.has("nullable") and dialect is not Dialect.OPENAPI_30:
        nullable = node.get("nullable")
        assert nullable is not None
        report.warning(
            "nullable-outside-3.0",
            nullable,
            "`nullable` is a word of OpenAPI 3.0; it is read as if it were valid here",
            "Write `type: [..., 'null']`.",
        )


def _report_patterns(node: Node, report: Report) -> None:
    """Report patterns in another dialect than ECMA-262; where they pick members, as an error."""
    pattern = node.get("pattern")
    if pattern is not None and isinstance(pattern.value, str) and not is_ecma(pattern.value):
        report.warning(
            "pattern-not-ecma",
            pattern,
            f"{pattern.value!r} is no regular expression of ECMA-262",
            "It is shown as it is written and nothing is held to it; correct it, or take it out.",
        )
    members = node.get("patternProperties")
    for name, member in members.items() if members is not None else ():
        if not is_ecma(name):
            report.error(
                "pattern-not-ecma",
                member,
                f"{name!r} is no regular expression of ECMA-262, so it picks no members",
                "Correct it.",
            )


def _report_forbidden(node: Node, report: Report) -> None:
    """Report fields that an object demands and, being closed, forbids."""
    if node.members.get("additionalProperties") is not False or node.has("patternProperties"):
        return
    properties = node.get("properties")
    known = properties.members if properties is not None else {}
    for name in node.texts("required"):
        if name not in known:
            report.warning(
                "required-field-forbidden",
                node.get("required") or node,
                f"the field {name!r} is required, and additionalProperties: false forbids it",
                "Describe it under `properties`. It is read as if it were allowed.",
            )


def _is_plain_unevaluated(node: Node, key: str) -> bool:
    """Say whether an `unevaluated` word means the same as its `additional` twin here."""
    if key not in ("unevaluatedProperties", "unevaluatedItems"):
        return False
    combines = any(node.has(word) for word in ("allOf", "oneOf", "anyOf", "if", "$ref"))
    return not combines
