"""A venue that enforces its sessions, and packages that were emitted for it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from session_venue import Venue, serve

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import load

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A venue of this test's own."""
    with serve(Venue) as running:
        yield running


@pytest.fixture(scope="session")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ModuleType]:
    """What emits a Python package of documents and imports it, each once."""
    made: dict[str, ModuleType] = {}

    def make(package: str, *names: str) -> ModuleType:
        if package not in made:
            loaded = load([DOCUMENTS / name for name in names])
            emission = emit(loaded.contract, Options(package=package))
            assert [f for f in emission.findings if f.severity == "error"] == []
            assert emission.emitted == loaded.contract.counts
            folder = tmp_path_factory.mktemp(package)
            for path, content in emission.files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                text = content if isinstance(content, str) else content.decode()
                (folder / path).write_text(text, encoding="utf-8")
            sys.path.insert(0, str(folder / "src"))
            made[package] = importlib.import_module(package)
        return made[package]

    return make


@pytest.fixture
def rest(emitted: Callable[..., ModuleType]) -> ModuleType:
    """The package of the REST document."""
    return emitted("session_rest", "rest.openapi.yaml")


@pytest.fixture
def user(emitted: Callable[..., ModuleType]) -> ModuleType:
    """The package of the REST document and the user stream's."""
    return emitted("session_user", "rest.openapi.yaml", "user.asyncapi.yaml")


@pytest.fixture
def kraken(emitted: Callable[..., ModuleType]) -> ModuleType:
    """The package of a venue whose token stands in each private message."""
    return emitted("session_kraken", "kraken.openapi.yaml", "kraken.asyncapi.yaml")
