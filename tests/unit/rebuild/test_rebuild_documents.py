"""The same comparison over documents that were not written for it: quirks, our contract, venues."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rebuild_compare import DifferenceError, compare

from venuekit import commands
from venuekit.rebuild import CacheFolder
from venuekit.report import Format, render
from venuekit.source import SourceError, load_document

ROOT = Path(__file__).parents[3]
QUIRKS = sorted((ROOT / "tests" / "quirks").glob("*.yaml"))
OKX = ROOT.parent / "shared" / "corpus" / "openxapi" / "okx-rest.openapi.yaml"
ENCODER = msgspec.json.Encoder(decimal_format="number")
METHODS = ("get", "put", "post", "delete", "patch")


def document(file: Path) -> dict[str, Any]:
    """Return an OpenAPI document with paths, or skip the test."""
    try:
        value: Any = load_document(file).value
    except SourceError:
        pytest.skip("this one cannot be read")
    if not isinstance(value, dict) or "openapi" not in value or not value.get("paths"):
        pytest.skip("this one has no paths")
    return value


def edits(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a document again and again, each time with one more edit."""
    yield value
    items = [item for item in value["paths"].values() if isinstance(item, dict)]
    found = [item[m] for item in items for m in METHODS if isinstance(item.get(m), dict)]
    for operation in found[len(found) // 2 :][:1]:
        operation["description"] = "Edited.\n\nIn two lines."
        yield value
        parameter = {"name": "edited", "in": "query", "schema": {"type": "integer"}}
        operation.setdefault("parameters", []).append(parameter)
        yield value
    answer = {"type": "object", "properties": {"n": {"type": "integer", "format": "int64"}}}
    content = {"application/json": {"schema": answer}}
    responses = {"200": {"description": "Fine.", "content": content}}
    value["paths"]["/added"] = {"get": {"operationId": "addedAtTheEnd", "responses": responses}}
    yield value
    value["paths"].pop(next(iter(value["paths"])))
    yield value


@pytest.mark.parametrize("file", QUIRKS, ids=lambda file: file.stem)
def test_quirks(file: Path, tmp_path: Path) -> None:
    for number, value in enumerate(edits(document(file))):
        written = tmp_path / "document.json"
        written.write_bytes(msgspec.json.format(ENCODER.encode(value)))
        try:
            compare(written, "typescript", tmp_path)
        except DifferenceError:
            pytest.fail(f"edit {number}")


@pytest.mark.skipif(not OKX.is_file(), reason="the corpus is not there")
def test_a_venue(tmp_path: Path) -> None:
    for value in edits(document(OKX)):
        written = tmp_path / "document.json"
        written.write_bytes(msgspec.json.format(ENCODER.encode(value)))
        compare(written, "typescript", tmp_path)


def test_a_contract_of_several_files(tmp_path: Path) -> None:
    folder = tmp_path / "spec"
    shutil.copytree(ROOT / "spec", folder)
    cache = CacheFolder(tmp_path / "cache")
    schema = sorted((folder / "schemas").glob("*.yaml"))[0]
    for text in ("", "\n# A comment that says nothing.\n", "", "\nx-nothing: true\n"):
        schema.write_text(schema.read_text().removesuffix("\n# A comment that says nothing.\n"))
        schema.write_text(schema.read_text() + text)
        plain, first, again = (
            render(run(folder, tmp_path / f"out-{bool(used)}", used), Format.JSON)
            for used in (None, cache, cache)
        )
        assert bare(plain) == bare(first) == bare(again)
        assert "nothing changed" in again
        assert trees(tmp_path / "out-False") == trees(tmp_path / "out-True")


def bare(said: str) -> str:
    """Return what a run says beside where it writes, and whether that was needed."""
    return said.replace("out-False", "out-True").replace(" (nothing changed)", "")


def run(folder: Path, output: Path, cache: CacheFolder | None) -> Any:
    given = commands.inputs([folder / "venuekit.yaml"], [])
    return commands.generate(given, "typescript", output, None, False, cache=cache)


def trees(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
