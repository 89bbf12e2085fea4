"""Builds pages from documents, and reads them as the site's own Markdown would show them."""

from __future__ import annotations

import hmac
import json
import os
import posixpath
import re
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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


class Venue:
    """A running Meridian, and a client of its own that shares no code with the samples."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.url: str = ready["url"]
        self.accounts = ready["accounts"]
        self._derive = runpy.run_path(str(ROOT / "spec" / "vectors" / "derive.py"))

    def environment(self, account: str = "alice", url: str | None = None) -> dict[str, str]:
        key = self.accounts[account]["hmac"]
        names = {"MERIDIAN_KEY": key["key"], "MERIDIAN_SECRET": key["secret"]}
        return {**os.environ, **names, "MERIDIAN_URL": url or self.url}

    def signed(
        self,
        method: str,
        target: str,
        body: bytes,
        *,
        account: str = "alice",
        key: str = "hmac",
        secret: str | None = None,
        late_ms: int = 0,
    ) -> dict[str, str]:
        """Return the headers that sign a request."""
        held = self.accounts[account][key]
        inputs = {
            "method": method,
            "host": urlsplit(self.url).netloc,
            "target": target,
            "body": body.decode(),
            "timestamp": str(time.time_ns() // 1_000_000 - late_ms),
            "nonce": os.urandom(16).hex(),
            "key": held["key"],
        }
        canonical, _digest = self._derive["canonical"](inputs)
        text = (secret or held["secret"]).encode()
        return {
            "MERIDIAN-KEY": held["key"],
            "MERIDIAN-TIMESTAMP": inputs["timestamp"],
            "MERIDIAN-NONCE": inputs["nonce"],
            "MERIDIAN-SIGNATURE": hmac.new(text, canonical.encode(), "sha256").hexdigest(),
        }

    def send(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """Send a request as it is and return the answer as JSON, with its status if it failed."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        connection.request(method, target, body=body or None, headers=dict(headers))
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return answer if response.status < 400 else {**answer, "status": response.status}

    def ask(
        self,
        method: str,
        target: str,
        body: Any = None,
        account: str = "alice",
        *,
        raw: bytes | None = None,
        media: str = "application/json",
        **signing: Any,
    ) -> Any:
        """Send a signed request and return the answer as JSON."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        headers = self.signed(method, target, data, account=account, **signing)
        if data:
            headers["Content-Type"] = media
        return self.send(method, target, data, headers)

    def place(self, side: str, price: str, account: str = "alice", **more: str) -> Any:
        order = {
            "client_order_id": os.urandom(8).hex(),
            "symbol": "BTC-USD",
            "side": side,
            "order_type": "limit",
            "quantity": "0.01",
            "price": price,
        }
        return self.ask("POST", "/v1/orders", order | more, account)


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    folder = tmp_path_factory.mktemp("venue")
    ready = folder / "ready.json"
    command = [sys.executable, "-c", "from meridian_server.cli import main; main()", "--demo"]
    command += ["--port", "0", "--data", str(folder / "data"), "--ready-file", str(ready)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 60
            while not ready.is_file() and time.monotonic() < deadline:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
            assert ready.is_file(), "the server did not come up"
            yield Venue(json.loads(ready.read_text(encoding="utf-8")))
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            finally:
                process.kill()
