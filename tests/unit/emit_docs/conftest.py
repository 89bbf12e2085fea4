"""Builds pages from documents, and reads them as the site's own Markdown would show them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from venuekit.emit.docs import emit
from venuekit.emit.emission import Options
from venuekit.load import load

ROOT = Path(__file__).parents[3]
SPEC = ROOT / "spec"
EXTENSIONS = (
    *("admonition", "attr_list", "md_in_html", "tables", "toc"),
    *("pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.snippets"),
    *("pymdownx.superfences", "pymdownx.tabbed"),
)


class Shown(HTMLParser):
    """What a browser would make of a page: elements, attributes, ids and text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _tag, attributes in self.elements if "id" in attributes]

    @property
    def links(self) -> list[str]:
        return [a["href"] for tag, a in self.elements if tag == "a" and "href" in a]


@pytest.fixture(scope="session")
def show() -> Callable[..., Shown]:
    def show(page: str, base: Path = ROOT) -> Shown:
        settings = {"pymdownx.snippets": {"base_path": [str(base)], "check_paths": False}}
        converter = markdown.Markdown(extensions=list(EXTENSIONS), extension_configs=settings)
        shown = Shown()
        shown.feed(converter.convert(page))
        shown.close()
        return shown

    return show


@pytest.fixture
def emit_text(tmp_path: Path) -> Callable[..., Mapping[str, str]]:
    """Return pages of documents that are given as text, by file name."""

    def emitted(documents: Mapping[str, str]) -> Mapping[str, str]:
        for name, text in documents.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        loaded = load([tmp_path / name for name in documents], [])
        return pages_of(emit(loaded.contract, Options(package="example")).files)

    return emitted


def pages_of(files: Mapping[str, str | bytes]) -> dict[str, str]:
    return {path: text for path, text in files.items() if isinstance(text, str)}


@pytest.fixture(scope="session")
def meridian() -> Mapping[str, str]:
    names = ("rest.openapi.yaml", "stream.asyncapi.yaml", "fix.asyncapi.yaml")
    loaded = load([SPEC / name for name in names], [])
    return pages_of(emit(loaded.contract, Options(package="meridian")).files)


@pytest.fixture(scope="session")
def broken_links(show: Callable[..., Shown]) -> Callable[[Mapping[str, str]], list[str]]:
    """Return the links of a set of pages that lead nowhere."""

    def broken(pages: Mapping[str, str]) -> list[str]:
        shown = {path: show(text) for path, text in pages.items()}
        found = []
        for path, page in shown.items():
            for link in page.links:
                if re.match(r"https?:|mailto:", link):
                    continue
                file, _, fragment = link.partition("#")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
                target = target if file else path
                if target not in shown or (fragment and fragment not in shown[target].ids):
                    found.append(f"{path}: {link}")
        return found

    return broken
