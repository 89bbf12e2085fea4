"""`venuekit changes`, as a CI job sees it: 0 clean, 1 broken, 2 could not compare."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import venuekit_oasdiff
from venuekit.cli import app

DOCUMENT = """\
openapi: 3.1.0
info: {title: Example, version: 1.0.0}
paths:
  /time:
    get:
      operationId: getTime
      parameters: [{name: unit, in: query, schema: {type: string}}]
      responses: {'200': {description: The time.}}
"""


def run(folder: Path, after: str, *options: str) -> Result:
    (folder / "before.yaml").write_text(DOCUMENT)
    (folder / "after.yaml").write_text(after)
    words = ["changes", str(folder / "after.yaml"), "--against", str(folder / "before.yaml")]
    return CliRunner().invoke(app, [*words, *options])


def test_nothing_broken_is_0(tmp_path: Path) -> None:
    result = run(tmp_path, DOCUMENT)
    assert result.exit_code == 0
    assert f"oasdiff {venuekit_oasdiff.VERSION}" in result.output
    assert "not compared: " in result.output


def test_a_break_is_1_with_its_place(tmp_path: Path) -> None:
    result = run(tmp_path, DOCUMENT.replace("{type: string}", "{type: integer}"))
    assert result.exit_code == 1
    assert f"{tmp_path}/after.yaml:7:" in result.output
    assert "error[oasdiff/request-parameter-type-changed] (wire): getTime: " in result.output


def test_a_report_for_tools(tmp_path: Path) -> None:
    after = DOCUMENT.replace("operationId: getTime", "operationId: readTime")
    result = run(tmp_path, after, "--format", "json")
    assert result.exit_code == 1
    (finding,) = [f for f in json.loads(result.output)["findings"] if f["severity"] == "error"]
    assert (finding["rule"], finding["promise"]) == ("oasdiff/api-operation-id-removed", "sdk")


def test_without_oasdiff_it_is_2_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise venuekit_oasdiff.OasdiffMissingError("it was not built: there is no `go` on PATH")

    monkeypatch.setattr(venuekit_oasdiff, "binary", missing)
    result = run(tmp_path, DOCUMENT)
    assert result.exit_code == 2
    assert "there is no `go` on PATH" in result.output
    assert "INCOMPLETE" in result.output


def test_a_baseline_that_cannot_be_read_is_2(tmp_path: Path) -> None:
    (tmp_path / "after.yaml").write_text(DOCUMENT)
    (tmp_path / "before.yaml").write_text("openapi: [\n")
    words = ["changes", str(tmp_path / "after.yaml"), "--against", str(tmp_path / "before.yaml")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "before.yaml:" in result.output
