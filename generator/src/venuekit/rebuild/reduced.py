"""The part of a document that an edit can reach: its paths, and the components below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from venuekit.rebuild.region import Raws, Region, parsed, raw_members
from venuekit.rebuild.unsure import UnsureError
from venuekit.source import Document, JsonValue

_WHOLE = frozenset({"securitySchemes"})
"""Kinds of components that are found by name and not by reference."""


@dataclass(frozen=True, slots=True)
class ReducedFiles:
    """Gives one document in the place of the one on the disk."""

    document: Document

    def load(self, path: Path, name: str) -> Document:
        """Return the document; that of any other path is none of this run's business."""
        assert self.document.path is not None
        if path != self.document.path:
            raise UnsureError(f"{path} is asked for")
        return self.document


def reduced_value(
    region: Region, items: Mapping[str, JsonValue], components: dict[str, dict[str, JsonValue]]
) -> JsonValue:
    """Return what a document says of some paths and components, in the document's order."""
    value: dict[str, JsonValue] = {}
    for key, raw in region.top.items():
        if key == "paths":
            value[key] = dict(items)
        elif key == "components":
            value[key] = {kind: dict(members) for kind, members in components.items()}
        elif not key.startswith("x-"):  # Nothing but our own extensions is read there.
            value[key] = parsed(raw)
    return value


class Closure:
    """The components that some values reach by reference, read when they are reached."""

    def __init__(self, top: Raws) -> None:
        components = top.get("components")
        kinds = raw_members(components) if components is not None else {}
        self._raws = {kind: _members(kind, raw) for kind, raw in kinds.items()}
        self._found: dict[tuple[str, str], JsonValue] = {}

    def add(self, value: JsonValue) -> None:
        """Take in all that a value reaches. Raises UnsureError for what is not understood."""
        waiting = [value]
        while waiting:
            for kind, name in _references(waiting.pop()):
                if (kind, name) in self._found:
                    continue
                raw = self._raws.get(kind, {}).get(name)
                if raw is None:
                    raise UnsureError(f"there is no {kind}/{name}")
                self._found[kind, name] = parsed(raw)
                waiting.append(self._found[kind, name])

    def components(self) -> dict[str, dict[str, JsonValue]]:
        """Return the components that were reached, in the document's order."""
        return {
            kind: {
                name: self._found.get((kind, name)) if kind not in _WHOLE else parsed(raw)
                for name, raw in raws.items()
                if kind in _WHOLE or (kind, name) in self._found
            }
            for kind, raws in self._raws.items()
        }


def _members(kind: str, raw: msgspec.Raw) -> Raws:
    return {} if kind.startswith("x-") else raw_members(raw)


def _references(value: JsonValue) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of each component that a value names."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(one)
        elif isinstance(one, dict):
            stack.extend(one.values())
            if "$dynamicRef" in one or "$recursiveRef" in one:
                raise UnsureError("a reference is found by where it is met")
            reference = one.get("$ref")
            if isinstance(reference, str):
                yield _component(reference)
            stated = one.get("discriminator")
            if isinstance(stated, dict):
                yield from _mapped(one, stated)


def _mapped(
    schema: Mapping[str, JsonValue], stated: Mapping[str, JsonValue]
) -> Iterator[tuple[str, str]]:
    if "oneOf" not in schema and "anyOf" not in schema:
        raise UnsureError("a base schema stands for whatever extends it, wherever that is")
    mapping = stated.get("mapping")
    for name in mapping.values() if isinstance(mapping, dict) else ():
        if isinstance(name, str):
            is_reference = "/" in name or "#" in name
            yield _component(name if is_reference else f"#/components/schemas/{name}")


def _component(reference: str) -> tuple[str, str]:
    parts = reference.split("/")
    if len(parts) != 4 or parts[:2] != ["#", "components"] or "%" in reference:
        raise UnsureError(f"{reference} names no component")
    return parts[2], parts[3].replace("~1", "/").replace("~0", "~")
