"""An installation without AsyncAPI's schemas, which its build fetches, says how to get them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ASYNC = "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n"
OPEN = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package as a checkout has it before it is built."""
    folder = tmp_path_factory.mktemp("checkout with blanks") / "generator"
    ignored = shutil.ignore_patterns("schemas", "__pycache__")
    shutil.copytree(ROOT / "generator" / "src", folder / "src", ignore=ignored)
    return folder


def checked(sources: Path, text: str) -> tuple[int, str]:
    document = sources.parent / "api.yaml"
    document.write_text(text, encoding="utf-8")
    program = "import sys; from venuekit.cli import main; sys.exit(main())"
    said = subprocess.run(
        [sys.executable, "-c", program, "check", document.name],
        cwd=sources.parent,
        env={**os.environ, "PYTHONPATH": str(sources / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return said.returncode, said.stdout + said.stderr


def test_the_command_that_cures_is_named(sources: Path) -> None:
    code, said = checked(sources, ASYNC)
    assert code == 2
    assert said.startswith(
        "api.yaml:1:11: error[unsupported-document]: asyncapi 3.0.0 cannot be read without"
        " AsyncAPI's schemas, which this installation lacks\n"
    )
    assert f"{sys.executable} -m pip install --force-reinstall --no-cache-dir venuekit" in said
    shutil.copy(ROOT / "generator" / "hatch_build.py", sources / "hatch_build.py")
    assert f"{sys.executable} -m pip install --editable '{sources}'" in checked(sources, ASYNC)[1]


def test_other_documents_are_read_all_the_same(sources: Path) -> None:
    code, said = checked(sources, OPEN)
    assert code == 0, said
