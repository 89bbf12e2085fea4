"""Text into Python source: string literals and docstrings that no document can break out of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from venuekit.contract import JsonValue
from venuekit.emit.wrapping import wrap

WIDTH = 96
# Quotes that would end a docstring: three and more, and those at its end.
_QUOTES = re.compile(r'"{3,}|"+\Z')


def literal(value: str | int | bool | None) -> str:
    """Return a Python literal in double quotes; everything but printable ASCII is escaped."""
    if not isinstance(value, str):
        return repr(value)
    # Most texts are plain, and asking for the whole of them is much quicker.
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    return '"' + "".join(_escaped(character) for character in value) + '"'


def value_literal(value: JsonValue) -> str:
    """Return a Python literal of any JSON value."""
    match value:
        case dict():
            members = (f"{literal(name)}: {value_literal(item)}" for name, item in value.items())
            return "{" + ", ".join(members) + "}"
        case list() | tuple():
            return "[" + ", ".join(value_literal(item) for item in value) + "]"
        case str() | int() | None:
            return literal(value)
        case _:
            return repr(value)


def tuple_text(items: Iterable[str]) -> str:
    """Return a tuple display of source texts; one item keeps its comma."""
    listed = list(items)
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def docstring(text: str, indent: int) -> str:
    """Return the inside of a docstring, wrapped, with its continuation lines indented.

    Quotes and backslashes are escaped, control and bidirectional characters are shown as
    escapes, so that the text reads as written and can do nothing.
    """
    lines = wrapped(text, WIDTH - indent)
    pad = " " * indent
    out = "\n".join(f"{pad}{line}" if line else "" for line in lines).strip()
    out = _QUOTES.sub(lambda found: '\\"' * len(found[0]), out.replace("\\", "\\\\"))
    return f"{out}\n{pad}" if "\n" in out else out


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text: paragraphs and list items stay, long ones are wrapped."""
    lines: list[str] = []
    for line in clean(text).splitlines():
        body = line.strip()
        lead = line[: len(line) - len(line.lstrip())] if body else ""
        lead = lead[:12]
        if len(lead) + len(body) <= width:
            lines.append(lead + body)
            continue
        lines += wrap(body, max(width - len(lead), 20), lead) or [""]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def clean(text: str) -> str:
    """Return text without what a reader can not see: controls and formats become escapes."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    # Most texts hide nothing, and asking for the whole of them is much quicker.
    if unified.replace("\n", "").isprintable():
        return unified
    return "".join(c if c == "\n" or not _is_hidden(c) else _code(c) for c in unified)


def markdown(text: str | None) -> str:
    """Return text for a Markdown file: visible characters alone, no raw HTML."""
    return clean(text or "").replace("<", "&lt;").strip()


def one_line(text: str | None) -> str:
    """Return text with every run of white space made one blank."""
    return " ".join(clean(text or "").split())


def _is_hidden(character: str) -> bool:
    # Cc, Cf, Cs, Co, Cn: controls, bidirectional marks, lone surrogates, private and unassigned;
    # Zl and Zp would end a line in the eyes of some readers.
    category = unicodedata.category(character)
    return category.startswith("C") or category in ("Zl", "Zp")


def _escaped(character: str) -> str:
    if character in ('"', "\\"):
        return f"\\{character}"
    if " " <= character <= "~":
        return character
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character) or _code(character)


def _code(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
