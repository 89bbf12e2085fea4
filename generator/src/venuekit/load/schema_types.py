"""Which JSON types a schema states, and which its other keywords imply."""

from __future__ import annotations

from venuekit.source import JsonValue, Node

_HINTS = (
    ("object", ("properties", "required", "additionalProperties", "patternProperties")),
    ("object", ("minProperties", "maxProperties")),
    ("array", ("items", "prefixItems", "minItems", "maxItems", "uniqueItems")),
    ("string", ("pattern", "minLength", "maxLength", "contentEncoding")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)
_LISTING = frozenset({"const", "enum", "x-extensible-enum"})
_FORMAT_TYPES = {
    "int32": "integer",
    "int64": "integer",
    "float": "number",
    "double": "number",
    "decimal": "string",
    "date-time": "string",
    "date": "string",
    "uuid": "string",
    "byte": "string",
    "binary": "string",
}


def stated_types(node: Node) -> tuple[str, ...]:
    """Return the types that a schema states: none, one, or several (JSON Schema since draft 4)."""
    stated = node.text("type")
    return (stated,) if stated is not None else tuple(dict.fromkeys(node.texts("type")))


def lists_values(node: Node) -> bool:
    """Say whether the values are listed; x-extensible-enum may itself be the list."""
    if _LISTING.isdisjoint(node.members):
        return False
    is_listed = isinstance(extensible(node), list)
    return is_listed or node.has("const") or node.has("enum")


def extensible(node: Node) -> bool | list[JsonValue] | None:
    """Return what `x-extensible-enum` says; None where it is absent or somebody else's."""
    match node.members.get("x-extensible-enum"):
        case bool() as stated:
            return stated
        case list() as values if not any(isinstance(value, dict | list) for value in values):
            return values
    return None


def hinted_type(node: Node) -> str | None:
    """Return the type that keywords imply where none is stated."""
    members = node.members
    for word, keys in _HINTS:
        if any(key in members for key in keys):
            return word
    return _FORMAT_TYPES.get(node.text("format") or "")
