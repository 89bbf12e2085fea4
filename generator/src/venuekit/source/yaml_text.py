"""YAML text to values, and places in it: libyaml's events, read by the YAML 1.2 core schema."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from venuekit.origin import Place, Pointer
from venuekit.source.errors import SourceError, unreadable
from venuekit.source.numbers import NumberTooLongError
from venuekit.source.text import Lines
from venuekit.source.values import MAXIMUM_DEPTH, JsonValue
from venuekit.source.yaml_scalars import ScalarError, plain, tagged

MAXIMUM_ALIASED = 250_000
"""How many values aliases may add to a document; more is a bomb, not a document."""

_COLLECTION_TAGS = {
    None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
}  # fmt: skip


@dataclass(slots=True)
class _Open:
    """A map or list whose end was not yet seen."""

    value: Any
    anchor: str | None
    is_map: bool
    key: str | None = None
    key_offsets: dict[str, int] = field(default_factory=dict)
    merged: list[Any] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    """The value of an anchor, with its size in values and its height in levels."""

    value: Any
    size: int
    height: int


class _Absent:
    """Stands for "no value yet"."""


_ABSENT = _Absent()
_MERGE = "<<"


class _Builder:
    """Builds the value of one document from its events."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._aliased = 0
        self._is_merge = False
        self.value: Any = _ABSENT

    def scalar(self, event: Any) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.is_map and parent.key is None:
            self._key(parent, event)
            return
        self._add(self._scalar_value(event), 1, 0, event)

    def start(self, event: Any, is_map: bool) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.is_map and parent.key is None:
            raise self._error(event, "a map or list stands as a key", "Use text as the key.")
        if event.tag not in _COLLECTION_TAGS:
            raise self._error(event, f"the tag {event.tag} has no JSON value", "Remove the tag.")
        if len(self._open) >= MAXIMUM_DEPTH:
            raise self._deep(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._open.append(_Open({} if is_map else [], event.anchor, is_map))

    def end(self, event: Any) -> None:
        done = self._open.pop()
        if done.merged:
            done.value = _merge(done.merged, done.value)
        self._add(done.value, done.size, done.height, event, anchor=done.anchor)

    def alias(self, event: Any) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.is_map and parent.key is None:
            raise self._error(event, "an alias stands as a key", "Write the key out.")
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            known = event.anchor in self._anchors
            fact = "refers to the value that holds it" if known else "has no anchor before it"
            raise self._error(event, f"the alias *{event.anchor} {fact}", "Define it first.")
        self._aliased += anchored.size
        if self._aliased > MAXIMUM_ALIASED:
            raise self._error(
                event,
                f"aliases blow the document up by more than {MAXIMUM_ALIASED} values",
                "Use $ref for parts that are shared.",
            )
        if len(self._open) + anchored.height > MAXIMUM_DEPTH:
            raise self._deep(event)
        self._add(anchored.value, anchored.size, anchored.height, event)

    def _add(
        self, value: Any, size: int, height: int, event: Any, anchor: str | None = None
    ) -> None:
        anchor = anchor or (event.anchor if isinstance(event, yaml.ScalarEvent) else None)
        if anchor is not None:
            self._anchors[anchor] = _Anchored(value, size, height)
        if not self._open:
            self.value = value
            return
        parent = self._open[-1]
        parent.size += size
        if height >= parent.height:
            parent.height = height + 1
        if not parent.is_map:
            parent.value.append(value)
        elif self._is_merge and parent.key == _MERGE:
            self._is_merge = False
            parent.merged.extend(self._mergeable(value, event))
            parent.key = None
        else:
            parent.value[parent.key] = value
            parent.key = None

    def _key(self, parent: _Open, event: Any) -> None:
        key = event.value
        first = parent.key_offsets.get(key)
        if first is not None:
            raise self._error(
                event,
                f"the key {key!r} stands twice, first at {self._lines.place(first)}",
                "Keep one of the two.",
            )
        parent.key_offsets[key] = event.start_mark.index
        parent.key = key
        self._is_merge = key == _MERGE and event.implicit[0]
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(key, 1, 0)

    def _scalar_value(self, event: Any) -> JsonValue:
        try:
            if event.tag is not None:
                return tagged(event.tag, event.value)
            return plain(event.value) if event.implicit[0] else str(event.value)
        except ScalarError as error:
            raise self._error(event, str(error), "Write a value that JSON has.") from None
        except NumberTooLongError as error:
            raise self._error(
                event, f"the number {error}... has no sensible size", "Quote it if it is text."
            ) from None

    def _mergeable(self, value: Any, event: Any) -> list[Any]:
        maps = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in maps):
            raise self._error(event, "the merge key << takes a map or maps", "Give it an alias.")
        return list(maps)

    def _deep(self, event: Any) -> SourceError:
        return self._error(
            event,
            f"lists and maps nest deeper than the {MAXIMUM_DEPTH} levels that are read",
            "Name the inner parts and refer to them by $ref.",
        )

    def _error(self, event: Any, message: str, help_text: str) -> SourceError:
        return unreadable(self._lines.place(event.start_mark.index), message, help_text)


