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
from venuekit_runtime.server.parameters import (
    Place,
    is_nothing_meant,
    openness,
    read_parameter,
)
from venuekit_runtime.server.refusal import RefusalError
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
FREE = Members(others=Text())


def read_all(places: list[Place], query: str) -> dict[str, Any]:
    raw, taken = split_pairs(query, "the query", is_plus_space=True), set[str]()
    ordered = sorted(places, key=lambda place: openness(place, {}))
    found = {place.name: read_parameter(READING, place, raw, taken) for place in ordered}
    return {name: value for name, value in found.items() if value is not UNSET}


def test_a_name_belongs_to_the_parameter_that_takes_the_fewest() -> None:
    free = Place("free", FREE, "query")
    deep = Place("filter", FREE, "query", "deepObject")
    page = Place("page", Members(members=(Member("limit", Text()), Member("at", Text()))), "query")
    size = Place("filter[size]", Number(is_whole=True), "query")
    limit = Place("limit", Number(is_whole=True), "query")
    found = read_all(
        [free, Place("more", FREE, "query"), deep, page, size, limit],
        "filter%5Bsize%5D=3&filter[state]=new&limit=9&at=x&other=y",
    )
    assert found == {
        "filter[size]": 3,
        "filter": {"state": "new"},
        "limit": 9,
        "page": {"at": "x"},
        "free": {"other": "y"},
    }


def test_members_of_members_have_no_form() -> None:
    place = Place("filter", FREE, "query", "deepObject")
    with pytest.raises(RefusalError, match="nests, and no style says how"):
        read_all([place], "filter[sizes][]=1")


def test_an_object_without_members_is_written_as_nothing() -> None:
    assert is_nothing_meant(Place("it", FREE, "query"), {})
    assert is_nothing_meant(Place("it", FREE, "query", "deepObject"), {})
    assert not is_nothing_meant(Place("it", FREE, "query", explode=False), {})
    demanding = Members(members=(Member("low", Text(), is_required=True),))
    assert not is_nothing_meant(Place("it", demanding, "query"), {})
    assert not is_nothing_meant(Place("it", Text(), "query"), {})


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
    methods, found = router.find(path, "GET")
    assert [served[0] for served in methods["GET"].served] == [route] if route else not methods
    assert found == values


def test_of_overlapping_paths_the_concrete_one_goes_first_and_then_the_method_decides() -> None:
    router: Router[str] = Router()
    for method, path in (
        ("DELETE", "/orders/{id}"),
        ("GET", "/orders/open"),
        ("GET", "/a/{b}/c"),
        ("POST", "/a/x/{d}"),
        ("GET", "/files/v{n}"),
        ("GET", "/files/v1.{n}"),
    ):
        router.add(method, path, path)

    def served(path: str, method: str) -> tuple[list[str], str | None, list[str]]:
        methods, values = router.find(path, method)
        target = methods.get(method)
        return sorted(methods), target.served[0][0] if target else None, values

    # The concrete path is meant, and has no such method: the order is not cancelled instead.
    assert served("/orders/open", "DELETE") == (["GET"], None, [])
    assert served("/orders/7", "DELETE") == (["DELETE"], "/orders/{id}", ["7"])
    assert served("/a/x/c", "POST") == (["POST"], "/a/x/{d}", ["c"])
    assert served("/a/x/c", "GET") == (["GET"], "/a/{b}/c", ["x"])
    assert served("/a/x/c", "PUT") == (["POST"], None, ["c"])
    assert served("/files/v1.2", "GET") == (["GET"], "/files/v1.{n}", ["2"])
