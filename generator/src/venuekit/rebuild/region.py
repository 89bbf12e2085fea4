"""Which paths of a JSON document were edited: the bytes before and after them are the same.

Two texts that share their beginning and their end differ in one stretch. Where that stretch lies
among the members of `paths`, widened to whole members, everything outside of it says what it said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import msgspec

from venuekit.rebuild.unsure import UnsureError
from venuekit.source import JsonValue, SourceError
from venuekit.source.json_text import parse_json

Raws = dict[str, msgspec.Raw]

_KEY = re.compile(rb'[ \t\r\n,]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_PIECE = 1 << 16
"""How many bytes are compared at once: small enough to stay in the processor's cache."""

_DEEPEST = 200
"""How deep an edited path may nest; the bound of whole documents is far above it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: where its key starts and where its value ends, in bytes."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The edited paths: bytes from `start` on, up to an end in each text.

    `before` and `behind` have the other paths, unread; `top` the members of the old document.
    """

    start: int
    old_end: int
    new_end: int
    old_items: Mapping[str, JsonValue]
    new_items: Mapping[str, JsonValue]
    before: Raws
    behind: Raws
    top: Raws

    def items(self, is_new: bool, witnesses: Collection[str]) -> dict[str, JsonValue]:
        """Return the edited paths, and some others beside them, in the document's order."""
        edited = self.new_items if is_new else self.old_items
        return {
            **{key: parsed(raw) for key, raw in self.before.items() if key in witnesses},
            **edited,
            **{key: parsed(raw) for key, raw in self.behind.items() if key in witnesses},
        }


def edited_region(old: bytes, new: bytes) -> Region:
    """Return the paths in which two documents differ, with an untouched one on either side.

    Raises UnsureError where they differ anywhere else.
    """
    first, old_last, _new_last = _difference(old, new)
    top, raws, paths = _paths(old)
    inside = [i for i, one in enumerate(paths) if one.end >= first and one.start <= old_last]
    if not paths or old_last < paths[0].start or first > paths[-1].end:
        raise UnsureError("the edit is not inside of the paths")
    # Two on either side: the stretch may begin or end in what separates two members.
    low = max(0, min(inside, default=len(paths) - 1) - 1)
    high = min(len(paths) - 1, max(inside, default=0) + 1)
    low, high = min(low, high), max(low, high)
    start, old_end = paths[low].start, paths[high].end
    if first < start or old_last > old_end:
        raise UnsureError("the edit reaches out of the paths")
    new_end = old_end + len(new) - len(old)
    region = Region(
        start=start,
        old_end=old_end,
        new_end=new_end,
        old_items=_items(old[start:old_end]),
        new_items=_items(new[start:new_end]),
        before={one.key: raws[one.key] for one in paths[:low]},
        behind={one.key: raws[one.key] for one in paths[high + 1 :]},
        top=top,
    )
    if region.new_items.keys() & (region.before.keys() | region.behind.keys()):
        raise UnsureError("a path stands twice")
    return region


def raw_members(raw: msgspec.Raw) -> Raws:
    """Return the members of an object without reading them. Raises UnsureError for no object."""
    try:
        return msgspec.json.decode(raw, type=Raws)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UnsureError(str(error)) from None


def parsed(raw: msgspec.Raw | bytes) -> JsonValue:
    """Return the value of a part as the loader reads it. Raises UnsureError where it refuses."""
    try:
        return parse_json("part", bytes(raw).decode())
    except (SourceError, UnicodeDecodeError) as error:
        raise UnsureError(str(error)) from None


def _paths(old: bytes) -> tuple[Raws, Raws, list[Member]]:
    top = raw_members(msgspec.Raw(old))
    for member, raw in zip(_placed(old, 0, top), top.values(), strict=True):
        if member.key == "paths":
            start = member.end - len(bytes(raw))
            paths = raw_members(raw)
            return top, paths, _placed(old, start, paths)
    raise UnsureError("the document has no paths")


def _placed(data: bytes, start: int, raws: Raws) -> list[Member]:
    """Return where the members of the object at `start` stand, which are known by their values."""
    found = []
    at = data.index(b"{", start) + 1
    for key, raw in raws.items():
        match = _KEY.match(data, at)
        if match is None or json.loads(match[1]) != key:
            raise UnsureError("a member stands twice")
        at = match.end() + len(bytes(raw))
        found.append(Member(key, match.start(1), at))
    return found


def _items(text: bytes) -> dict[str, JsonValue]:
    value = parsed(b"{" + text + b"}")
    assert isinstance(value, dict)
    if _depth(value) > _DEEPEST:
        raise UnsureError("the edited paths nest deep")
    return value


def _depth(value: JsonValue) -> int:
    level: list[JsonValue] = [value]
    depth = 0
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def _difference(old: bytes, new: bytes) -> tuple[int, int, int]:
    """Return where two texts begin to differ, and where that ends in each."""
    shorter = min(len(old), len(new))
    first = _common(shorter, lambda at, end: old[at:end] == new[at:end])
    last = _common(
        shorter - first,
        lambda at, end: old[len(old) - end : len(old) - at] == new[len(new) - end : len(new) - at],
    )
    return first, len(old) - last, len(new) - last


def _common(limit: int, is_same: Callable[[int, int], bool]) -> int:
    """Return up to where two texts are the same: piece by piece, then by halves of a piece."""
    low = 0
    while low < limit and is_same(low, min(low + _PIECE, limit)):
        low = min(low + _PIECE, limit)
    high = min(low + _PIECE, limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(low, middle) else (low, middle - 1)
    return low
