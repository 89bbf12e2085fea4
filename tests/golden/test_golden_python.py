"""Golden cases of the Python emitters: a document, and the files that it must become.

A case is a folder of `golden/python/` or `golden/server/` with `input.yaml` and `expected/`, which
holds the files that the case is about. A new case starts with those files empty; accept to fill
them.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest

from venuekit.emit.emission import Options
from venuekit.emit.python import emit as emit_sdk
from venuekit.emit.server import emit as emit_server
from venuekit.load import load

HERE = Path(__file__).parent
EMITTERS = {"python": emit_sdk, "server": emit_server}
ACCEPTS = os.environ.get("VENUEKIT_ACCEPT") == "1"
ACCEPT = "nox -s golden -- --accept"
MOST_FILES, MOST_LINES = 8, 200


def cases() -> list[str]:
    folders = (folder for kind in EMITTERS for folder in (HERE / kind).iterdir())
    return sorted(f.relative_to(HERE).as_posix() for f in folders if f.is_dir())


@pytest.mark.parametrize("name", cases())
def test_case(name: str) -> None:
    folder = HERE / name
    contract = load([folder / "input.yaml"]).contract
    emission = EMITTERS[folder.parent.name](contract, Options(package="golden"))
    assert emission.emitted == contract.counts
    expected = folder / "expected"
    for file in sorted(path for path in expected.rglob("*") if path.is_file()):
        path = file.relative_to(expected).as_posix()
        found = emission.files[path]
        assert isinstance(found, str)
        if ACCEPTS:
            file.write_text(found, encoding="utf-8")
        wanted = file.read_text(encoding="utf-8")
        lines = difflib.unified_diff(
            wanted.splitlines(), found.splitlines(), f"expected/{path}", "emitted", lineterm=""
        )
        difference = "\n".join(lines)
        if wanted != found:
            pytest.fail(f"{difference}\n\nIf this is right, accept it: {ACCEPT}", pytrace=False)


@pytest.mark.parametrize("name", cases())
def test_case_is_small(name: str) -> None:
    files = [path for path in (HERE / name).rglob("*") if path.is_file()]
    assert len(files) <= MOST_FILES
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert lines <= MOST_LINES, f"{name} has {lines} lines: one idea per case"
