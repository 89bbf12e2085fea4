"""Writes small documents and loads them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from venuekit.contract import Contract, Schema
from venuekit.finding import Finding, FindingsError
from venuekit.load import Loaded, load

Write = Callable[..., list[Path]]


class Loader:
    """Loads documents given as text; files are named as the keywords say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: dict[str, str]) -> list[Path]:
        paths = []
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
            paths.append(path)
        return paths

    def load(self, text: str, *overlays: str, name: str = "api.yaml", **beside: str) -> Loaded:
        self.write({f"{key}.yaml": value for key, value in beside.items()})
        (path,) = self.write({name: text})
        changes = self.write({f"overlay{n}.yaml": o for n, o in enumerate(overlays)})
        return load([path], changes)

    def many(self, **files: str) -> Loaded:
        return load(self.write({f"{name}.yaml": text for name, text in files.items()}))

    def fails(self, text: str, *overlays: str, **beside: str) -> list[str]:
        """Return what a document that cannot be loaded is told, a line for each finding."""
        with pytest.raises(FindingsError) as caught:
            self.load(text, *overlays, **beside)
        return lines(caught.value.findings)

    def schemas(self, text: str, version: str = "3.1.0") -> tuple[dict[str, Schema], list[str]]:
        """Return the component schemas that YAML says, and what was found."""
        head = f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n"
        body = "components:\n  schemas:\n" + textwrap.indent(textwrap.dedent(text), "    ")
        loaded = self.load(head + body)
        schemas = {name: named.schema for name, named in loaded.contract.schemas.items()}
        return schemas, lines(loaded.findings)


def lines(findings: tuple[Finding, ...]) -> list[str]:
    """Return findings as `file:line:column: severity[rule]: message`, without folders."""
    found = []
    for finding in findings:
        assert finding.help
        assert finding.origin is not None
        place = finding.origin.place
        where = f"{Path(place.file).name}:{place.line}:{place.column}"
        found.append(f"{where}: {finding.severity}[{finding.rule}]: {finding.message}")
    return found


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loader:
    monkeypatch.chdir(tmp_path)
    return Loader(tmp_path)


@pytest.fixture(scope="session")
def meridian() -> Contract:
    spec = Path(__file__).parents[3] / "spec"
    names = ("rest.openapi.yaml", "stream.asyncapi.yaml", "fix.asyncapi.yaml")
    loaded = load([spec / name for name in names])
    assert loaded.findings == ()
    return loaded.contract
