"""Cures for what the official schemas refuse, where the writer's meaning is beyond doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from venuekit.contract import JsonValue
from venuekit.finding import Finding
from venuekit.load.openapi.document import derived_name
from venuekit.origin import Pointer, pointer_text
from venuekit.source import Document
from venuekit.suggest.actions import Action
from venuekit.suggest.facts import value_at, written
from venuekit.suggest.targets import path

_TYPES: dict[str, str | None] = {
    "int": "integer",
    "long": "integer",
    "bool": "boolean",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bigdecimal": "number",
    "str": "string",
    "text": "string",
    "list": "array",
    "dict": "object",
    "map": "object",
    "any": None,
    "anytype": None,
}
"""Words that stand where a type should, and what is meant; None is a value of any type."""

_INCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_MAY_BE_ABSENT = ("required", "enum", "tags", "servers", "oneOf", "anyOf", "allOf")
_OTHER_DRAFTS = ("$recursiveAnchor", "$recursiveRef", "id", "divisibleBy", "extends", "disallow")
_CURED = ("invalid-document", "schema-not-satisfiable")
_BOOLEANS = {"true": True, "false": False}
_NUMBER = re.compile(r"-?\d+")
_MISSING = re.compile(r"the member '([^']+)' is missing")
_TWICE = re.compile(r"the operationId .+ stands twice")
_NOT_DECLARED = re.compile(r"the path .+ has \{([^}]+)\} and no path parameter of that name")
_NOT_IN_PATH = re.compile(r"the path parameter '([^']+)' does not stand in the path .*")


def cures(document: Document, findings: Iterable[Finding]) -> list[Action]:
    """Return the actions that cure what was found, as far as the cure is obvious."""
    found: list[Action] = []
    for finding in findings:
        found += [action for action in _cures(document, finding) if action not in found]
    return found


def _cures(document: Document, finding: Finding) -> Iterator[Action]:
    if finding.rule not in _CURED or finding.origin is None:
        return
    place, pointer = written(finding.origin)
    if place.path != document.path:
        return
    value = value_at(document, pointer)
    if finding.rule == "schema-not-satisfiable":
        yield from _null_and_more(pointer, value)
    elif missing := _MISSING.fullmatch(finding.message):
        yield from _absent(pointer, missing[1])
    elif _TWICE.fullmatch(finding.message):
        yield _renamed(pointer)
    elif not_in_path := _NOT_IN_PATH.fullmatch(finding.message):
        yield from _without_parameter(document, pointer, not_in_path[1])
    elif not_declared := _NOT_DECLARED.fullmatch(finding.message):
        yield _with_parameter(document, pointer, not_declared[1])
    elif pointer:
        yield from _wrong(document, pointer, value, finding.message)


def _wrong(
    document: Document, pointer: Pointer, value: JsonValue, message: str
) -> Iterator[Action]:
    """Yield the cure of a value that may not stand where it stands."""
    key = str(pointer[-1])
    if key in _INCLUSIVE:
        yield from _bound(document, pointer, value)
    elif key == "type" and (value == "null" or isinstance(value, list)):
        yield from _null_type(pointer, value)
    elif key == "required" and "non-unique" in message and isinstance(value, list):
        why = "A field is listed as required more than once."
        yield Action(target=path(pointer), description=why)
        yield _set(pointer[:-1], {key: list(dict.fromkeys(map(str, value)))}, why)
    elif key == "schema" and value is None:
        yield Action(target=path(pointer), description="A schema is written and says nothing.")
        yield _set(pointer[:-1], {key: {}}, "Without a type any value may stand here.")
    elif key == "examples" and isinstance(value, dict) and "of type array" in message:
        why = "The examples of a schema are a list of values, without names."
        yield Action(target=path(pointer), description=why)
        shown = [one.get("value", one) if isinstance(one, dict) else one for one in value.values()]
        yield _set(pointer[:-1], {key: shown}, why)
    elif key == "pattern" and not isinstance(value, str):
        yield Action(target=path(pointer), description="A pattern is a text.")
    elif key in _OTHER_DRAFTS:
        why = f"{key} is a word of another draft of JSON Schema."
        yield Action(target=path(pointer), description=why)
        if key == "$recursiveAnchor" and document.text.count(key) == 1:
            yield from _recursion(document, pointer[:-1])
    elif "of type boolean" in message and isinstance(value, str) and value.lower() in _BOOLEANS:
        yield _set(pointer[:-1], {key: _BOOLEANS[value.lower()]}, f"{key} is written as text.")
    elif key == "type" and isinstance(value, str) and value.lower() in _TYPES:
        meant = _TYPES[value.lower()]
        if meant is None:
            why = f"No type is called {value}; without a type any value may stand here."
            yield Action(target=path(pointer), description=why)
        else:
            yield _set(pointer[:-1], {key: meant}, f"No type is called {value}.")
    elif _is_null(document, pointer) or (key in _MAY_BE_ABSENT and value in ([], {})):
        yield Action(target=path(pointer), description=f"{key} is written and says nothing.")
    elif key == "required" and isinstance(value, bool):
        why = "`required` of a schema lists its fields; it does not say that the field itself is."
        yield Action(target=path(pointer), description=why)
    elif "of type integer" in message and isinstance(value, str) and _NUMBER.fullmatch(value):
        yield _set(pointer[:-1], {key: int(value)}, f"{key} is written as text.")


def _null_and_more(pointer: Pointer, value: JsonValue) -> Iterator[Action]:
    """Yield the cure of `type: null` beside other schemas, which no value is: a nullable once."""
    if not isinstance(value, dict) or value.get("type") not in ("null", ["null"]):
        return
    parts = value.get("allOf")
    if isinstance(parts, list) and len(parts) == 1 and isinstance(parts[0], dict):
        why = "No value is null and something else; null is meant as well."
        yield Action(target=path((*pointer, "type")), description=why)
        yield Action(target=path((*pointer, "allOf")), description=why)
        yield _set(pointer, {"anyOf": [parts[0], {"type": "null"}]}, why)
    for word in ("oneOf", "anyOf"):
        if isinstance(value.get(word), list):
            why = "No value is null and one of these; null is meant as one more."
            yield Action(target=path((*pointer, "type")), description=why)
            yield _set(pointer, {word: [{"type": "null"}]}, why)
            return


def _recursion(document: Document, anchor: Pointer) -> Iterator[Action]:
    """Yield plain references to a schema that names itself in the manner of draft 2019-09.

    Where one schema alone has an anchor, `$recursiveRef` leads to it, whoever refers to it.
    """
    stack: list[tuple[Pointer, JsonValue]] = [(anchor, value_at(document, anchor))]
    while stack:
        pointer, value = stack.pop()
        items: Iterable[tuple[str | int, JsonValue]] = ()
        if isinstance(value, dict):
            items = value.items()
            if value.get("$recursiveRef") == "#":
                why = "The schema holds itself, which $ref says in every draft."
                yield Action(target=path((*pointer, "$recursiveRef")), description=why)
                yield _set(pointer, {"$ref": "#" + pointer_text(anchor)}, why)
        elif isinstance(value, list):
            items = enumerate(value)
        stack.extend(((*pointer, key), inner) for key, inner in items)


def _bound(document: Document, pointer: Pointer, value: JsonValue) -> Iterator[Action]:
    """Yield the cure of an open bound: true or false in OpenAPI 3.0, the bound itself in 3.1."""
    key = str(pointer[-1])
    inclusive = _INCLUSIVE[key]
    if _is_number(value):
        why = f"{key} is true or false in OpenAPI 3.0; the number belongs to {inclusive}."
        yield _set(pointer[:-1], {inclusive: value, key: True}, why)
        return
    bound = value_at(document, (*pointer[:-1], inclusive))
    why = f"{key} is the bound itself since OpenAPI 3.1."
    yield Action(target=path(pointer), description=why)
    if value is True and _is_number(bound):
        yield Action(target=path((*pointer[:-1], inclusive)), description=why)
        yield _set(pointer[:-1], {key: bound}, why)


def _null_type(pointer: Pointer, value: JsonValue) -> Iterator[Action]:
    """Yield the cure of null as a type, for which OpenAPI 3.0 has `nullable` (4.7.24)."""
    types = [value] if isinstance(value, str) else value
    assert isinstance(types, list)
    others = [one for one in types if one != "null"]
    if len(others) > 1:
        return
    why = "OpenAPI 3.0 has one type, and nullable for null."
    yield Action(target=path(pointer), description=why)
    update: dict[str, JsonValue] = {"type": others[0]} if others else {"enum": [None]}
    nullable: dict[str, JsonValue] = {"nullable": True} if "null" in types else {}
    yield _set(pointer[:-1], {**update, **nullable}, why)


def _absent(pointer: Pointer, name: str) -> Iterator[Action]:
    """Yield the cure of a member that must be there and may be empty."""
    if name == "description":
        yield _set(pointer, {"description": ""}, "A response must have a description.")
    elif name in ("title", "version") and pointer == ("info",):
        yield _set(pointer, {name: "unknown"}, f"info must have a {name}.")


def _renamed(pointer: Pointer) -> Action:
    """Return the cure of an operationId that another operation has: one made of the path."""
    _, where, method = pointer[:3]
    name = derived_name(str(method), str(where))
    return _set(pointer[:-1], {"operationId": name}, "Another operation has the same name.")


def _with_parameter(document: Document, pointer: Pointer, name: str) -> Action:
    """Return the addition of a path parameter: the one that others refer to, or any text."""
    is_swagger = isinstance(document.value, dict) and "swagger" in document.value
    holder: Pointer = ("parameters",) if is_swagger else ("components", "parameters")
    known = value_at(document, holder)
    for key, parameter in known.items() if isinstance(known, dict) else ():
        if isinstance(parameter, dict) and (parameter.get("in"), parameter.get("name")) == (
            "path",
            name,
        ):
            reference: dict[str, JsonValue] = {"$ref": "#/" + "/".join((*map(str, holder), key))}
            break
    else:
        text: dict[str, JsonValue] = {"type": "string"}
        reference = {"name": name, "in": "path", "required": True}
        reference |= text if is_swagger else {"schema": text}
    return _set(pointer, {"parameters": [reference]}, f"The path has a place for {name}.")


def _without_parameter(document: Document, pointer: Pointer, name: str) -> Iterator[Action]:
    """Yield the removal of a path parameter for which the path has no place."""
    parameters = value_at(document, (*pointer, "parameters"))
    for index, parameter in enumerate(parameters if isinstance(parameters, list) else ()):
        shown = _followed(document, parameter)
        if isinstance(shown, dict) and shown.get("in") == "path" and shown.get("name") == name:
            why = f"The path has no place for {name}."
            yield Action(target=path((*pointer, "parameters", index)), description=why)


def _followed(document: Document, value: JsonValue) -> JsonValue:
    """Return what a reference inside the document names."""
    reference = value.get("$ref") if isinstance(value, dict) else None
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return value
    tokens = (t.replace("~1", "/").replace("~0", "~") for t in reference[2:].split("/"))
    return value_at(document, tuple(tokens))


def _set(pointer: Pointer, update: dict[str, JsonValue], why: str) -> Action:
    return Action(target=path(pointer), description=why, update=update)


def _is_null(document: Document, pointer: Pointer) -> bool:
    holder = value_at(document, pointer[:-1])
    return isinstance(holder, dict) and pointer[-1] in holder and holder[str(pointer[-1])] is None


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
