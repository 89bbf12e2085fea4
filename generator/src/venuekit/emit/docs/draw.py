"""Draws views with Jinja: the one place where templates are read and filled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from venuekit.contract import JsonValue
from venuekit.emit.docs.text import json_text
from venuekit.emit.docs.views import Example, Examples, FieldRow, Fields, Grid, TagRow, Tags

_ENVIRONMENT = Environment(
    loader=PackageLoader("venuekit.emit.docs"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,
)


def draw(template: str, view: Any) -> str:
    """Fill `templates/<template>.md.jinja` with a view, and tidy the blank lines."""
    text = _ENVIRONMENT.get_template(f"{template}.md.jinja").render(page=view)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def part(template: str, view: Any) -> str:
    """Fill a template that stands inside a page."""
    return draw(template, view).rstrip("\n")


def fields(rows: Iterable[FieldRow]) -> str:
    """Draw a table of fields, or nothing where there are none."""
    table = Fields(rows=tuple(rows))
    return part("fields", table) if table.rows else ""


def tags(rows: Iterable[TagRow]) -> str:
    """Draw a table of FIX tags, or nothing where there are none."""
    table = Tags(rows=tuple(rows))
    return part("tags", table) if table.rows else ""


def grid(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Draw a table of cells, or nothing where it has no rows."""
    lines = tuple(" | ".join(row) for row in rows)
    rule = "|".join("---" for _ in heading)
    return part("grid", Grid(heading=" | ".join(heading), rule=rule, rows=lines)) if lines else ""


def bullets(lines: Iterable[str]) -> str:
    """Draw a list, or nothing where it is empty."""
    return "\n".join(f"- {line}" for line in lines)


def examples(values: Iterable[tuple[str, JsonValue]]) -> str:
    """Draw values as JSON under their captions, or nothing where there are none."""
    drawn = tuple(
        Example(caption=caption, body=json_text(value), language="json")
        for caption, value in values
    )
    return part("examples", Examples(examples=drawn)) if drawn else ""
