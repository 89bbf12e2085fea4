"""Overlay 1.0: actions in order on a copy, with the places of both documents."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venuekit.source import Document, SourceError, overlay, parse_document
from venuekit.source.patched import Patched

BASE = """\
openapi: 3.1.0
paths:
  /orders:
    post:
      tags: [a, b]
      parameters: [{name: x}, {name: y}, {name: z}]
    get: {deprecated: true}
"""


def base() -> Document:
    return parse_document("base.yaml", BASE.encode())


def actions(text: str) -> Document:
    head = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
    return parse_document("over.yaml", (head + textwrap.dedent(text)).encode())


def test_updates_merge_and_know_their_places() -> None:
    before = base()
    after = overlay.apply(
        before,
        actions("""\
        - target: $.paths['/orders'].post
          update:
            x-effect: create
            tags: [c]
        - {target: '$.paths.*.get', update: {deprecated: false}}
        - {target: '$.paths.*.post.parameters', update: {name: w}}
        """),
    )
    assert after.value == {
        "openapi": "3.1.0",
        "paths": {
            "/orders": {
                "post": {
                    "tags": ["a", "b", "c"],
                    "parameters": [{"name": "x"}, {"name": "y"}, {"name": "z"}, {"name": "w"}],
                    "x-effect": "create",
                },
                "get": {"deprecated": False},
            }
        },
    }
    assert before.value == base().value, "the document itself must stay as it is"
    post = ("paths", "/orders", "post")
    assert str(after.place((*post, "x-effect"))) == "over.yaml:6:15"
    assert str(after.key_place((*post, "x-effect"))) == "over.yaml:6:5"
    assert str(after.place((*post, "tags", 0))) == "base.yaml:5:14"
    assert str(after.place((*post, "tags", 2))) == "over.yaml:7:12"
    assert str(after.place((*post, "parameters", 3, "name"))) == "over.yaml:9:56"
    assert str(after.place(("paths", "/orders", "get", "deprecated"))) == "over.yaml:8:50"


def test_removal_keeps_the_places_of_what_follows() -> None:
    after = overlay.apply(
        base(),
        actions("""\
        - {target: "$.paths.*.post.parameters[?@.name=='x']", remove: true}
        - {target: '$.paths.*.get', remove: true}
        """),
    )
    post = ("paths", "/orders", "post")
    assert isinstance(after.value, dict)
    assert after.value["paths"] == {
        "/orders": {"post": {"tags": ["a", "b"], "parameters": [{"name": "y"}, {"name": "z"}]}}
    }
    assert str(after.place((*post, "parameters", 0, "name"))) == "base.yaml:6:38"
    assert str(after.place((*post, "parameters", 1, "name"))) == "base.yaml:6:49"


def test_actions_see_what_earlier_ones_did() -> None:
    after = overlay.apply(
        base(),
        actions("""\
        - {target: $.paths, update: {/new: {get: {}}}}
        - {target: "$.paths['/new'].get", update: {summary: New}}
        """),
    )
    assert str(after.place(("paths", "/new", "get", "summary"))) == "over.yaml:5:53"


@pytest.mark.parametrize(
    ("text", "line", "fact"),
    [
        ("- {target: $.nothing, update: {}}", 4, "matches nothing"),
        ("- {target: '$.paths[', update: {}}", 4, "not an RFC 9535 JSONPath"),
        ("- {target: $, remove: true}", 4, "whole document"),
        ("- {target: $.openapi, update: {a: 1}}", 4, "only objects and lists can be updated"),
        ("- {target: $.paths, update: 3}", 4, "updated by something else"),
        ("- {target: $.paths}", 4, "neither updates nor removes"),
        ("- {update: {}}", 4, "has no target"),
        ("- {target: $.paths, updat: {}, remove: true}", 4, "no field 'updat'"),
    ],
)
def test_what_is_wrong_with_an_action_has_its_place(text: str, line: int, fact: str) -> None:
    with pytest.raises(SourceError) as caught:
        overlay.apply(base(), actions(text))
    (finding,) = caught.value.findings
    assert finding.origin is not None
    assert (finding.origin.place.file, finding.origin.place.line) == ("over.yaml", line)
    assert fact in finding.message
    assert finding.help


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("overlay: 2.0.0\nactions: [{target: $, update: {}}]\n", "version is 2.0.0"),
        ("overlay: 1.0.0\nactions: []\n", "no list of actions"),
        ("overlay: 1.0.0\naction: []\nactions: [{target: $, update: {}}]\n", "no field 'action'"),
    ],
)
def test_what_is_wrong_with_an_overlay(text: str, fact: str) -> None:
    with pytest.raises(SourceError) as caught:
        overlay.apply(base(), parse_document("over.yaml", text.encode()))
    assert fact in caught.value.findings[0].message


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=8),
    st.lists(st.integers(0, 7), min_size=1, max_size=8),
)
def test_removed_items_never_shift_a_place(items: list[int], removals: list[int]) -> None:
    text = "list:\n" + "".join(f"- {item}\n" for item in items)
    patched = Patched(parse_document("base.yaml", text.encode()))
    lines = {index: index + 2 for index in range(len(items))}
    for removal in removals:
        current = list(lines.values())
        if removal >= len(current):
            continue
        patched.remove(("list", removal))
        del current[removal]
        lines = dict(enumerate(current))
    after = patched.document()
    for index, line in lines.items():
        assert after.place(("list", index)).line == line
