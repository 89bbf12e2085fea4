"""Compares all that a run with a cache says and writes with a run without one."""

from __future__ import annotations

from pathlib import Path

from venuekit import commands
from venuekit.finding import FindingsError
from venuekit.manifest import Target
from venuekit.rebuild import CacheFolder
from venuekit.report import Format, render


class DifferenceError(AssertionError):
    """A run with a cache gave something else than one without."""


def generated(file: Path, target: Target, out: Path, cache: CacheFolder | None) -> str:
    """Return all that a run says and writes."""
    given = commands.inputs([file], [])
    try:
        report = commands.generate(given, target, out, None, False, cache=cache)
    except FindingsError as error:
        return "\n".join(f"{f.origin and f.origin.place} {f.message}" for f in error.findings)
    said = render(report, Format.JSON).replace(str(out), "OUT").replace(" (nothing changed)", "")
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return said + "".join(f"\n== {p.relative_to(out)}\n{p.read_text()}" for p in files)


def compare(file: Path, target: Target, folder: Path) -> None:
    cached = generated(file, target, folder / "cached", CacheFolder(folder / "cache"))
    if cached != generated(file, target, folder / "anew", None):
        raise DifferenceError(file.name)
