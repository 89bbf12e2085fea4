"""Text as bytes say it: UTF-8 decoding, and offsets turned into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from venuekit.origin import Place
from venuekit.source.errors import SourceError, unreadable

MAXIMUM_BYTES = 64 * 1024 * 1024
"""The largest document that is read; a bigger one is refused before it is parsed."""

_BLOCK = 65_536
"""How many characters are counted at a time."""

_LINE_END = re.compile(r"\r\n|\r|\n")


class Lines:
    """Turns offsets into one text into places; its line ends are counted once, on demand."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._starts: list[int] | None = None
        self._before: list[int] | None = None

    def place(self, offset: int) -> Place:
        """Return the place of a character offset (from 0)."""
        line, start = self._line(offset)
        return Place(self._name, line, offset - start + 1)

    def _line(self, offset: int) -> tuple[int, int]:
        """Return the line in which a character stands, from 1, and where the line starts."""
        text = self._text
        if "\r" in text:
            if self._starts is None:
                self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
            line = bisect_right(self._starts, offset)
            return line, self._starts[line - 1]
        # Nearly every text ends its lines by LF, and counting is much quicker than searching.
        if self._before is None:
            ends = (text.count("\n", at, at + _BLOCK) for at in range(0, len(text), _BLOCK))
            self._before = list(accumulate(ends, initial=0))
        block = offset // _BLOCK
        line = self._before[block] + text.count("\n", block * _BLOCK, offset)
        return line + 1, text.rfind("\n", 0, offset) + 1


def decode(name: str, data: bytes) -> str:
    """Return the text of a document, without a byte order mark.

    Raises SourceError when it is too large or not UTF-8 (RFC 8259 section 8.1).
    """
    if len(data) > MAXIMUM_BYTES:
        raise too_large(name, len(data))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8-sig", errors="replace")
        place = Lines(name, good).place(len(good))
        raise unreadable(
            place,
            f"the byte 0x{data[error.start]:02x} is not valid UTF-8",
            "Save the document as UTF-8.",
        ) from None


def too_large(name: str, size: int) -> SourceError:
    """Return the refusal of a document of `size` bytes."""
    limit = MAXIMUM_BYTES // (1024 * 1024)
    return unreadable(
        Place(name, 1, 1),
        f"the document has {size} bytes, more than the {limit} MiB that are read",
        "Split the document into files that refer to each other by $ref.",
    )
