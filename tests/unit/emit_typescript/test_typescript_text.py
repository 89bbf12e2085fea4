"""Text that reaches TypeScript: it can neither end a literal or a comment nor hide anything."""

from __future__ import annotations

from decimal import Decimal

import pytest

from venuekit.emit.package_names import npm_version
from venuekit.emit.typescript.names import error_class, function_choices, property_names
from venuekit.emit.typescript.text import Code, doc, literal, string

BIDI = "\u202e"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a"b\\c', r'"a\"b\\c"'),
        ("line\nend", r'"line\nend"'),
        ("\u2028", r'"\u2028"'),
        (BIDI, r'"\u202e"'),
        ("\U000e0001", r'"\u{e0001}"'),
        ("${x}`", '"${x}`"'),
        ("é€", '"é€"'),
    ],
)
def test_strings_are_one_visible_line(text: str, expected: str) -> None:
    assert string(text) == expected


def test_a_comment_cannot_be_ended_from_inside() -> None:
    comment = doc([f"ends */ alert(1) /* {BIDI}here"])
    assert comment.count("*/") == 1
    assert BIDI not in comment
    assert comment.endswith("*/\n")


def test_a_comment_is_wrapped_and_indented() -> None:
    lines = doc(["word " * 60], indent=4).splitlines()
    assert lines[0] == "    /**"
    assert lines[-1] == "     */"
    assert max(map(len, lines)) <= 100
    assert doc([None, " "]) == ""


def test_literals_break_where_they_are_long() -> None:
    assert literal({"a": [1, True, None], "b-c": Code("x")}) == ('{ a: [1, true, null], "b-c": x }')
    broken = literal({"items": ["x" * 30, "y" * 30, "z" * 40]})
    assert broken.splitlines()[0] == "{"
    assert literal(Decimal("0.10")) == "0.10"


def test_a_prototype_is_a_member_like_any_other() -> None:
    assert literal({"__proto__": 1}) == '{ ["__proto__"]: 1 }'


def test_properties_are_camel_case_unless_that_makes_two_of_them_one() -> None:
    names = property_names(["client_order_id", "E", "e", "aB", "a_b", "24hr", "__x", "x-y"])
    assert names == {
        "client_order_id": "clientOrderId",
        "E": "E",
        "e": "e",
        "aB": "aB",
        "a_b": "a_b",
        "24hr": "24hr",
        "__x": "__x",
        "x-y": "xY",
    }


def test_functions_and_error_classes() -> None:
    assert function_choices("PlaceOrder")[0] == "placeOrder"
    assert function_choices("24hr")[0] == "operation24hr"
    assert function_choices("*/") == ("operation", "operationOperation")
    assert error_class("INSUFFICIENT_BALANCE") == "InsufficientBalanceError"
    assert error_class("-1003") == "Code1003Error"
    assert error_class("INTERNAL_ERROR") == "InternalError"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("v3", "3.0.0"),
        ("2024-01", "2024.0.0"),
        ("x", "0.0.0"),
    ],
)
def test_versions_are_what_npm_takes(version: str, expected: str) -> None:
    assert npm_version(version) == expected
