"""The page of the extensions names every member that the linter knows, and no other extension."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "content" / "venuekit" / "extensions.md").read_text(encoding="utf-8")
SCHEMAS = ROOT / "generator" / "src" / "venuekit" / "load" / "extensions"
DOCUMENTED_ELSEWHERE = {"x-signing"}
"""Its operators are a language of their own; the members of its top level are checked."""


def members(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from members(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from members(value)


@pytest.mark.parametrize("file", sorted(SCHEMAS.glob("x-*.json")), ids=lambda f: f.stem)
def test_every_member_is_on_the_page(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    heading = next(h for h in re.findall(r"^## (.*)$", PAGE, re.MULTILINE) if file.stem in h)
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    form = next((one for one in schema.get("oneOf", ()) if "properties" in one), schema)
    wanted = form["properties"] if file.stem in DOCUMENTED_ELSEWHERE else set(members(schema))
    missing = [name for name in wanted if name not in section]
    assert missing == []


def test_every_extension_on_the_page_has_a_schema() -> None:
    headings = " ".join(re.findall(r"^## (.*)$", PAGE, re.MULTILINE))
    named = set(re.findall(r"x-[a-z-]+", headings))
    assert named == {file.stem for file in SCHEMAS.glob("x-*.json")}
