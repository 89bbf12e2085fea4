"""Running text into lines; what `textwrap` gives, without its cost for texts that are plain."""

from __future__ import annotations

import textwrap


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of a text, each with an indent; words longer than a line stay whole."""
    words = text.split()
    if " ".join(words) != text:
        # White space that means something, which the library knows how to treat.
        return textwrap.wrap(
            text,
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
        )
    lines: list[str] = []
    line, room = "", width - len(indent)
    for word in words:
        if not line:
            line = word
        elif len(line) + 1 + len(word) <= room:
            line += f" {word}"
        else:
            lines.append(indent + line)
            line = word
    return [*lines, indent + line] if line else lines
