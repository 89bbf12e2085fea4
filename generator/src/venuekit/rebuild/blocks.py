"""Emitted files cut into blocks: what each operation or schema has in them, and what is around.

The cut is by text, so that emitters need not know of it; a file is only cut where its blocks put
together again are the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec


class Block(msgspec.Struct, array_like=True, frozen=True):
    """What a file has of one thing: its name there, and the operation that it belongs to, if any.

    Blocks of one section follow the order of the operations.
    """

    name: str
    section: str
    operation: str
    text: str


class Cut(msgspec.Struct, array_like=True, frozen=True):
    """One file: a head, blocks with a separator between them, a tail."""

    head: str
    separator: str
    blocks: tuple[Block, ...]
    tail: str

    @property
    def text(self) -> str:
        return self.head + self.separator.join(block.text for block in self.blocks) + self.tail


class Style(msgspec.Struct, frozen=True):
    """How one file is cut: by what begins a block, and what stands between two."""

    begins: re.Pattern[str]
    separator: str
    tail: str
    is_table: bool = False


_ALIAS = 3
"""The group of aliases, which stand behind all classes."""

_TS_DOC = r"(?:^{0}/\*\*(?:[^*]|\*(?!/))*\*/\n)?"
_TS_BLOCK = re.compile(
    _TS_DOC.format("") + r"^export (?:const|interface|type) ([\w$]+)", re.MULTILINE
)
_STYLES: tuple[tuple[str, Style], ...] = (
    (
        r"src/[^/]+/models\.py",
        Style(
            re.compile(
                r"^(?:class (\w+)\(|if TYPE_CHECKING:\n    (\w+): TypeAlias|(\w+): TypeAlias = )",
                re.MULTILINE,
            ),
            "\n\n\n",
            "\n",
        ),
    ),
    (
        r"src/[^/]+/operations\.py",
        Style(re.compile(r"^(\w+): HttpOperation\[", re.MULTILINE), "\n\n", "\n"),
    ),
    (
        r"src/[^/]+/(?:async_)?client\.py",
        Style(re.compile(r"^    (?:async )?def (\w+)\(", re.MULTILINE), "\n\n", "\n"),
    ),
    (r"src/(?:types|schemas|operations|functions)\.ts", Style(_TS_BLOCK, "\n\n", "\n")),
    (
        r"src/client\.ts",
        Style(re.compile(_TS_DOC.format("  ") + r"^  ([\w$]+)\(", re.MULTILINE), "\n\n", "\n}\n"),
    ),
    (
        r"README\.md",
        Style(
            re.compile(r"^\| \[?`(?:Client\.)?([\w$]+)`(?:\]\([^)\n]*\))? \|", re.MULTILINE),
            "\n",
            "",
            True,
        ),
    ),
)


def style_of(path: str) -> Style | None:
    """Return how a file is cut, or None for one that has nothing of single operations."""
    return next((style for pattern, style in _STYLES if re.fullmatch(pattern, path)), None)


def cut(text: str, style: Style, owners: Mapping[str, tuple[str, str]]) -> Cut | None:
    """Return the blocks of a file, or None where they do not make the file again.

    `owners` has the section and the operation of each name that may begin a block.
    """
    found = [match for match in style.begins.finditer(text) if _name(match) in owners]
    if style.is_table:
        found = _last_rows(text, found)
    if not found:
        return Cut(text, style.separator, (), "")
    blocks = []
    end = found[-1].end() + text[found[-1].end() :].index("\n") if style.is_table else len(text)
    tail = text[end:] if style.is_table else style.tail
    stop = end if style.is_table else len(text) - len(style.tail)
    for position, match in enumerate(found):
        is_last = position == len(found) - 1
        until = stop if is_last else found[position + 1].start() - len(style.separator)
        section, operation = owners[_name(match)]
        if match.lastindex == _ALIAS:
            section = "alias"
        blocks.append(Block(_name(match), section, operation, text[match.start() : until]))
    made = Cut(text[: found[0].start()], style.separator, tuple(blocks), tail)
    return made if made.text == text else None


def _name(match: re.Match[str]) -> str:
    return match[match.lastindex or 1]


def _last_rows(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the rows of the last table alone: a description may have tables of its own."""
    rows: list[re.Match[str]] = []
    for match in reversed(found):
        if rows and "\n" in text[match.end() : rows[-1].start() - 1]:
            break
        rows.append(match)
    return rows[::-1]
