"""JSON values as the source layer gives them, and bounds on how they nest."""

from __future__ import annotations

from decimal import Decimal

from venuekit.origin import Pointer

JsonValue = None | bool | int | Decimal | str | list["JsonValue"] | dict[str, "JsonValue"]
"""Numbers with a fraction or an exponent are Decimal, never float."""

_CONTAINERS = (dict, list)

MAXIMUM_DEPTH = 500
"""How deep lists and maps may nest; everything after loading may recurse that deep."""


def too_deep(value: JsonValue, limit: int = MAXIMUM_DEPTH) -> Pointer | None:
    """Return the pointer of a container nested deeper than `limit`, or None.

    The walk is by levels, without recursion, so that it cannot overflow itself.
    """
    level: list[JsonValue] = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        deeper: list[JsonValue] = []
        for container in level:
            members = container.values() if isinstance(container, dict) else container
            assert not isinstance(members, str | int | Decimal | None)
            deeper += [member for member in members if isinstance(member, _CONTAINERS)]
        if not deeper:
            return None
        level = deeper
    return _path_to_depth(value, limit)


def _path_to_depth(value: JsonValue, limit: int) -> Pointer:
    """Return the pointer of the first container at depth `limit`, depth first."""
    stack: list[tuple[JsonValue, Pointer]] = [(value, ())]
    while stack:
        node, pointer = stack.pop()
        if len(pointer) >= limit:
            return pointer
        entries: list[tuple[str | int, JsonValue]] = []
        if isinstance(node, dict):
            entries = list(node.items())
        elif isinstance(node, list):
            entries = list(enumerate(node))
        stack.extend(
            (child, (*pointer, token))
            for token, child in reversed(entries)
            if isinstance(child, dict | list)
        )
    return ()


def copied(value: JsonValue) -> JsonValue:
    """Return a deep copy in which no two places share a container."""
    match value:
        case dict():
            return {key: copied(member) for key, member in value.items()}
        case list():
            return [copied(member) for member in value]
        case _:
            return value


def equal(left: JsonValue, right: JsonValue) -> bool:
    """Say whether two values are the same JSON value; true and 1 differ, 1 and 1.0 do not."""
    match left, right:
        case (bool(), _) | (_, bool()):
            return left is right
        case dict(), dict():
            return left.keys() == right.keys() and all(
                equal(member, right[key]) for key, member in left.items()
            )
        case list(), list():
            return len(left) == len(right) and all(map(equal, left, right))
        case _:
            return left == right
