"""What an SDK writes into a request is what a server reads out of it, in every style."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from venuekit_runtime.bodies import File, form_text, multipart
from venuekit_runtime.encoding import styled
from venuekit_runtime.operation import Location, PartEncoding, Style
from venuekit_runtime.server.bodies import read_body
from venuekit_runtime.server.operations import Content
from venuekit_runtime.server.parameters import Place, read_parameter
from venuekit_runtime.server.routing import Router
from venuekit_runtime.server.shapes import ListOf, Member, Members, Number, Shape, Text
from venuekit_runtime.server.texts import Reading, split_pairs

READING = Reading({})
WORDS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1)
OBJECT = Members(members=(Member("low", Text()), Member("high", Number(is_whole=True))))
STYLES: list[tuple[Location, Style, bool]] = [
    ("path", "simple", False),
    ("path", "simple", True),
    ("path", "label", False),
    ("path", "matrix", False),
    ("path", "matrix", True),
    ("query", "form", True),
    ("query", "form", False),
    ("query", "spaceDelimited", False),
    ("query", "pipeDelimited", False),
]


def read_back(shape: Shape, value: Any, location: Location, style: Style, explode: bool) -> Any:
    text = styled("it", value, style, explode, "plain")
    is_query = location == "query"
    raw = split_pairs(text, "the query", is_plus_space=True) if is_query else [("it", text)]
    taken: set[str] = set()
    return read_parameter(READING, Place("it", shape, location, style, explode), raw, taken)


@pytest.mark.parametrize(("location", "style", "explode"), STYLES)
@given(value=WORDS)
def test_text(location: Location, style: Style, explode: bool, value: str) -> None:
    assert read_back(Text(), value, location, style, explode) == value


@pytest.mark.parametrize(("location", "style", "explode"), STYLES)
@given(value=st.lists(WORDS, min_size=1, max_size=4))
def test_lists(location: Location, style: Style, explode: bool, value: list[str]) -> None:
    # Escaped or not, these two separate items (OpenAPI 3.1, 4.8.12.4): they cannot stand in one.
    separator = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style, "")
    value = [item.replace(separator, "") or "x" for item in value] if separator else value
    assert read_back(ListOf(item=Text()), value, location, style, explode) == value


@pytest.mark.parametrize(
    ("location", "style", "explode"), [*STYLES[:5], *STYLES[5:7], ("query", "deepObject", True)]
)
@given(low=WORDS, high=st.integers())
def test_objects(location: Location, style: Style, explode: bool, low: str, high: int) -> None:
    value = {"low": low, "high": high}
    assert read_back(OBJECT, value, location, style, explode) == value


@given(names=st.lists(WORDS, max_size=3), note=WORDS, count=st.integers())
def test_forms(names: list[str], note: str, count: int) -> None:
    shape = Members(
        members=(
            Member("names", ListOf(item=Text())),
            Member("note", Text()),
            Member("count", Number(is_whole=True)),
        )
    )
    sent = {"names": names, "note": note, "count": count}
    for rules in ((), (PartEncoding("names", style="pipeDelimited", explode=False),)):
        if rules and not names:
            continue
        if rules:
            sent["names"] = [name.replace("|", "") or "x" for name in names]
        content = Content(media_type="x", kind="form", shape=shape, encodings=rules)
        found = read_body(READING, content, "x", form_text(sent, rules).encode())
        assert found == {k: v for k, v in sent.items() if v != []}


@given(data=st.binary(), note=WORDS, filename=WORDS)
def test_multipart(data: bytes, note: str, filename: str) -> None:
    shape = Members(members=(Member("file", Text(is_binary=True)), Member("note", Text())))
    file = File(data, filename.replace("\\", ""), "image/png")
    kind, body = multipart([("file", file), ("note", note)], (), "multipart/form-data")
    content = Content(media_type="multipart/form-data", kind="multipart", shape=shape)
    found = read_body(READING, content, kind, body)
    assert found["note"] == note
    assert found["file"].content == data


def test_an_absent_parameter_is_not_there() -> None:
    place = Place("it", Text(), "query")
    assert read_parameter(READING, place, [("other", "1")], set()) is UNSET


ROUTES = ("/a/{x}", "/a/b", "/a/{x}/c", "/a/b/{y}", "/v1/{id}:cancel", "/v1/{a}.{b}", "/")


@pytest.mark.parametrize(
    ("path", "route", "values"),
    [
        ("/a/b", "/a/b", []),
        ("/a/z", "/a/{x}", ["z"]),
        ("/a/b/c", "/a/b/{y}", ["c"]),
        ("/a/z/c", "/a/{x}/c", ["z"]),
        ("/v1/7:cancel", "/v1/{id}:cancel", ["7"]),
        ("/v1/btc.usd", "/v1/{a}.{b}", ["btc", "usd"]),
        ("/", "/", []),
        ("/a/", None, []),
        ("/a", None, []),
        ("/a/%62", "/a/{x}", ["%62"]),
        ("/%61/b", None, []),
    ],
)
def test_the_most_exact_route_is_found(path: str, route: str | None, values: list[str]) -> None:
    router: Router[str] = Router()
    for one in ROUTES:
        router.add("GET", one, one)
    methods, found = router.find(path)
    assert [served[0] for served in methods["GET"].served] == [route] if route else not methods
    assert found == values
