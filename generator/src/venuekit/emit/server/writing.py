"""Descriptors to source: the runtime's own structs, made from the contract, written down."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import NODEFAULT, UNSET, Struct, structs

from venuekit.emit.python.text import literal

WIDTH = 96


def source_of(value: Any, indent: int = 0) -> str:
    """Return Python source that makes a value: a struct, tuple, mapping or scalar.

    What equals its default is left out; a line that is too long is broken after each element.
    """
    match value:
        case Struct():
            return _call(type(value).__name__, _struct_parts(value, indent + 4), indent)
        case tuple():
            parts = [source_of(item, indent + 4) for item in value]
            line = f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
            return line if _fits(line, indent) else _broken("(", parts, ")", indent)
        case Mapping():
            parts = [f"{literal(k)}: {source_of(v, indent + 4)}" for k, v in value.items()]
            line = "{" + ", ".join(parts) + "}"
            return line if _fits(line, indent) else _broken("{", parts, "}", indent)
        case Decimal():
            return f"Decimal({literal(str(value))})"
        case str() | bool() | int() | None:
            return literal(value)
        case _:
            raise TypeError(f"no source makes a {type(value).__name__}")


def _struct_parts(value: Struct, indent: int) -> list[str]:
    """Return the arguments: required ones by position where the struct takes them so."""
    parts = []
    for name, is_positional, default in _fields(type(value)):
        found = getattr(value, name)
        if found is default or found == default:
            continue
        text = source_of(found, indent)
        parts.append(text if is_positional else f"{name}={text}")
    return parts


@functools.cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, bool, Any], ...]:
    """Return name, whether it is given by position, and default of each field."""
    kinds = inspect.signature(kind).parameters
    rows = []
    for field in structs.fields(kind):
        is_named = kinds[field.name].kind is inspect.Parameter.KEYWORD_ONLY
        default: Any = UNSET
        if field.default is not NODEFAULT:
            default = field.default
        elif field.default_factory is not NODEFAULT:
            default = field.default_factory()
        rows.append((field.name, field.required and not is_named, default))
    return tuple(rows)


def _call(name: str, parts: list[str], indent: int) -> str:
    line = f"{name}({', '.join(parts)})"
    return line if _fits(line, indent) else _broken(f"{name}(", parts, ")", indent)


def _fits(line: str, indent: int) -> bool:
    return "\n" not in line and len(line) + indent <= WIDTH


def _broken(start: str, parts: list[str], end: str, indent: int) -> str:
    pad = " " * (indent + 4)
    return f"{start}\n" + "".join(f"{pad}{part},\n" for part in parts) + " " * indent + end


def names_in(source: str, known: tuple[str, ...]) -> list[str]:
    """Return which of some class names a source calls."""
    used = set(re.findall(r"\b[A-Z][A-Za-z]*(?=\()", source))
    return [name for name in known if name in used]
