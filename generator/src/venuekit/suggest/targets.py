"""Where facts stand, written as few JSONPaths: by name where a name means the same all over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from venuekit.contract import JsonValue
from venuekit.origin import Pointer

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Members = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Index:
    """The schemas of a document by the name of the field or parameter that has them."""

    fields: dict[str, list[Pointer]] = field(default_factory=lambda: defaultdict(list))
    parameters: dict[str, list[Pointer]] = field(default_factory=lambda: defaultdict(list))
    values: dict[Pointer, JsonValue] = field(default_factory=dict)


def index_of(document: JsonValue) -> Index:
    """Return where `$..properties[name]` and `$..parameters[?@.name == name]` lead."""
    index = Index()
    stack: list[tuple[Pointer, JsonValue]] = [((), document)]
    while stack:
        pointer, value = stack.pop()
        if isinstance(value, dict | list):
            for key, member in _members(value):
                stack.append(((*pointer, key), member))
                _note(index, key, (*pointer, key), member)
    return index


def _note(index: Index, key: str | int, pointer: Pointer, member: JsonValue) -> None:
    if key == "properties" and isinstance(member, dict):
        for name, schema in member.items():
            index.fields[name].append((*pointer, name))
            index.values[(*pointer, name)] = schema
    elif key == "parameters":
        for token, parameter in _members(member):
            if isinstance(parameter, dict) and isinstance(parameter.get("name"), str):
                name, place = str(parameter["name"]), (*pointer, token)
                index.parameters[name].append(place)
                index.values[place] = parameter
                index.values[(*place, "schema")] = parameter.get("schema")


def _members(value: JsonValue) -> Iterator[tuple[str | int, JsonValue]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def paths_of(index: Index, pointers: Iterable[Pointer], update: Members) -> list[str]:
    """Return the JSONPaths (RFC 9535) that select these objects and none that would change."""
    wanted = set(pointers)
    found: list[str] = []
    names = _everywhere(index, index.fields, wanted, update)
    if names:
        found.append(f"$..properties[{_union(names)}]")
        wanted -= {place for name in names for place in index.fields[name]}
    for tail in ((), ("schema",)):
        places = {name: [(*p, *tail) for p in all_] for name, all_ in index.parameters.items()}
        names = _everywhere(index, places, wanted, update)
        if names:
            tests = " || ".join(f"@.name == {_quoted(name)}" for name in names)
            found.append(f"$..parameters[?{tests}]{''.join('.' + word for word in tail)}")
            wanted -= {place for name in names for place in places[name]}
    return [*found, *_siblings(wanted)]


def _everywhere(
    index: Index, places: Mapping[str, list[Pointer]], wanted: set[Pointer], update: Members
) -> list[str]:
    """Return the names whose every place is wanted, or says already what the update says."""
    return sorted(
        name
        for name, at in places.items()
        if any(place in wanted for place in at)
        and all(place in wanted or _says(index.values[place], update) for place in at)
    )


def _says(value: JsonValue, update: Members) -> bool:
    return isinstance(value, dict) and all(value.get(k, _says) == v for k, v in update.items())


def _siblings(pointers: Iterable[Pointer]) -> Iterator[str]:
    """Yield one path for all members of one object, and for objects that share their members."""
    members: dict[Pointer, list[str | int]] = defaultdict(list)
    for pointer in sorted(pointers, key=lambda p: [(isinstance(t, int), str(t)) for t in p]):
        if pointer:
            members[pointer[:-1]].append(pointer[-1])
    alike: dict[tuple[Pointer, Pointer], list[str | int]] = defaultdict(list)
    for parent, tokens in members.items():
        if parent[-1:] == ("properties",) and len(parent) > 2:
            alike[(parent[:-2], tuple(tokens))].append(parent[-2])
        else:
            yield path(parent) + _segments(tokens)
    for (holder, names), owners in alike.items():
        yield f"{path(holder)}{_segments(owners)}.properties{_segments(names)}"


def _segments(tokens: Sequence[str | int]) -> str:
    return segment(tokens[0]) if len(tokens) == 1 else f"[{_union(tokens)}]"


def path(pointer: Pointer) -> str:
    """Return the JSONPath of one value."""
    return "$" + "".join(segment(token) for token in pointer)


def segment(token: str | int) -> str:
    """Return a child segment, in the short form where the name allows it."""
    if isinstance(token, str) and _NAME.fullmatch(token):
        return f".{token}"
    return f"[{_union([token])}]"


def _union(tokens: Iterable[str | int]) -> str:
    return ", ".join(str(t) if isinstance(t, int) else _quoted(t) for t in tokens)


def _quoted(name: str) -> str:
    r"""Return a name in single quotes; control characters are escaped as \uXXXX."""
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + re.sub(r"[\x00-\x1f]", lambda m: f"\\u{ord(m[0]):04x}", escaped) + "'"
