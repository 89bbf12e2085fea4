"""A new document made of an old one's parts, each of which still knows its old place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from venuekit.source import Document, Node
from venuekit.source.patched import Patched, PatchedDocument
from venuekit.source.values import copied


class Rewrite(Patched):
    """Builds the new value from nodes of the old one.

    A value that is put into the new tree comes with the node that it was made from; whatever
    stands below it and was copied as it is keeps its own place.
    """

    def __init__(self, base: Document) -> None:
        super().__init__(Document(base.name, {}, base.text, base.is_json, base.path))
        self.base = base

    def put_from(self, parent: Any, token: str | int, value: Any, source: Node) -> Any:
        """Set a member of a map (or append to a list) and say which node it was made from."""
        if isinstance(parent, list):
            token = len(parent)
            parent.append(value)
        else:
            parent[token] = value
        self.sources[(id(parent), token)] = (source.document, source.pointer)
        return value

    def copy(self, parent: dict[str, Any], token: str, source: Node | None) -> None:
        """Copy a node as it is; nothing when it is absent."""
        if source is not None:
            self.put_from(parent, token, copied(source.value), source)

    def copy_members(
        self, parent: dict[str, Any], source: Node, leave_out: frozenset[str] = frozenset()
    ) -> None:
        """Copy the members of an object, but for those named."""
        for key, member in source.items():
            if key not in leave_out:
                self.copy(parent, key, member)

    def finished(self) -> PatchedDocument:
        """Return the new document."""
        return self.document()


def rename_refs(value: Any, prefixes: Mapping[str, str]) -> None:
    """Change where `$ref`s of a value point to, in place, by the longest prefix that fits."""
    _each_object(value, lambda members: _rename(members, prefixes))


def _rename(members: dict[str, Any], prefixes: Mapping[str, str]) -> None:
    target = members.get("$ref")
    if not isinstance(target, str):
        return
    for old, new in prefixes.items():
        if target.startswith(old):
            members["$ref"] = new + target[len(old) :]
            return


def _each_object(value: Any, change: Callable[[dict[str, Any]], None]) -> None:
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            change(node)
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def each_object(value: Any, change: Callable[[dict[str, Any]], None]) -> None:
    """Call `change` with every object inside a value, outermost first."""
    _each_object(value, change)
