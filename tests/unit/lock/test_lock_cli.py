"""The exit codes of `generate`, which CI stands on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from venuekit.cli import app

MIXED = {
    "operationId": "upload",
    "requestBody": {"content": {"multipart/mixed": {"schema": {"type": "object"}}}},
    "responses": {"200": {"description": "ok"}},
}


def code(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture
def document(venue: Any, tmp_path: Path) -> Path:
    file = tmp_path / "venue.json"
    file.write_text(json.dumps(venue.document), encoding="utf-8")
    return file


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_rename_stops_ci_until_somebody_decides(document: Path, tmp_path: Path) -> None:
    lock = tmp_path / "names.lock"
    words = ("generate", "python", document, "-o", tmp_path / "sdk", "--lock", lock)
    assert code(*words)[0] == 0
    assert code(*words, "--check")[0] == 0
    _edit(document, "placeOrder", "createOrder")
    for more in ((), ("--check",)):
        found, said = code(*words, *more)
        assert found == 1
        assert "error[sdk-name-changed] (sdk): python: the document now says 'createOrder'" in said
    assert code(*words, "--accept-renames", "--keep-names")[0] == 2
    assert code(*words, "--accept-renames")[0] == 0
    assert code(*words, "--check")[0] == 0


def test_one_document_leaves_the_lock_of_several_alone(document: Path, tmp_path: Path) -> None:
    words = ("generate", "python", document, "-o", tmp_path / "sdk")
    assert code(*words)[0] == 0
    lock = tmp_path / "venuekit.lock"
    assert not lock.exists()
    lock.write_text("venuekit-lock 1\n", encoding="utf-8")
    assert code(*words)[0] == 0
    assert lock.read_text(encoding="utf-8") == "venuekit-lock 1\n"
    assert code(*words, "--lock", lock)[0] == 0
    assert "python method" in lock.read_text(encoding="utf-8")


def test_losses_fail_unless_their_rule_is_named(venue: Any, document: Path, tmp_path: Path) -> None:
    venue.paths["/upload"] = {"post": MIXED}
    document.write_text(json.dumps(venue.document), encoding="utf-8")
    words = ("generate", "python", document, "-o", tmp_path / "sdk")
    assert code(*words)[0] == 1
    assert not (tmp_path / "sdk").exists()
    assert code(*words, "--allow-missing", "no-such-rule")[0] == 2
    found, said = code(*words, "--allow-missing", "not-carried,python-not-emitted")
    assert found == 0
    assert "operations in 3, out 2, 1 allowed missing" in said


def test_a_broken_lock_is_no_reason_to_write(document: Path, tmp_path: Path) -> None:
    lock = tmp_path / "names.lock"
    lock.write_text("something else\n", encoding="utf-8")
    found, said = code("generate", "python", document, "-o", tmp_path / "sdk", "--lock", lock)
    assert found == 2
    assert f"{lock}:1:1: error[invalid-lock]" in said
    assert lock.read_text(encoding="utf-8") == "something else\n"
