"""Lines are wrapped as the standard library wraps them, whatever the text."""

from __future__ import annotations

import textwrap

from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit.emit.python.text import literal
from venuekit.emit.wrapping import wrap

WORDS = st.lists(st.text("ab-.\u00e9\u00a0", min_size=1, max_size=12), max_size=20).map(" ".join)


@settings(deadline=None)
@given(WORDS | st.text(" \tab-", max_size=60), st.integers(5, 30), st.sampled_from(["", "    "]))
def test_lines(text: str, width: int, indent: str) -> None:
    assert wrap(text, width, indent) == textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


@settings(deadline=None)
@given(st.text(max_size=30))
def test_literals_say_what_they_were_made_of(text: str) -> None:
    source = literal(text)
    assert source.isascii()
    assert eval(source) == text
