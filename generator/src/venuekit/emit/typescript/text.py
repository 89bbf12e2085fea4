"""Safe TypeScript text: string literals, doc comments and object literals that cannot break out."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from venuekit.emit.wrapping import wrap

WIDTH = 100

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


_APART = re.compile(r"\s|[-*+|#>]|`{3}|\d+[.)] ")
"""What begins a line that Markdown does not join with the one before."""


class Code(str):
    """TypeScript source that is written as it is; every other string becomes a literal."""

    __slots__ = ()


Value = None | bool | int | Decimal | str | Sequence["Value"] | Mapping[str, "Value"]
"""What `literal` writes: JSON's values, and `Code` anywhere among them."""


@functools.lru_cache(maxsize=65536)
def string(text: str) -> str:
    """Return a double-quoted literal; only printable characters stand in it as they are."""
    quoted = json.dumps(text, ensure_ascii=False)
    # Asking for the whole text is much quicker, and most texts are plain.
    if quoted.isprintable():
        return quoted
    return "".join(c if _is_plain(c) else _escape(c) for c in quoted)


def scalar(value: object) -> str:
    """Return a literal for a JSON scalar; a number keeps its digits."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return string(str(value))


@functools.lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Return a property name: bare where that is possible, quoted or computed where not."""
    if name == "__proto__":
        return '["__proto__"]'
    return name if _IDENTIFIER.fullmatch(name) else string(name)


def member(name: str) -> str:
    """Return a property name of a type, where `__proto__` is a name like any other."""
    return name if _IDENTIFIER.fullmatch(name) else string(name)


@dataclass(frozen=True, slots=True)
class _Laid:
    """An object or a list: on one line, and its members with what stands before each."""

    flat: str
    ends: str
    members: tuple[tuple[str, str | _Laid], ...]


def literal(value: Value, indent: int = 0, room: int = WIDTH) -> str:
    """Return an object literal, on one line where it fits."""
    return _written(_laid(value), indent, room)


def assignment(declaration: str, value: Value) -> str:
    """Return `declaration = value;`, on one line where that fits."""
    laid = _laid(value)
    length = len(_flat(laid))
    fits = len(declaration.rsplit("\n", 1)[-1]) + len(" = ;") + length <= WIDTH
    room = WIDTH if fits else min(WIDTH, length - 1)
    return f"{declaration} = {_written(laid, 0, room)};"


def _written(laid: str | _Laid, indent: int, room: int) -> str:
    if isinstance(laid, str):
        return laid
    if len(laid.flat) <= room - indent or not laid.members:
        return laid.flat
    pad = " " * (indent + 2)
    lines = [
        f"{pad}{before}{_written(inner, indent + 2, room - len(before) - 1)},\n"
        for before, inner in laid.members
    ]
    return f"{laid.ends[0]}\n{''.join(lines)}{' ' * indent}{laid.ends[1]}"


def _laid(value: Value) -> str | _Laid:
    if isinstance(value, str):
        return str(value) if isinstance(value, Code) else string(value)
    if isinstance(value, list | tuple):
        items = tuple([("", _laid(inner)) for inner in value])
        return _Laid(f"[{', '.join([_flat(inner) for _, inner in items])}]", "[]", items)
    # A dict is known at once; other mappings are asked for their protocol.
    if isinstance(value, dict | Mapping):
        members = tuple([(f"{key(name)}: ", _laid(inner)) for name, inner in value.items()])
        inside = ", ".join([before + _flat(inner) for before, inner in members])
        return _Laid(f"{{ {inside} }}" if inside else "{}", "{}", members)
    return scalar(value)


def _flat(laid: str | _Laid) -> str:
    return laid if isinstance(laid, str) else laid.flat


def doc(paragraphs: Iterable[str | None], indent: int = 0, tags: Iterable[str] = ()) -> str:
    """Return a doc comment with a line end, or nothing where there is nothing to say."""
    pad = " " * indent
    room = WIDTH - indent - 3
    lines: list[str] = []
    for paragraph in paragraphs:
        found = _paragraph(paragraph or "", room)
        if found and lines:
            lines.append("")
        lines += found
    lines += [line for tag in tags for line in _paragraph(tag, room)]
    if not lines:
        return ""
    if len(lines) == 1 and len(lines[0]) <= room - 4:
        return f"{pad}/** {lines[0]} */\n"
    body = "".join(f"{pad} * {line}".rstrip() + "\n" for line in lines)
    return f"{pad}/**\n{body}{pad} */\n"


def prose(text: str) -> str:
    """Return text whose characters can neither end a comment nor reorder what is shown."""
    safe = text
    if not text.replace("\n", "").isprintable():
        safe = "".join(c if c == "\n" or _is_plain(c) else " " for c in text)
    return safe.replace("*/", "*\\/")


def one_line(text: str) -> str:
    """Return prose on a single line."""
    return " ".join(prose(text).split())


def _paragraph(text: str, room: int) -> list[str]:
    words = prose(text).strip()
    if len(words) <= room and "\n" not in words:
        return [words] if words else []
    lines: list[str] = []
    for line in _joined(words.split("\n")):
        if len(line) <= room:
            lines.append(line)
            continue
        lines += wrap(line, room) or [""]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _joined(lines: Iterable[str]) -> list[str]:
    """Join the lines of running text; lists, tables, code and indented lines stay apart."""
    found: list[str] = []
    is_code = False
    for line in (line.rstrip() for line in lines):
        is_apart = is_code or not line or bool(_APART.match(line))
        if line.startswith("```"):
            is_code = not is_code
            is_apart = True
        if found and found[-1] and not is_apart and not _APART.match(found[-1]):
            found[-1] += f" {line}"
        else:
            found.append(line)
    return found


def _is_plain(character: str) -> bool:
    """False for controls, bidirectional marks, other formats, lone surrogates and separators."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\u{{{code:x}}}"
