"""A large contract's types are made in a copy of the process: the same bytes in every case."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from venuekit.emit.aside import Texts, aside
from venuekit.load import Loaded, load

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process")

EMIT_WITH = """
import os, sys
from pathlib import Path
from venuekit.emit.emission import Options
from venuekit.emit.typescript import emit
from venuekit.load import load

processors, document = int(sys.argv[1]), Path(sys.argv[2])
os.cpu_count = lambda: processors
copies, fork = [], os.fork
def counted():
    copies.append(fork())
    return copies[-1]
os.fork = counted
loaded = load([document])
for path, text in emit(loaded.contract, Options(package="large")).files.items():
    print(path, repr(text))
print("copies", len(copies), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a document of a thousand schemas."""
    members = {"price": {"type": "string", "format": "decimal"}, "at": {"$ref": "#/x"}}
    schemas = {}
    for number in range(1_000):
        members["at"] = {"$ref": f"#/components/schemas/Row{(number + 1) % 1_000}"}
        schemas[f"Row{number}"] = {"type": "object", "properties": dict(members)}
    answer = {"schema": {"$ref": "#/components/schemas/Row0"}}
    responses = {"200": {"description": "Rows.", "content": {"application/json": answer}}}
    path = tmp_path_factory.mktemp("large") / "large.json"
    path.write_text(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "Large", "version": "1"},
                "paths": {"/rows": {"get": {"operationId": "listRows", "responses": responses}}},
                "components": {"schemas": schemas},
            }
        ),
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def loaded(document: Path) -> Loaded:
    return load([document])


@pytest.fixture(autouse=True)
def _two_processors_and_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr("threading.active_count", lambda: 1)


def test_one_processor_and_two_make_the_same_bytes(document: Path) -> None:
    runs = {
        processors: subprocess.run(
            [sys.executable, "-c", EMIT_WITH, str(processors), str(document)],
            capture_output=True,
            check=True,
            text=True,
            timeout=120,
        )
        for processors in (1, 2)
    }
    assert runs[1].stderr == "copies 0\n"
    assert runs[2].stderr == "copies 1\n"
    assert "Row999" in runs[1].stdout
    assert runs[1].stdout == runs[2].stdout


def test_the_work_is_done_in_a_copy(loaded: Loaded) -> None:
    with aside(loaded.contract, lambda: {"by": str(os.getpid())}) as texts:
        assert texts()["by"] != str(os.getpid())


def test_a_small_contract_makes_no_copy(loaded: Loaded, tmp_path: Path) -> None:
    small = tmp_path / "small.json"
    info = {"title": "Small", "version": "1"}
    small.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": {}}), encoding="utf-8")
    with aside(load([small]).contract, lambda: {"by": str(os.getpid())}) as texts:
        assert texts()["by"] == str(os.getpid())


@pytest.mark.parametrize("end", ["killed", "failed", "unsendable"])
def test_what_a_copy_does_not_bring_is_made_here(loaded: Loaded, end: str) -> None:
    here = os.getpid()

    def work() -> Texts:
        if os.getpid() != here and end == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if os.getpid() != here and end == "failed":
            raise ValueError("in the copy alone")
        return {"by": str(os.getpid()), "text": "\ud800" if end == "unsendable" else "plain"}

    with aside(loaded.contract, work) as texts:
        assert texts()["by"] == str(here)


def test_an_error_of_the_work_is_raised_here(loaded: Loaded) -> None:
    def work() -> Texts:
        raise ValueError("wherever it is done")

    with aside(loaded.contract, work) as texts, pytest.raises(ValueError, match="wherever"):
        texts()


def test_a_copy_that_nobody_waits_for_is_ended(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, fork = [], os.fork

    def noted() -> int:
        copies.append(fork())
        return copies[-1]

    def work() -> Texts:
        signal.pause()
        return {}

    monkeypatch.setattr(os, "fork", noted)
    with pytest.raises(KeyError, match="something else"), aside(loaded.contract, work):
        raise KeyError("something else")
    (copy,) = copies
    with pytest.raises(ProcessLookupError):
        os.kill(copy, 0)
