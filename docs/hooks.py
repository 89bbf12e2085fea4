"""Brings into the site what lives elsewhere in the repository: rule pages and contributing notes.

MkDocs calls these functions (`hooks` in mkdocs.yml). A rule's page is the `rule.md` of its folder;
an entry of the navigation that names a SUMMARY.md stands for the list in that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

DOCS = Path(__file__).parent
ROOT = DOCS.parent
CONTENT = DOCS / "content"
FAMILIES = (
    ("Contract", ROOT / "generator" / "src" / "venuekit" / "checks"),
    ("Changes", ROOT / "generator" / "src" / "venuekit" / "changes"),
)
RULES = "venuekit/rules"
CONTRIBUTING = "contributing"
CHAPTERS = ("architecture", "add-a-rule", "add-a-language", "style", "dependencies")
_ENTRY = re.compile(r"(?P<indent> *)- \[(?P<title>.*)\]\((?P<path>[^)]+)\)\Z")

NavEntry = dict[str, Any] | str


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Replace the entries that stand for lists."""
    config.nav = [_expanded(entry) for entry in config.nav or []]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand outside the site's folder."""
    for path, text in _outside_pages():
        files.append(File.generated(config, path, content=text))
    return files


def _expanded(entry: NavEntry) -> NavEntry:
    if isinstance(entry, str):
        return entry
    ((title, value),) = entry.items()
    if isinstance(value, list):
        return {title: [_expanded(child) for child in value]}
    if not value.endswith("SUMMARY.md"):
        return entry
    folder = value.rpartition("/")[0]
    lists = {RULES: _rules_nav, CONTRIBUTING: _contributing_nav}
    return {title: lists[folder]() if folder in lists else _listed(folder)}


def _listed(folder: str) -> list[NavEntry]:
    """Return the nested list of a SUMMARY.md; an entry with others below it heads a section."""
    lines = (CONTENT / folder / "SUMMARY.md").read_text(encoding="utf-8").splitlines()
    found: list[NavEntry] = []
    for line in lines:
        match = _ENTRY.match(line)
        if match is None:
            raise ValueError(f"{folder}/SUMMARY.md: expected '- [title](path)', found {line!r}")
        path = f"{folder}/{match['path']}"
        if not match["indent"]:
            found.append({match["title"]: [path]})
        else:
            heading = found[-1]
            assert isinstance(heading, dict)
            next(iter(heading.values())).append(path)
    return [_flat(entry) for entry in found]


def _flat(entry: NavEntry) -> NavEntry:
    assert isinstance(entry, dict)
    ((title, pages),) = entry.items()
    return {title: pages[0]} if len(pages) == 1 else entry


def _rule_files() -> Iterator[tuple[str, str, Path]]:
    for family, root in FAMILIES:
        for file in sorted(root.glob("*/rule.md")):
            yield family, file.parent.name.replace("_", "-"), file


def _rules_nav() -> list[NavEntry]:
    groups: dict[str, list[str]] = {}
    for family, rule, _file in _rule_files():
        groups.setdefault(family, []).append(f"{RULES}/{rule}.md")
    return [f"{RULES}/index.md", *({family: pages} for family, pages in groups.items())]


def _contributing_files() -> Iterator[tuple[str, Path]]:
    folder = DOCS / "contributing"
    for file in (*folder.glob("*.md"), *sorted((folder / "decisions").glob("*.md"))):
        yield f"{CONTRIBUTING}/{file.relative_to(folder).as_posix()}", file


def _contributing_nav() -> list[NavEntry]:
    present = {path for path, _file in _contributing_files()}
    chapters = [f"{CONTRIBUTING}/{name}.md" for name in CHAPTERS]
    decisions = sorted(path for path in present if "/decisions/" in path)
    named: list[NavEntry] = [path for path in chapters if path in present]
    return [*named, {"Decisions": decisions}]


def _outside_pages() -> Iterator[tuple[str, str]]:
    index = ["# Rules", "", "`venuekit explain ID` prints the same pages."]
    family_now = ""
    for family, rule, file in _rule_files():
        text = file.read_text(encoding="utf-8")
        if family != family_now:
            index += ["", f"## {family}", ""]
            family_now = family
        index.append(f"- [`{rule}`]({rule}.md): {_first_sentence(text)}")
        yield f"{RULES}/{rule}.md", text
    yield f"{RULES}/index.md", "\n".join(index) + "\n"
    for path, file in _contributing_files():
        yield path, file.read_text(encoding="utf-8")


def _first_sentence(text: str) -> str:
    body = re.sub(r"^#.*\n+", "", text)
    paragraph = " ".join(body.partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".") + "."
