"""Exact wire text: the percent-encoding table, parameter styles, decimals."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venuekit_runtime.encoding import decimal_text, percent_encode, plain_value, styled
from venuekit_runtime.models import Model, OpenEnum, OpenIntEnum

RESERVED = ":/?#[]@!$&'()*+,;="


@pytest.mark.parametrize("character", RESERVED + ' "%<>\\^`{|}')
def test_every_character_outside_of_the_unreserved_set_is_encoded(character: str) -> None:
    assert percent_encode(f"a{character}b") == f"a%{ord(character):02X}b"


def test_unreserved_characters_stay() -> None:
    text = "AZaz09-._~"
    assert percent_encode(text) == text


def test_text_beyond_ascii_is_encoded_as_utf8() -> None:
    assert percent_encode("é€😀") == "%C3%A9%E2%82%AC%F0%9F%98%80"


@given(st.text())
def test_the_table_agrees_with_the_standard_library(text: str) -> None:
    try:
        expected = quote(text, safe="-._~")
    except UnicodeEncodeError:
        with pytest.raises(UnicodeEncodeError):
            percent_encode(text)
        return
    assert percent_encode(text) == expected


def test_allow_reserved_keeps_reserved_characters_but_not_what_ends_a_value() -> None:
    kept = RESERVED.replace("#", "").replace("&", "")
    assert percent_encode(kept, allow_reserved=True) == kept
    assert percent_encode("a#b&c", allow_reserved=True) == "a%23b%26c"


LIST = ["blue", "black", "bro wn"]
MEMBERS = {"R": 100, "G": 200}


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("simple", False, "a b", "a%20b"),
        ("simple", False, LIST, "blue,black,bro%20wn"),
        ("simple", False, MEMBERS, "R,100,G,200"),
        ("simple", True, MEMBERS, "R=100,G=200"),
        ("label", False, "blue", ".blue"),
        ("label", True, LIST, ".blue.black.bro%20wn"),
        ("label", False, LIST, ".blue,black,bro%20wn"),
        ("label", True, MEMBERS, ".R=100.G=200"),
        ("matrix", False, "blue", ";color=blue"),
        ("matrix", False, "", ";color"),
        ("matrix", False, LIST, ";color=blue,black,bro%20wn"),
        ("matrix", True, LIST, ";color=blue;color=black;color=bro%20wn"),
        ("matrix", True, MEMBERS, ";R=100;G=200"),
        ("matrix", False, MEMBERS, ";color=R,100,G,200"),
        ("form", True, "blue", "color=blue"),
        ("form", True, LIST, "color=blue&color=black&color=bro%20wn"),
        ("form", False, LIST, "color=blue,black,bro%20wn"),
        ("form", True, MEMBERS, "R=100&G=200"),
        ("form", False, MEMBERS, "color=R,100,G,200"),
        ("spaceDelimited", False, LIST, "color=blue%20black%20bro%20wn"),
        ("pipeDelimited", False, LIST, "color=blue%7Cblack%7Cbro%20wn"),
        ("deepObject", True, MEMBERS, "color%5BR%5D=100&color%5BG%5D=200"),
    ],
)
def test_styles_follow_the_table_of_openapi(
    style: str, explode: bool, value: object, expected: str
) -> None:
    assert styled("color", value, style, explode, "plain") == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-8"), "0.00000001"),
        (Decimal("0E-8"), "0.00000000"),
        (Decimal("-0.10"), "-0.10"),
        (Decimal("64250.50"), "64250.50"),
        (7, "7"),
        (10**40, "1" + "0" * 40),
        ("0.25", "0.25"),
    ],
)
def test_decimals_are_plain_digits(value: object, expected: str) -> None:
    assert decimal_text(value, "price") == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_no_digit_of_a_decimal_is_lost(value: Decimal) -> None:
    text = decimal_text(value, "price")
    assert "E" not in text
    assert Decimal(text) == value


@pytest.mark.parametrize("value", [0.1, True, None, [1]])
def test_a_float_is_no_money(value: object) -> None:
    with pytest.raises(TypeError, match=r"price must be a Decimal"):
        decimal_text(value, "price")


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("-Infinity"), "1e3", "", " 1", "١", "1."]
)
def test_what_is_no_plain_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="price must be"):
        decimal_text(value, "price")


class Side(OpenEnum):
    """A set that may grow."""

    BUY = "buy"
    UNKNOWN = "unknown"


class Code(OpenIntEnum):
    """The same in numbers."""

    ONE = 1


def test_an_unknown_enum_value_is_kept_and_written_back() -> None:
    side = msgspec.json.decode(b'"short"', type=Side)
    assert side == "short"
    assert not side.is_known
    assert msgspec.json.encode([side]) == b'["short"]'
    assert msgspec.json.decode(b'"unknown"', type=Side).is_known
    code = msgspec.json.decode(b"7", type=Code)
    assert code == 7
    assert not code.is_known
    assert Code(1).is_known


class Leg(Model):
    """A nested model with both kinds of decimals."""

    __decimal_numbers__ = frozenset({"size"})

    price: Decimal
    size: Decimal
    note: str | msgspec.UnsetType = msgspec.UNSET


def test_decimals_inside_models_are_exact_too() -> None:
    leg = Leg(price=Decimal("1E+2"), size=Decimal("1E-7"))
    plain = plain_value([leg], "legs")
    assert msgspec.json.encode(plain) == b'[{"price":"100","size":0.0000001}]'
