"""The site builds without a warning, reads without scripts, and asks nobody else for anything."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

ROOT = Path(__file__).parents[3]
HEAVIEST_PAGE = 45_000
"""Compressed bytes of HTML; a page of a large contract has some 20,000."""
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    command += ["-f", str(ROOT / "docs" / "mkdocs.yml"), "-d", str(folder)]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(command, capture_output=True, text=True, env=env, timeout=120)
    assert result.returncode == 0, result.stderr
    assert "WARNING" not in result.stderr
    return folder


class Page(HTMLParser):
    """What a page loads, and the words it shows without scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.words = ""
        self._is_silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._is_silent = tag in ("script", "style")
        address = values.get(LOADING.get(tag, ""))
        is_loaded = tag != "link" or values.get("rel") in ("stylesheet", "icon", "preload")
        if address and is_loaded:
            self.loads.append(address)

    def handle_endtag(self, tag: str) -> None:
        self._is_silent = False

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self.words += data


def test_every_kind_of_page_is_there(site: Path) -> None:
    for path in (
        "start",
        "guides/signing",
        "reference/rest/placeOrder",
        "reference/channels/book",
        "reference/messages/NewOrderSingle",
        "reference/schemas/Order",
        "reference/errors/RATE_LIMITED",
        "venuekit/rules/create-without-dedup-key",
        "contributing/add-a-rule",
    ):
        assert (site / path / "index.html").is_file(), path


def test_no_page_loads_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 200
    for path in pages:
        for address in Page(path.read_text(encoding="utf-8")).loads:
            assert urljoin("https://here.example/", address).startswith("https://here.example/"), (
                path,
                address,
            )
    for path in site.rglob("*.css"):
        assert "url(http" not in path.read_text(encoding="utf-8"), path


def test_no_page_is_heavy(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert len(gzip.compress(path.read_bytes())) < HEAVIEST_PAGE, path


@pytest.mark.parametrize(
    ("page", "sample"),
    [
        ("reference/rest/placeOrder", "placeOrder/python.py"),
        ("reference/rest/placeOrder", "placeOrder/typescript.ts"),
        ("reference/rest/placeOrder", "placeOrder/curl.sh"),
        ("start", "first-stream/python.py"),
        ("guides/signing", "sign-by-hand/typescript.ts"),
    ],
)
def test_samples_are_read_without_scripts(site: Path, page: str, sample: str) -> None:
    shown = Page((site / page / "index.html").read_text(encoding="utf-8")).words
    program = (ROOT / "docs" / "samples" / sample).read_text(encoding="utf-8")
    assert program.strip() in shown


def test_a_broken_link_fails_the_build(tmp_path: Path, site: Path) -> None:
    assert site.is_dir()
    folder = tmp_path / "docs"
    (folder / "content").mkdir(parents=True)
    (folder / "content" / "index.md").write_text("# A\n\n[b](#nowhere)\n", encoding="utf-8")
    config = (ROOT / "docs" / "mkdocs.yml").read_text(encoding="utf-8")
    config = config.partition("\n# An entry that names")[0]
    config = config.replace("hooks: [hooks.py]\n", "").replace("extra_css: [style.css]\n", "")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "-f",
        str(folder / "mkdocs.yml"),
    ]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(command, capture_output=True, text=True, env=env, timeout=120)
    assert result.returncode == 1
    assert "nowhere" in result.stderr
