"""Every place points at text that says the value; in JSON and in YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit.origin import Place, Pointer
from venuekit.source import parse_document

MARK = "\ue000"
KEYS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters=MARK))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(lambda d: d + 0)
    | KEYS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS.filter(lambda k: k != "<<"), inner)
    ),
    max_leaves=25,
)
CONTAINERS = st.lists(VALUES, min_size=1) | st.dictionaries(
    KEYS.filter(lambda k: k != "<<"), VALUES, min_size=1
)


def pointers(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from pointers(member, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from pointers(item, (*pointer, index))


def offset(text: str, place: Place) -> int:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1


def marked(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{MARK}{value:f}{MARK}"
    if isinstance(value, dict):
        return {key: marked(member) for key, member in value.items()}
    return [marked(item) for item in value] if isinstance(value, list) else value


def as_json(value: Any, indent: int | None) -> str:
    """Write JSON with decimals as numbers, exactly."""
    text = json.dumps(marked(value), indent=indent, ensure_ascii=False)
    return text.replace(f'"{MARK}', "").replace(f'{MARK}"', "")


@given(CONTAINERS, st.sampled_from([None, 2]))
@settings(max_examples=150)
def test_json_places_point_at_their_values(value: Any, indent: int | None) -> None:
    text = as_json(value, indent)
    document = parse_document("doc.json", text.encode("utf-8"))
    assert document.value == value
    decoder = json.JSONDecoder(parse_float=Decimal)
    for pointer, expected in pointers(value):
        at = offset(text, document.place(pointer))
        found, _ = decoder.raw_decode(text, at)
        assert found == expected
        if pointer and isinstance(pointer[-1], str):
            key, _ = decoder.raw_decode(text, offset(text, document.key_place(pointer)))
            assert key == pointer[-1]


PLAIN = st.text(alphabet="abcdefghij -_.0123456789/{}~#':", max_size=12)
YAML_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=20,
)


class Writer:
    """Writes YAML and notes where it put each key and value: lines and columns from 1."""

    def __init__(self) -> None:
        self.lines = [""]
        self.values: dict[Pointer, tuple[int, int]] = {}
        self.keys: dict[Pointer, tuple[int, int]] = {}

    def here(self) -> tuple[int, int]:
        return len(self.lines), len(self.lines[-1]) + 1

    def put(self, text: str) -> None:
        self.lines[-1] += text

    def flow(self, value: Any, pointer: Pointer) -> None:
        self.values[pointer] = self.here()
        if not isinstance(value, dict | list):
            self.put(json.dumps(value))
            return
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        self.put("{" if isinstance(value, dict) else "[")
        for token, member in entries:
            inner = (*pointer, token)
            self.keys[inner] = self.here()
            self.put(f"{json.dumps(token)}: " if isinstance(value, dict) else "")
            self.flow(member, inner)
            self.put(", ")
        self.put("}" if isinstance(value, dict) else "]")

    def block(self, value: Any, pointer: Pointer, indent: int) -> None:
        if not isinstance(value, dict | list) or not value:
            self.flow(value, pointer)
            return
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for number, (token, member) in enumerate(entries):
            if number or pointer:
                self.lines.append(" " * indent)
            inner = (*pointer, token)
            self.keys[inner] = self.here()
            self.values.setdefault(pointer, self.here())
            self.put(f"{json.dumps(token)}: " if isinstance(value, dict) else "- ")
            self.block(member, inner, indent + 2)


@given(
    st.dictionaries(PLAIN, YAML_VALUES, min_size=1), st.booleans(), st.sampled_from(["\n", "\r\n"])
)
@settings(max_examples=150)
def test_yaml_places_are_where_the_values_were_written(value: Any, is_flow: bool, end: str) -> None:
    writer = Writer()
    writer.flow(value, ()) if is_flow else writer.block(value, (), 0)
    text = "# A comment, so that this is not taken for JSON.\n" + end.join(writer.lines) + end
    document = parse_document("doc.yaml", text.encode("utf-8"))
    assert document.value == value
    for pointer, (line, column) in writer.values.items():
        assert document.place(pointer) == Place("doc.yaml", line + 1, column)
    for pointer, (line, column) in writer.keys.items():
        if isinstance(pointer[-1], str):
            assert document.key_place(pointer) == Place("doc.yaml", line + 1, column)


def test_an_absent_value_has_the_place_of_its_nearest_parent() -> None:
    document = parse_document("doc.yaml", b"a:\n  b: 1\n")
    assert document.place(("a", "x", "y")) == document.place(("a",))
    json_document = parse_document("doc.json", b'{"a": {"b": 1}}')
    assert json_document.place(("a", "x", 3)) == json_document.place(("a",))
    assert json_document.place(("a", "b", "c")) == json_document.place(("a", "b"))