def _merge(merged: list[Any], own: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a map's own members over the merged ones; earlier merged maps win."""
    result: dict[str, JsonValue] = {}
    for source in merged:
        for key, value in source.items():
            result.setdefault(key, value)
    result.update(own)
    return result


def parse_yaml(name: str, text: str) -> JsonValue:
    """Return the value that YAML text says, by the core schema of YAML 1.2.

    Keys are text as written, so that `200:` is "200". Raises SourceError with the place of
    the first error: syntax, a duplicate key, a tag or number without a JSON value, a second
    document, aliases or nesting without bound.
    """
    lines = Lines(name, text)
    builder = _Builder(lines)
    documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                builder.scalar(event)
            elif kind is yaml.MappingStartEvent:
                builder.start(event, True)
            elif kind is yaml.SequenceStartEvent:
                builder.start(event, False)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                builder.end(event)
            elif kind is yaml.AliasEvent:
                builder.alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1 and event.start_mark is not None:
                    raise _second_document(lines.place(event.start_mark.index))
    except yaml.YAMLError as error:
        raise _syntax_error(lines, text, error) from None
    if builder.value is _ABSENT:
        raise unreadable(lines.place(0), "the document is empty", "Write the document.")
    value: JsonValue = builder.value
    return value


def _second_document(place: Place) -> SourceError:
    return unreadable(
        place, "a second YAML document begins here", "Keep one document in each file."
    )


def _syntax_error(lines: Lines, text: str, error: yaml.YAMLError) -> SourceError:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        place = lines.place(mark.index if mark is not None else 0)
        said = ", ".join(part for part in (error.context, error.problem) if part)
        return unreadable(place, f"this is not YAML: {said}", _syntax_help(text, mark))
    if isinstance(error, yaml.reader.ReaderError):
        place = lines.place(_reader_offset(text))
        return unreadable(
            place, f"a character stands here that YAML forbids: {error.reason}", "Remove it."
        )
    return unreadable(lines.place(0), f"this is not YAML: {error}", "Correct the syntax.")


_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _reader_offset(text: str) -> int:
    match = _UNPRINTABLE.search(text)
    return match.start() if match else 0


def _syntax_help(text: str, mark: Any) -> str:
    indentation = ""
    if mark is not None:
        indentation = text[text.rfind("\n", 0, mark.index) + 1 : mark.index + 1]
    if "\t" in indentation and not indentation.strip():
        return "Indent with spaces; YAML forbids tabs there."
    return "Check indentation, colons and quotes around here."


class YamlPlaces:
    """The places of the values and keys of one YAML text, which is known to parse."""

    def __init__(self, lines: Lines, text: str) -> None:
        self._lines = lines
        self._root = yaml.compose(text, Loader=yaml.CSafeLoader)
        self._children: dict[int, dict[str | int, tuple[Any, Any]]] = {}

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` starts, or its nearest parent that exists."""
        return self._lines.place(self._nodes(pointer)[1].start_mark.index)

    def key_place(self, pointer: Pointer) -> Place:
        """Return where the key of the value at `pointer` starts."""
        return self._lines.place(self._nodes(pointer)[0].start_mark.index)

    def _nodes(self, pointer: Pointer) -> tuple[Any, Any]:
        found = (self._root, self._root)
        for token in pointer:
            children = self._children_of(found[1])
            if token not in children:
                return found
            found = children[token]
        return found

    def _children_of(self, node: Any) -> dict[str | int, tuple[Any, Any]]:
        children = self._children.get(id(node))
        if children is None:
            children = self._measured(node)
            self._children[id(node)] = children
        return children

    def _measured(self, node: Any) -> dict[str | int, tuple[Any, Any]]:
        if isinstance(node, yaml.SequenceNode):
            return {index: (item, item) for index, item in enumerate(node.value)}
        if not isinstance(node, yaml.MappingNode):
            return {}
        own = {key.value: (key, value) for key, value in node.value if not _is_merge(key)}
        for key, value in node.value:
            if _is_merge(key):
                maps = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for source in maps:
                    own = {**self._children_of(source), **own}
        return own


def _is_merge(key: Any) -> bool:
    return bool(key.tag == "tag:yaml.org,2002:merge")
