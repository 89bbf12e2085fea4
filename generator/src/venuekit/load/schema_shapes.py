"""Reads objects and lists, asking back for the schemas inside them."""

from __future__ import annotations

from collections.abc import Callable

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    Field,
    Notes,
    ObjectSchema,
    Schema,
    TupleSchema,
)
from venuekit.load.schema_notes import bare_notes
from venuekit.load.schema_scalars import count_word
from venuekit.source import Node

Read = Callable[[Node], Schema]
"""Reads a schema that stands inside the one being read."""


def read_object(node: Node, notes: Notes, read: Read) -> Schema:
    """Return the schema of `type: object`.

    A name in `required` that no property describes becomes a field of what additional members
    may be, so that the demand is kept.
    """
    required = dict.fromkeys(node.texts("required"))
    fields: list[Field] = []
    properties = node.get("properties")
    if properties is not None:
        for name, member in properties.items():
            fields.append(
                Field(
                    name=name,
                    schema=read(member),
                    is_required=name in required,
                    origin=member.origin,
                )
            )
            required.pop(name, None)
    additional, is_stated = _additional(node, read)
    for name in required:
        origin = node.origin.child("required")
        schema = additional or AnySchema(notes=bare_notes(origin))
        fields.append(Field(name=name, schema=schema, is_required=True, origin=origin))
    patterns = node.get("patternProperties")
    return ObjectSchema(
        notes=notes,
        fields=tuple(fields),
        additional=additional,
        is_additional_stated=is_stated,
        patterns=tuple((pattern, read(inner)) for pattern, inner in patterns.items())
        if patterns is not None
        else (),
        min_properties=count_word(node, "minProperties"),
        max_properties=count_word(node, "maxProperties"),
    )


def _additional(node: Node, read: Read) -> tuple[Schema | None, bool]:
    for key in ("additionalProperties", "unevaluatedProperties"):
        member = node.get(key)
        if member is None or (key == "unevaluatedProperties" and _combines(node)):
            continue
        return (None, True) if member.value is False else (read(member), True)
    return AnySchema(notes=bare_notes(node.origin)), False


def _combines(node: Node) -> bool:
    return any(node.has(word) for word in ("allOf", "oneOf", "anyOf", "if", "$ref"))


def read_array(node: Node, notes: Notes, read: Read) -> Schema:
    """Return the schema of `type: array`: a tuple where items are given by position.

    2020-12 writes `prefixItems` and `items`, draft 7 a list of `items` and `additionalItems`.
    """
    items = node.get("items")
    prefix = node.get("prefixItems")
    rest = items
    if prefix is None and items is not None and isinstance(items.value, list):
        prefix, rest = items, node.get("additionalItems")
    if prefix is not None:
        return _tuple(node, notes, prefix, rest, read)
    return ArraySchema(
        notes=notes,
        items=read(items) if items is not None else AnySchema(notes=bare_notes(node.origin)),
        min_items=count_word(node, "minItems"),
        max_items=count_word(node, "maxItems"),
        is_unique=node.flag("uniqueItems"),
    )


def _tuple(node: Node, notes: Notes, prefix: Node, rest: Node | None, read: Read) -> Schema:
    parts = tuple(read(part) for part in prefix.elements())
    maximum = count_word(node, "maxItems")
    further: Schema | None = AnySchema(notes=bare_notes(node.origin))
    is_closed = maximum is not None and maximum <= len(parts)
    if is_closed or (rest is not None and rest.value is False):
        further = None
    elif rest is not None:
        further = read(rest)
    elif node.members.get("unevaluatedItems") is False and not _combines(node):
        further = None
    return TupleSchema(
        notes=notes, items=parts, rest=further, min_items=count_word(node, "minItems")
    )
