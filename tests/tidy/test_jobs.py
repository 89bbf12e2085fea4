"""The jobs: documented, set up from nothing, and the same for README, CI and the reader."""

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tidy_tree import ROOT

BOOTSTRAP = ROOT / ".ci" / "bootstrap.py"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sessions() -> dict[str, str | None]:
    """Return every session's name and docstring."""
    return {
        node.name: ast.get_docstring(node)
        for node in ast.parse(text("noxfile.py")).body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(d).startswith("nox.session") for d in node.decorator_list)
    }


def test_every_session_says_what_it_does() -> None:
    wanted = "check tests rules golden generate conformance docs server demo bench corpus clean"
    assert set(wanted.split()) <= set(sessions())
    assert [name for name, said in sessions().items() if not said] == []


def test_ci_and_readme_run_the_same_command() -> None:
    commands = re.findall(r"^python3 (noxfile\.py -s \w+)", text("README.md"), re.MULTILINE)
    assert commands == ["noxfile.py -s demo", "noxfile.py -s tests"]
    assert f"{commands[1]} </dev/null" in text(".ci/run")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_nox_is_pinned_to_one_version() -> None:
    pins = {
        re.findall(r'nox==([\d.]+)"', text("noxfile.py"))[0],
        re.findall(r'^NOX = "([\d.]+)"', text(".ci/bootstrap.py"), re.MULTILINE)[0],
        re.findall(r'"nox==([\d.]+)"', text("pyproject.toml"))[0],
    }
    assert len(pins) == 1


@pytest.fixture
def bootstrap() -> dict[str, Any]:
    return runpy.run_path(str(BOOTSTRAP))


def test_a_bare_python_without_pip_is_told_what_to_install(
    bootstrap: dict[str, Any], tmp_path: Path
) -> None:
    make_home = bootstrap["make_home"]
    make_home.__globals__.update(can_run=lambda _module: False, HOME=tmp_path / "home")
    with pytest.raises(bootstrap["SetUpError"], match=r"apt-get install python3-venv"):
        make_home(tmp_path / "home" / "bin" / "python")


def test_an_old_python_is_refused(
    bootstrap: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert bootstrap["main"](["--list"]) == 2
    assert "is Python 3.10.4; Python 3.11 or newer is needed" in capsys.readouterr().err


def test_what_can_run_is_seen(bootstrap: dict[str, Any]) -> None:
    assert bootstrap["can_run"]("json.tool") is False
    assert bootstrap["can_run"]("venv") is True
    assert bootstrap["can_run"]("no_such_module") is False


def test_no_session_runs_by_the_environment_that_it_makes_anew() -> None:
    home = ROOT / ".nox" / "project"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.is_file():
        pytest.skip("the shared environment is made by the first session")
    command = [str(python), str(ROOT / "noxfile.py"), "-s", "rules"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert f"nox runs by {python}, of the environment .nox" in said
    assert "run `python3 noxfile.py -s NAME` with the system's Python" in said
    assert python.is_file()


def test_noxfile_starts_under_an_interpreter_that_has_nox() -> None:
    command = [sys.executable, str(ROOT / "noxfile.py"), "--list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "* tests -> " in done.stdout
