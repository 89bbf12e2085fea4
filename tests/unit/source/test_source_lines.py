"""Lines: the place of every offset is that of a text that is split at its line ends."""

from __future__ import annotations

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from venuekit.source import text as source_text
from venuekit.source.text import Lines


@given(st.lists(st.sampled_from(["a", "é", "😀", "\n", "\n\n", "\r", "\r\n"]), max_size=40))
def test_every_offset_has_its_line_and_column(parts: list[str]) -> None:
    for text in ("".join(parts), "".join(parts).replace("\r", "")):
        starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
        with patch.object(source_text, "_BLOCK", 5):
            lines = Lines("document", text)
            for offset in range(len(text) + 1):
                line = sum(start <= offset for start in starts)
                place = lines.place(offset)
                assert (place.line, place.column) == (line, offset - starts[line - 1] + 1)
