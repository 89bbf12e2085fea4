"""Nothing that a document says can leave the literal or the docstring it was put into."""

from __future__ import annotations

import ast
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from venuekit.emit.python.text import docstring, literal, markdown, tuple_text

TRICKY = st.text(alphabet=st.sampled_from("\"'\\\n\r\t\0{}#%N a\u202e\u2066\u2028\ud800😀é"))


@given(st.text() | TRICKY)
def test_a_literal_means_the_text_and_is_plain_ascii(text: str) -> None:
    source = literal(text)
    assert source.isascii()
    assert "\n" not in source
    assert ast.literal_eval(source) == text


@given(st.text() | TRICKY, st.sampled_from([0, 4, 8]))
@example('"""', 0)
@example('\\""""', 4)
def test_a_docstring_stays_one(text: str, indent: int) -> None:
    pad = " " * indent
    source = f'{pad}"""{docstring(text, indent)}"""\n{pad}marker = 1\n'
    if indent:
        source = "if True:\n" + source
    tree = ast.parse(source)
    body = tree.body[0].body if indent else tree.body  # type: ignore[attr-defined]
    assert isinstance(body[0].value, ast.Constant)
    assert isinstance(body[1], ast.Assign)
    assert len(body) == 2


@given(st.text() | TRICKY)
def test_what_a_reader_cannot_see_is_written_out(text: str) -> None:
    for shown in (docstring(text, 4), markdown(text)):
        hidden = [c for c in shown if unicodedata.category(c).startswith("C") and c != "\n"]
        assert hidden == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ends with "', 'ends with \\"'),
        ('a """ b', 'a \\"\\"\\" b'),
        ("one\n\ntwo", "one\n\n    two\n    "),
        ("\u202eevil", "\\\\u202eevil"),
        ("", ""),
    ],
)
def test_docstrings_by_example(text: str, expected: str) -> None:
    assert docstring(text, 4) == expected


def test_long_paragraphs_are_wrapped_and_lists_keep_their_lines() -> None:
    text = "word " * 40 + "\n- first\n- second"
    lines = docstring(text, 4).splitlines()
    assert max(map(len, lines)) <= 96
    assert "    - first" in lines


def test_markdown_lets_no_html_through() -> None:
    assert markdown("<script>") == "&lt;script>"


def test_tuples_of_one_keep_their_comma() -> None:
    assert tuple_text(["a"]) == "(a,)"
    assert tuple_text(["a", "b"]) == "(a, b)"
