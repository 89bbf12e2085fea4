"""Both SDKs of a document, as a user has them on disk."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from venuekit.emit.emission import Options
from venuekit.finding import Severity
from venuekit.generating import emitter
from venuekit.load import load


def write_sdks(folder: Path, document: Path, *, python: str, typescript: str) -> Path:
    """Write the SDKs of these package names into `python` and `typescript` of a folder."""
    loaded = load([document])
    for target, package in (("python", python), ("typescript", typescript)):
        emission = emitter(target)(loaded.contract, Options(package=package, version="1.0.0"))
        assert [one for one in emission.findings if one.severity is Severity.ERROR] == []
        for path, content in emission.files.items():
            file = folder / target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(str(content), encoding="utf-8")
    return folder


@contextmanager
def imported(folder: Path, package: str) -> Iterator[ModuleType]:
    """Yield the Python SDK that stands in a folder."""
    place = str(folder / "python" / "src")
    sys.path.insert(0, place)
    try:
        yield importlib.import_module(package)
    finally:
        sys.path.remove(place)
