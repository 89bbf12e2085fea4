"""Judges our extensions by their JSON Schemas, and finds those that are misspelt."""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import jsonschema_rs

from venuekit.load.context import Context
from venuekit.load.findings import Report
from venuekit.load.foreign_extensions import are_foreign
from venuekit.load.json_validity import Validator, report_errors
from venuekit.origin import Pointer
from venuekit.source import Document, JsonValue, Node
from venuekit.source.patched import PatchedDocument

_READ_ELSEWHERE = frozenset({"x-signing"})
_VALUES = frozenset({"example", "examples", "default", "const", "enum", "value", "dataValue"})
_NAMED_MEMBERS = frozenset(
    {
        "properties",
        "patternProperties",
        "schemas",
        "$defs",
        "definitions",
        "messages",
        "channels",
        "operations",
        "servers",
        "parameters",
        "responses",
        "requestBodies",
        "headers",
        "securitySchemes",
        "mapping",
        "variables",
        "paths",
        "callbacks",
        "content",
    }
)
_CLOSE = 0.8
_CONTAINERS = (dict, list)
PARTS = "x-asyncapi"
"""What OpenAPI cannot say of topics; it is taken in when they are rewritten as channels."""
_Written = tuple[Node, str | None, Node]
"""An extension, its form, and its value behind any reference."""


def check_extensions(context: Context, document: Document) -> None:
    """Report each extension of ours in a document that its JSON Schema refuses.

    An unknown extension whose name and value are almost one of ours is a warning, and so is one
    of ours whose values are all somebody else's; every other extension belongs to somebody else.
    """
    if "x-" not in document.text and not isinstance(document, PatchedDocument):
        return
    ours: dict[str, list[_Written]] = {}
    for node in _extensions(document):
        key = str(node.pointer[-1])
        if key in extension_names():
            target = context.resolve(node)
            if target is not None and key not in _READ_ELSEWHERE:
                ours.setdefault(key, []).append((node, _form(key, node, target), target))
        else:
            _suggest(context, key, node)
    for key, written in ours.items():
        values = [(form, target.value) for _, form, target in written]
        if are_foreign(key, extension_schema(key), values):
            _leave(context, key, [node for node, _, _ in written])
            continue
        if key == PARTS:
            _report_lost(context, written[0][0])
        for _, form, target in written:
            _check(context, key, form, target)


def judge_parts(document: Node, report: Report) -> bool:
    """Report what `x-asyncapi` at a document's root may not say; say whether it is as it should."""
    stated = document.get(PARTS)
    return stated is None or _judge(report, PARTS, None, stated)


def _report_lost(context: Context, node: Node) -> None:
    context.report.error(
        "extension-without-effect",
        node,
        f"{PARTS} is read at the root of a document whose every operation is a topic, and this"
        " is none",
        "Write channels in an AsyncAPI document of their own, or take this out by an overlay.",
    )


@functools.cache
def extension_names() -> frozenset[str]:
    """Return the names of our extensions, which are those that have a JSON Schema."""
    folder = files("venuekit.load") / "extensions"
    return frozenset(
        entry.name.removesuffix(".json")
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    )


def extension_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one of our extensions."""
    path = files("venuekit.load") / "extensions" / f"{name}.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


@functools.cache
def _validator(name: str, form: str | None) -> Validator:
    schema = extension_schema(name)
    if form is not None:
        schema = {**schema, "$ref": f"#/$defs/{form}"}
    return jsonschema_rs.Draft202012Validator(schema)


def _check(context: Context, key: str, form: str | None, target: Node) -> None:
    _judge(context.report, key, form, target)


def _judge(report: Report, key: str, form: str | None, target: Node) -> bool:
    return report_errors(
        _validator(key, form),
        target,
        report,
        "invalid-extension",
        f"See the reference page of {key} for what it takes. If it is not venuekit's, take it out"
        f" by an overlay: {{target: \"$..['{key}']\", remove: true}}.",
        unknown_rule="unknown-extension-field",
    )


def _leave(context: Context, key: str, nodes: list[Node]) -> None:
    count = "the value" if len(nodes) == 1 else f"each of the {len(nodes)} values"
    context.report.warning(
        "foreign-extension",
        min(nodes, key=lambda node: (node.origin.place.line, node.origin.place.column)),
        f"{count} of {key!r} has nothing of venuekit's extension of that name; it is taken for"
        " somebody else's and left alone",
        f"See the reference page of {key} if it is meant; otherwise nothing is to do.",
    )


def _form(key: str, node: Node, target: Node) -> str | None:
    """Return which of its forms an extension has, by where it stands."""
    holders = node.pointer[:-1]
    if key in ("x-errors", "x-rate-limit"):
        return "document" if not holders else "operation"
    if key == "x-fix":
        if target.has("msg_type") or "messages" in holders[-2:]:
            return "message"
        return "server" if "servers" in holders[-2:] else "schema"
    return None


def _suggest(context: Context, key: str, node: Node) -> None:
    name = _nearest(key)
    if name is not None:
        target = context.resolve(node)
        if target is None or name in _READ_ELSEWHERE:
            fits = target is not None and isinstance(target.value, dict)
        else:
            fits = not list(_validator(name, _form(name, node, target)).iter_errors(target.value))
        if fits:
            context.report.warning(
                "misspelt-extension",
                node,
                f"{key!r} is no extension that venuekit knows, and it looks like {name!r}",
                f"Write {name}, if that is meant.",
            )


@functools.lru_cache(maxsize=4096)
def _nearest(key: str) -> str | None:
    """Return the name of ours that a name is almost, if any; documents repeat theirs."""
    plain = key.lower().replace("_", "-")
    found = difflib.get_close_matches(plain, sorted(extension_names()), n=1, cutoff=_CLOSE)
    return found[0] if found else None


def _extensions(document: Document) -> Iterator[Node]:
    """Yield every extension of a document, but not those inside of examples and extensions."""
    stack: list[tuple[JsonValue, Pointer, bool]] = [(document.value, (), False)]
    while stack:
        value, pointer, is_named = stack.pop()
        if isinstance(value, list):
            stack.extend((item, (*pointer, index), False) for index, item in enumerate(value))
        elif isinstance(value, dict):
            for key, member in value.items():
                if is_named:
                    stack.append((member, (*pointer, key), False))
                elif key.startswith("x-"):
                    yield Node(document, (*pointer, key), member)
                    if key == "x-operations":
                        stack.append((member, (*pointer, key), True))
                elif isinstance(member, _CONTAINERS) and key not in _VALUES:
                    stack.append((member, (*pointer, key), key in _NAMED_MEMBERS))
