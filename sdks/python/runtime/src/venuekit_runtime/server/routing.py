"""Routing: method and raw path to what serves them; nothing is decoded on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar
from urllib.parse import quote

from msgspec import Struct

T = TypeVar("T")

_TEMPLATE = re.compile(r"\{([^{}]*)\}")


class Target(Struct, Generic[T]):
    """What serves one method of one path: in most contracts one thing, several where operations
    share a path and a method. `names` are the parameters in the path's order."""

    served: list[tuple[T, tuple[str, ...]]]


class _Node(Generic[T]):
    """One position in the tree of segments."""

    __slots__ = ("any", "fixed", "methods", "mixed")

    def __init__(self) -> None:
        self.fixed: dict[str, _Node[T]] = {}
        self.mixed: list[tuple[re.Pattern[str], _Node[T]]] = []
        self.any: _Node[T] | None = None
        self.methods: dict[str, Target[T]] = {}


Found = tuple[Mapping[str, Target[T]], list[str]]


class Router(Generic[T]):
    """Routes of one contract. A fixed segment goes before a partly fixed one, and that before a
    parameter; where one leads nowhere, the next is tried."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._fixed: dict[str, Mapping[str, Target[T]]] = {}

    def add(self, method: str, path: str, served: T) -> Target[T]:
        """Add a path template such as `/v1/orders/{order_id}`; a fragment does not count."""
        node = self._root
        names: list[str] = []
        plain = path.partition("#")[0].partition("?")[0]
        for segment in plain.split("/")[1:]:
            names += _TEMPLATE.findall(segment)
            node = _step(node, segment)
        target = node.methods.setdefault(method, Target([]))
        target.served.append((served, tuple(names)))
        if not names:
            self._fixed[plain] = node.methods
        return target

    def find(self, path: str, method: str) -> Found[T]:
        """The methods of a path and the raw texts of its parameters; no methods where nothing
        is. Texts of parameters are never empty.

        A path without parameters is meant whatever methods it has (OpenAPI 3.1, 4.8.8); of
        templates the first that has the method, or the first where none has it."""
        fixed = self._fixed.get(path)
        if fixed is not None:
            return fixed, []
        segments = path.split("/")[1:]
        # The usual way needs no way back: it ends where a partly fixed segment would be tried.
        node, values = self._root, []
        for segment in segments:
            below = node.fixed.get(segment)
            if below is None:
                if node.mixed or node.any is None or not segment:
                    break
                values.append(segment)
                below = node.any
            node = below
        else:
            if method in node.methods:
                return node.methods, values
        first: Found[T] | None = None
        for found in _walk(self._root, segments, 0, []):
            if method in found[0] or not found[1]:
                return found
            first = first or found
        return first or ({}, [])


def _step(node: _Node[T], segment: str) -> _Node[T]:
    if "{" not in segment:
        below = node.fixed.setdefault(segment, _Node())
        # What may not stand in a target as it is comes percent-encoded, and in one way alone.
        node.fixed[quote(segment, safe="!$&'()*+,;=:@%~")] = below
        return below
    if _TEMPLATE.fullmatch(segment) is not None:
        if node.any is None:
            node.any = _Node()
        return node.any
    parts = _TEMPLATE.split(segment)
    written = ("([^/]+)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    pattern = re.compile("".join(written))
    for known, below in node.mixed:
        if known.pattern == pattern.pattern:
            return below
    below = _Node()
    node.mixed.append((pattern, below))
    # The more of a segment is fixed, the more concrete it is.
    node.mixed.sort(key=lambda one: -len(one[0].pattern.replace("([^/]+)", "")))
    return below


def _walk(
    node: _Node[T], segments: list[str], position: int, values: list[str]
) -> Iterator[Found[T]]:
    if position == len(segments):
        if node.methods:
            yield node.methods, values
        return
    segment = segments[position]
    fixed = node.fixed.get(segment)
    if fixed is not None:
        yield from _walk(fixed, segments, position + 1, values)
    for pattern, below in node.mixed:
        fit = pattern.fullmatch(segment)
        if fit is not None:
            yield from _walk(below, segments, position + 1, [*values, *fit.groups()])
    if node.any is not None and segment:
        yield from _walk(node.any, segments, position + 1, [*values, segment])
