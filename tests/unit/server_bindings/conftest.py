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
    packages: set[str] = set()
    path = str(folder / "src")
    sys.path.insert(0, path)

    def made(text: str, package: str) -> ModuleType:
        emission = emission_of(folder, text, package)
        content = tree(emission.files, {})
        write(folder / package, content)
        (folder / "src").mkdir(exist_ok=True)
        (folder / "src" / package).symlink_to(folder / package / "src" / package)
        importlib.invalidate_caches()
        packages.add(package)
        return importlib.import_module(package)

    yield made
    sys.path.remove(path)
    # Nothing else may go: a toolchain that is imported twice has two of each class.
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
