"""An object with its traits: its own words first, then those of the last trait that has them."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.contract import JsonValue
from venuekit.load.context import Context
from venuekit.source import Node


@dataclass(frozen=True, slots=True)
class Traited:
    """A message or operation and its resolved traits (AsyncAPI 3.0, Traits Merge Mechanism)."""

    own: Node
    traits: tuple[Node, ...]

    def get(self, key: str) -> Node | None:
        """Return a member of the object, or of its last trait that has it."""
        for level in (self.own, *reversed(self.traits)):
            member = level.get(key)
            if member is not None:
                return member
        return None

    def text(self, key: str) -> str | None:
        """Return a member that is text."""
        member = self.get(key)
        return member.value if member is not None and isinstance(member.value, str) else None

    def flag(self, key: str) -> bool:
        """Say whether a member is true."""
        member = self.get(key)
        return member is not None and member.value is True

    def all(self, key: str) -> list[Node]:
        """Return a member at every level that has it, the weakest first."""
        levels = (*self.traits, self.own)
        return [member for level in levels if (member := level.get(key)) is not None]

    def members(self) -> dict[str, JsonValue]:
        """Return the members of all levels, the object's own winning."""
        merged: dict[str, JsonValue] = {}
        for level in (*self.traits, self.own):
            merged.update(level.members)
        return merged


def with_traits(context: Context, node: Node) -> Traited:
    """Return an object with its traits, references followed."""
    written = node.get("traits")
    resolved = [context.resolve(trait) for trait in (written.elements() if written else ())]
    return Traited(node, tuple(trait for trait in resolved if trait is not None))


def tag_names(context: Context, levels: list[Node]) -> tuple[str, ...]:
    """Return the names of tags, which AsyncAPI writes as objects or references."""
    names: dict[str, None] = {}
    for written in levels:
        for reference in written.elements():
            tag = context.resolve(reference)
            name = tag.text("name") if tag is not None else None
            if name is not None:
                names[name] = None
    return tuple(names)
