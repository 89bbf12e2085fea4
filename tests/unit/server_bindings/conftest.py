"""Bindings that are emitted from a document, written and imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from asking import Emit, emission_of

from venuekit.emit.files import tree, write


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emit]:
    """Emit, write and import: (document text, package name) to the package."""
    folder = tmp_path_factory.mktemp("bindings")
    before = set(sys.modules)
    path = str(folder / "src")
    sys.path.insert(0, path)

    def made(text: str, package: str) -> ModuleType:
        emission = emission_of(folder, text, package)
        content = tree(emission.files, {})
        write(folder / package, content)
        (folder / "src").mkdir(exist_ok=True)
        (folder / "src" / package).symlink_to(folder / package / "src" / package)
        importlib.invalidate_caches()
        return importlib.import_module(package)

    yield made
    sys.path.remove(path)
    for name in set(sys.modules) - before:
        del sys.modules[name]
