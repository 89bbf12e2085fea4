"""JSON text to values, and places in it; the parser is the standard library's.

Places are found on demand by walking down from the root; the values of a container are measured
once, unread, and only the one that leads to the pointer is opened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import msgspec

from venuekit.origin import Place, Pointer
from venuekit.source.errors import SourceError, unreadable
from venuekit.source.numbers import MAXIMUM_DIGITS, NumberTooLongError, fraction, integer
from venuekit.source.text import Lines
from venuekit.source.values import MAXIMUM_DEPTH, JsonValue, too_deep

_SPACE = re.compile(r"[ \t\n\r]*")
_LONE_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)')
_LONG_NUMBER = re.compile(
    rf'"(?:[^"\\]|\\.)*"|(-?[0-9][0-9.]{{{MAXIMUM_DIGITS - 9},}}|-?[0-9.]+[eE][-+]?[0-9]{{4,}})'
)
_SKIPPER = json.JSONDecoder(parse_float=str, parse_int=str)
_SURROGATE = re.compile(r"\\u[dD][89abAB]")


class _DuplicateKeyError(ValueError):
    """An object names a member twice."""


class _ConstantError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def parse_json(name: str, text: str) -> JsonValue:
    """Return the value that JSON text says.

    Raises SourceError with the place of the first error: syntax, a duplicate member name,
    a number that JSON does not have, text that is not Unicode, nesting without bound.
    """
    lines = Lines(name, text)
    try:
        value: JsonValue = json.loads(
            text,
            parse_float=fraction,
            parse_int=integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        raise unreadable(
            lines.place(error.pos), f"this is not JSON: {_plain(error.msg)}", "Correct the syntax."
        ) from None
    except RecursionError:
        raise _deep(lines.place(0)) from None
    except _DuplicateKeyError:
        raise _duplicate(lines, text) from None
    except _ConstantError as error:
        raise _bad_token(lines, text, _LONE_CONSTANT, f"JSON has no number {error}") from None
    except NumberTooLongError as error:
        raise _bad_token(
            lines, text, _LONG_NUMBER, f"the number {error}... has no sensible size"
        ) from None
    deep = too_deep(value)
    if deep is not None:
        raise _deep(JsonPlaces(lines, text).place(deep))
    if _SURROGATE.search(text):
        _refuse_lone_surrogates(lines, text)
    return value


class JsonPlaces:
    """The places of the values and keys of one JSON text, which is known to parse."""

    def __init__(self, lines: Lines, text: str) -> None:
        self._lines = lines
        self._text = text
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}
        self._raws = {_after_space(text, 0): msgspec.Raw(text.encode())}

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` starts, or its nearest parent that exists."""
        return self._lines.place(self._offsets(pointer)[1])

    def key_place(self, pointer: Pointer) -> Place:
        """Return where the member name of the value at `pointer` starts."""
        return self._lines.place(self._offsets(pointer)[0])

    def _offsets(self, pointer: Pointer) -> tuple[int, int]:
        start = _after_space(self._text, 0)
        found = (start, start)
        for token in pointer:
            children = self._children_of(found[1])
            if token not in children:
                return found
            found = children[token]
        return found

    def _children_of(self, offset: int) -> dict[str | int, tuple[int, int]]:
        children = self._children.get(offset)
        if children is None:
            children = self._children[offset] = {}
            for token, key, value, raw in _measured(self._text, offset, self._raws.pop(offset)):
                children[token] = (key, value)
                self._raws[value] = raw
        return children


def _measured(
    text: str, offset: int, raw: msgspec.Raw
) -> Iterator[tuple[str | int, int, int, msgspec.Raw]]:
    """Yield token, key offset, value offset and text of each member of the container at `offset`.

    No name stands twice in it.
    """
    opening = text[offset]
    if opening not in "{[":
        return
    found: Iterable[tuple[str | int, msgspec.Raw]]
    if opening == "{":
        found = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).items()
    else:
        found = enumerate(msgspec.json.decode(raw, type=list[msgspec.Raw]))
    position = offset + 1
    for token, value in found:
        key = position = _after_space(text, position)
        if opening == "{":
            _, position = _skip(text, key)
            position = _after_space(text, _after_space(text, position) + 1)
        yield token, key, position, value
        length = len(value) if text.isascii() else len(str(memoryview(value), "utf-8"))
        position = _after_space(text, position + length) + 1


def members(text: str, offset: int) -> list[tuple[str | int, int, int]]:
    """Return token, key offset and value offset of each member of the container at `offset`."""
    opening = text[offset]
    if opening not in "{[":
        return []
    found: list[tuple[str | int, int, int]] = []
    position = _after_space(text, offset + 1)
    while text[position] not in "}]":
        key = position
        token: str | int = len(found)
        if opening == "{":
            token, position = _skip(text, key)
            position = _after_space(text, _after_space(text, position) + 1)
        found.append((token, key, position))
        _, position = _skip(text, position)
        position = _after_space(text, position)
        if text[position] == ",":
            position = _after_space(text, position + 1)
    return found


def _skip(text: str, offset: int) -> tuple[Any, int]:
    return _SKIPPER.raw_decode(text, offset)


def _after_space(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    assert match is not None
    return match.end()


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateKeyError
    return members


def _refuse_constant(constant: str) -> NoReturn:
    raise _ConstantError(constant)


def _bad_token(lines: Lines, text: str, token: re.Pattern[str], message: str) -> SourceError:
    offset = next((m.start(1) for m in token.finditer(text) if m.start(1) >= 0), 0)
    return unreadable(lines.place(offset), message, "Write a number of RFC 8259 section 6.")


def _deep(place: Place) -> SourceError:
    return unreadable(
        place,
        f"lists and maps nest deeper than the {MAXIMUM_DEPTH} levels that are read",
        "Name the inner parts and refer to them by $ref.",
    )


def _duplicate(lines: Lines, text: str) -> SourceError:
    """Return the error for the first duplicate member name, found by the slow walk."""
    waiting = [_after_space(text, 0)]
    while waiting:
        seen: dict[str | int, int] = {}
        inner = []
        for token, key, value in members(text, waiting.pop()):
            if token in seen:
                return unreadable(
                    lines.place(key),
                    f"the key {token!r} stands twice, first at {lines.place(seen[token])}",
                    "Keep one of the two.",
                )
            seen[token] = key
            inner.append(value)
        waiting.extend(reversed(inner))
    raise AssertionError("a duplicate key was seen and then not found")


def _refuse_lone_surrogates(lines: Lines, text: str) -> None:
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"', text):
        if not _SURROGATE.search(match[0]):
            continue
        try:
            _skip(text, match.start())[0].encode()
        except UnicodeEncodeError:
            raise unreadable(
                lines.place(match.start()),
                "the string holds half of a surrogate pair, which is no character",
                "Write both halves (RFC 8259 section 7), or the character itself.",
            ) from None


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]
