"""Names: Python accepts them, none collides, and the same document always gives the same."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venuekit.emit.python.names import (
    argument_names,
    class_names,
    constant_names,
    field_names,
    member_names,
    method_names,
)

WORDS = st.lists(st.text(max_size=8), unique=True, max_size=12)


@given(WORDS)
def test_every_name_is_an_identifier_of_its_own(wire: list[str]) -> None:
    for names in (
        field_names(wire),
        member_names(wire),
        constant_names(wire),
        method_names(wire),
        class_names(wire, "Error"),
    ):
        assert set(names) == set(wire)
        assert len(set(names.values())) == len(wire)
        assert all(n.isidentifier() and not keyword.iskeyword(n) for n in names.values())


@given(WORDS, st.randoms())
def test_names_do_not_depend_on_what_stands_elsewhere(wire: list[str], random: object) -> None:
    shuffled = sorted(wire, key=hash)
    once, again = field_names(wire), field_names(wire)
    assert once == again
    assert set(field_names(shuffled)) == set(once)


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("clientOrderId", "client_order_id"),
        ("class", "class_"),
        ("match", "match_"),
        ("24h", "n24h"),
        ("_id", "id"),
        ("str", "str_"),
        ("__init__", "init"),
        ("X-MBX-USED", "x_mbx_used"),
    ],
)
def test_fields_by_example(wire: str, expected: str) -> None:
    assert field_names([wire])[wire] == expected


def test_a_name_that_is_already_right_wins_over_one_that_becomes_it() -> None:
    assert field_names(["orderId", "order_id"])["order_id"] == "order_id"
    assert field_names(["E", "e"]) == {"e": "e", "E": "E"}


def test_an_input_says_where_it_stands_when_its_name_is_taken() -> None:
    rows = [("path id", "id", "path"), ("query id", "id", "query"), ("o", "options", "query")]
    assert argument_names(rows) == {"path id": "id", "query id": "id_query", "o": "options_"}


def test_methods_leave_the_clients_own_names_alone() -> None:
    names = method_names(["close", "list", "request", "import"])
    assert names == {
        "close": "close_",
        "list": "list_",
        "request": "request_",
        "import": "import_",
    }
