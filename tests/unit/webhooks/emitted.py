"""Both SDKs of a document, as a user has them on disk."""

from __future__ import annotations

from pathlib import Path

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
