"""Parameters of path, query, header and cookie: from raw texts to values, by style and explode."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import UNSET

from venuekit_runtime.operation import Location, Style
from venuekit_runtime.server.json_text import read_json
from venuekit_runtime.server.refusal import malformed
from venuekit_runtime.server.shapes import ListOf, Members, Shape, Table, TupleOf, bare
from venuekit_runtime.server.texts import Reading, percent_decode

Pairs = Sequence[tuple[str, str]]

_SEPARATORS: dict[Style, re.Pattern[str]] = {
    "spaceDelimited": re.compile(r"%20|\+| "),
    "pipeDelimited": re.compile(r"%7[Cc]|\|"),
}


class Place:
    """Where a parameter stands and how it is written: what is needed to read it."""

    __slots__ = ("explode", "is_json", "is_plus_space", "location", "name", "shape", "style")

    def __init__(
        self,
        name: str,
        shape: Shape,
        location: Location,
        style: Style = "form",
        explode: bool = True,
        is_json: bool = False,
    ) -> None:
        self.name = name
        self.shape = shape
        self.location = location
        self.style = style
        self.explode = explode
        self.is_json = is_json
        self.is_plus_space = location == "query"


def openness(place: Place, table: Table) -> int:
    """How many names of other parameters one might take. Those that take least are read first,
    and a name belongs to the first that takes it."""
    if place.is_json or place.style not in ("form", "deepObject"):
        return 0
    if place.style == "deepObject":
        return 1
    shape = bare(place.shape, table)
    if not place.explode or not isinstance(shape, Members):
        return 0
    return 2 if shape.members else 3


def is_nothing_meant(place: Place, table: Table) -> bool:
    """Whether a parameter that does not stand there may be an object without members: one that
    is written as its members writes nothing then."""
    shape = bare(place.shape, table)
    if openness(place, table) == 0 or not isinstance(shape, Members):
        return False
    return not shape.least and not any(member.is_required for member in shape.members)


def read_parameter(reading: Reading, place: Place, raw: Pairs, taken: set[str]) -> Any:
    """The value of a parameter, or UNSET (OpenAPI 3.1, 4.8.12.2 to 4.8.12.4; RFC 6570).

    `raw` has the undecoded texts of the parameter's location by name; the names that belong to
    the parameter are added to `taken`. A text that means nothing for the shape stays text.
    Raises MALFORMED_REQUEST for what cannot be decoded or stands twice.
    """
    shape = bare(place.shape, reading.table)
    if not place.is_json:
        if place.style == "deepObject":
            return _deep(reading, place, shape, raw, taken)
        if isinstance(shape, Members) and place.explode and place.style == "form":
            return _spread(reading, place, shape, raw, taken)
    texts = [text for name, text in raw if name == place.name]
    taken.add(place.name)
    if not texts:
        return UNSET
    if place.is_json:
        return read_json(_decoded(place, _single(place, texts)).encode("utf-8"))
    if isinstance(shape, ListOf | TupleOf) and place.explode and place.style in _REPEATED:
        decoded = [_decoded(place, text) for text in texts]
        return [reading.item(shape, text, n) for n, text in enumerate(decoded)]
    return _from_text(reading, place, shape, _single(place, texts))


_REPEATED = ("form", "spaceDelimited", "pipeDelimited")


def _single(place: Place, texts: Sequence[str]) -> str:
    if len(texts) > 1:
        raise malformed(f"{place.name} stands twice")
    return texts[0]


def _from_text(reading: Reading, place: Place, shape: Shape, text: str) -> Any:
    match shape:
        case ListOf() | TupleOf():
            parts, _ = _parts(place, text, is_object=False)
            items = [_decoded(place, part) for part in parts if part or len(parts) > 1]
            return [reading.item(shape, item, n) for n, item in enumerate(items)]
        case Members():
            parts, is_paired = _parts(place, text, is_object=True)
            flat: list[str] = []
            for part in parts:
                flat += part.partition("=")[::2] if is_paired else [part]
            decoded = [_decoded(place, piece) for piece in flat]
            if len(decoded) % 2:
                raise malformed(f"{place.name}: a name without a value")
            named = list(zip(decoded[::2], decoded[1::2], strict=True))
            return _object(reading, place, shape, named)
        case _:
            return reading.typed(place.shape, _decoded(place, _unprefixed(place, text)))


def _object(reading: Reading, place: Place, shape: Shape, named: Iterable[tuple[str, str]]) -> Any:
    found: dict[str, Any] = {}
    for name, text in named:
        if name in found:
            raise malformed(f"{place.name} names {name[:40]} twice")
        found[name] = reading.member(shape, name, text)
    return found


def _parts(place: Place, text: str, is_object: bool) -> tuple[list[str], bool]:
    """The undecoded pieces of a list or object, and whether they are `name=value`."""
    match place.style:
        case "label":
            is_split = place.explode
            return text.removeprefix(".").split("." if is_split else ","), is_object and is_split
        case "matrix":
            pieces = text.removeprefix(";").split(";")
            if not place.explode:
                return pieces[0].partition("=")[2].split(","), False
            if is_object:
                return pieces, True
            return [piece.partition("=")[2] for piece in pieces], False
        case "spaceDelimited" | "pipeDelimited":
            return _SEPARATORS[place.style].split(text), False
        case _:
            return text.split(","), is_object and place.explode


def _unprefixed(place: Place, text: str) -> str:
    match place.style:
        case "label":
            return text.removeprefix(".")
        case "matrix":
            return text.removeprefix(f";{place.name}").removeprefix("=")
        case _:
            return text


def _decoded(place: Place, text: str) -> str:
    if place.location == "header":
        return text.strip(" \t")
    return percent_decode(text, place.name, place.is_plus_space)


def _deep(reading: Reading, place: Place, shape: Shape, raw: Pairs, taken: set[str]) -> Any:
    start = place.name + "["
    named = []
    for name, text in raw:
        if name.startswith(start) and name.endswith("]") and name not in taken:
            key = name[len(start) : -1]
            if "[" in key or "]" in key:
                raise malformed(f"{name[:60]} nests, and no style says how")
            named.append((key, _decoded(place, text)))
    taken.update(f"{start}{key}]" for key, _ in named)
    return _object(reading, place, shape, named) if named else UNSET


def _spread(reading: Reading, place: Place, shape: Members, raw: Pairs, taken: set[str]) -> Any:
    known = {member.name for member in shape.members}
    named = []
    for name, text in raw:
        is_free = shape.others is not None and not known
        if name not in taken and (name in known or is_free):
            named.append((name, _decoded(place, text)))
    taken.update(name for name, _ in named)
    return _object(reading, place, shape, named) if named else UNSET
