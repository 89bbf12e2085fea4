"""Finds the children of a base schema: those that extend it by allOf, told apart by its tag."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.load.context import Context, is_reference
from venuekit.load.schema_unions import mapping_target
from venuekit.origin import Pointer
from venuekit.source import Document, Node, root

_Key = tuple[Document, Pointer]


class Families:
    """Knows, for each document, which component schemas extend which."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._children: dict[Document, dict[_Key, list[Node]]] = {}

    def variants(self, base: Node) -> list[Node]:
        """Return the schemas that a base with a discriminator stands for (OpenAPI 4.8.25.2).

        They are what its mapping names and what extends it, also over several generations;
        none where the schema is no such base.
        """
        stated = base.get("discriminator")
        if stated is None or base.has("oneOf") or base.has("anyOf"):
            return []
        found: dict[_Key, Node] = {}
        mapping = stated.get("mapping")
        for _, member in mapping.items() if mapping is not None else ():
            target = mapping_target(self._context, member)
            if target is not None:
                found.setdefault((target.document, target.pointer), target)
        for child in self._descendants(base):
            found.setdefault((child.document, child.pointer), child)
        found.pop((base.document, base.pointer), None)
        return list(found.values())

    def _descendants(self, base: Node) -> Iterator[Node]:
        children = self._children_in(base.document)
        waiting = [(base.document, base.pointer)]
        seen = set(waiting)
        while waiting:
            for child in children.get(waiting.pop(0), ()):
                key = (child.document, child.pointer)
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
                    yield child

    def _children_in(self, document: Document) -> dict[_Key, list[Node]]:
        known = self._children.get(document)
        if known is not None:
            return known
        found: dict[_Key, list[Node]] = {}
        components = root(document).get("components")
        schemas = components.get("schemas") if components is not None else None
        for _, schema in schemas.items() if schemas is not None else ():
            all_of = schema.get("allOf")
            for part in all_of.elements() if all_of is not None else ():
                target = self._context.resolve(part) if is_reference(part) else None
                if target is not None:
                    found.setdefault((target.document, target.pointer), []).append(schema)
        self._children[document] = found
        return found
