"""Names for the schemas that references point at: the same target has the same name."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import PurePath

from venuekit.load.context import Context, Dialect, is_reference
from venuekit.origin import Pointer
from venuekit.source import Document, Node
from venuekit.source.values import equal

_Key = tuple[Document, Pointer]
_CONTAINERS = frozenset({"schemas", "$defs", "definitions", "messages", "parameters"})
_STRUCTURE = frozenset(
    {
        "components",
        "schemas",
        "messages",
        "parameters",
        "$defs",
        "definitions",
        "properties",
        "schema",
        "content",
        "items",
        "allOf",
        "oneOf",
        "anyOf",
    }
)
_MAXIMUM_HOPS = 100


class SchemaNames:
    """Gives each schema that is referred to its name in the contract, once.

    `waiting` holds the named schemas that were not yet read.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._names: dict[_Key, str] = {}
        self._nodes: dict[str, tuple[Node, Dialect]] = {}
        self.waiting: deque[str] = deque()

    def reference(self, node: Node, dialect: Dialect) -> str | None:
        """Return the name of what the `$ref` of `node` names; None after a finding."""
        target = self._context.follow(node)
        return None if target is None else self.name(target, dialect)

    def name(self, target: Node, dialect: Dialect) -> str | None:
        """Return the name of a schema; None when a reference in it leads nowhere."""
        if is_reference(target):
            final = self._behind_same_name(target)
            if final is None:
                return None
            target = final
        key = (target.document, target.pointer)
        name = self._names.get(key)
        if name is None:
            name = self._fresh(target, dialect)
            self._names[key] = name
        return name

    def node(self, name: str) -> tuple[Node, Dialect]:
        """Return where a named schema stands and which dialect it speaks."""
        return self._nodes[name]

    def nodes(self) -> Iterator[tuple[str, Node]]:
        """Yield every name with the schema that it stands for, in the order of naming."""
        return ((name, node) for name, (node, _dialect) in self._nodes.items())

    def _behind_same_name(self, target: Node) -> Node | None:
        """Skip an alias that only gives a schema of another file its own name again."""
        for _ in range(_MAXIMUM_HOPS):
            if target.members.keys() != {"$ref"}:
                return target
            following = self._context.follow(target)
            if following is None:
                return None
            if _wish(following) != _wish(target):
                return target
            target = following
        return self._context.resolve(target)

    def _fresh(self, target: Node, dialect: Dialect) -> str:
        wish = _wish(target)
        taken = self._nodes.get(wish)
        if taken is None:
            return self._take(wish, target, dialect)
        if self._says_the_same(taken[0], target, set()):
            return wish
        name = f"{wish}.{_stem(target.document)}"
        number = 2
        while name in self._nodes:
            name = f"{wish}.{_stem(target.document)}.{number}"
            number += 1
        self._context.report.warning(
            "schema-name-collision",
            target,
            f"another schema is called {wish!r} too, at {taken[0].origin.place};"
            f" this one is called {name!r}",
            "Give one of the two another name, or share one schema by $ref.",
        )
        return self._take(name, target, dialect)

    def _take(self, name: str, target: Node, dialect: Dialect) -> str:
        self._nodes[name] = (target, dialect)
        self.waiting.append(name)
        return name

    def _says_the_same(self, one: Node, two: Node, seen: set[tuple[_Key, _Key]]) -> bool:
        """Say whether two schemas are equal, with everything that they refer to."""
        pair = ((one.document, one.pointer), (two.document, two.pointer))
        if pair in seen or pair[0] == pair[1]:
            return True
        seen.add(pair)
        if is_reference(one) and is_reference(two):
            left, right = self._context.follow(one), self._context.follow(two)
            return left is not None and right is not None and self._says_the_same(left, right, seen)
        if isinstance(one.value, dict) and isinstance(two.value, dict):
            return one.members.keys() == two.members.keys() and all(
                self._says_the_same(member, _member(two, key), seen) for key, member in one.items()
            )
        if isinstance(one.value, list) and isinstance(two.value, list):
            return len(one.value) == len(two.value) and all(
                self._says_the_same(*pair, seen)
                for pair in zip(one.elements(), two.elements(), strict=True)
            )
        return equal(one.value, two.value)


def _member(node: Node, key: str) -> Node:
    member = node.get(key)
    assert member is not None
    return member


def _wish(node: Node) -> str:
    """Return the name that a schema would have if it were alone.

    `#/components/schemas/Order` is Order, `order.yaml#/Order` is Order, a whole file has its
    stem; a place inside of something else has the words of its pointer.
    """
    pointer = [str(token) for token in node.pointer]
    if not pointer:
        return _stem(node.document)
    if len(pointer) == 1 or (len(pointer) <= 3 and pointer[-2] in _CONTAINERS):
        return pointer[-1]
    words = [token for token in pointer if token not in _STRUCTURE and not token.isdigit()]
    wish = ".".join(re.sub(r"[^\w]+", "_", word).strip("_") for word in words)
    return wish.strip(".") or _stem(node.document)


def _stem(document: Document) -> str:
    return PurePath(document.name).name.split(".")[0] or "document"
