"""Which operations answer in pages: what both SDKs iterate over."""

from __future__ import annotations

from pathlib import Path

import pytest

from venuekit.emit.pages import Page, page_of
from venuekit.load import load

TEXTS = "{type: array, items: {type: string}}"


def found(tmp_path: Path, parameter: str, answer: str, method: str = "get") -> Page | None:
    document = tmp_path / "pages.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n"
        f"    {method}:\n      operationId: list\n"
        f"      parameters: [{{in: query, {parameter}}}]\n"
        "      responses:\n        '200':\n          description: A page.\n          content:\n"
        f"            application/json: {{schema: {{type: object, properties: {{{answer}}}}}}}\n",
        encoding="utf-8",
    )
    contract = load([document]).contract
    return page_of(contract, contract.operations[0])


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("cursor", "next_cursor"),
        ("cursor", "nextPageCursor"),
        ("nextPageCursor", "nextPageCursor"),
        ("page_token", "next_page_token"),
        ("continuation", "continuation"),
    ],
)
def test_a_cursor_by_its_names(tmp_path: Path, name: str, member: str) -> None:
    page = found(
        tmp_path,
        f"name: {name}, schema: {{type: string}}",
        f"rows: {TEXTS}, {member}: {{type: [string, 'null']}}",
    )
    assert page is not None
    assert (page.mark, page.place, page.items) == ("cursor", (member,), ("rows",))


def test_numbered_pages_in_an_envelope_start_where_the_parameter_says(tmp_path: Path) -> None:
    page = found(
        tmp_path,
        "name: currentPage, schema: {type: integer, default: 1}",
        "code: {type: string}, data: {type: object, properties: "
        f"{{totalPage: {{type: integer}}, items: {TEXTS}}}}}",
    )
    assert page is not None
    assert (page.mark, page.place) == ("total_pages", ("data", "totalPage"))
    assert (page.items, page.first) == (("data", "items"), 1)


@pytest.mark.parametrize(
    ("parameter", "answer", "method"),
    [
        ("name: cursor, schema: {type: string}", f"rows: {TEXTS}", "get"),
        ("name: page, schema: {type: integer}", f"rows: {TEXTS}", "get"),
        ("name: cursor, schema: {type: string}", "next_cursor: {type: string}", "get"),
        (
            "name: cursor, schema: {type: string}",
            f"bids: {TEXTS}, asks: {TEXTS}, next_cursor: {{type: string}}",
            "get",
        ),
        (
            "name: cursor, schema: {type: string}",
            f"rows: {TEXTS}, next_cursor: {{type: string}}",
            "post",
        ),
    ],
    ids=["no end", "no end by number", "no list", "two lists", "a write"],
)
def test_what_shows_only_some_of_it_is_left_alone(
    tmp_path: Path, parameter: str, answer: str, method: str
) -> None:
    assert found(tmp_path, parameter, answer, method) is None
