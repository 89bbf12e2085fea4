"""Compares all that a run with a cache says and writes with a run without one."""

from __future__ import annotations

from pathlib import Path

from venuekit import commands
from venuekit.commands import Allowed
from venuekit.emit.lock import Renames
from venuekit.finding import FindingsError
from venuekit.manifest import Target
from venuekit.rebuild import CacheFolder
from venuekit.report import Format, render

USUAL = Allowed()


class DifferenceError(AssertionError):
    """A run with a cache gave something else than one without."""


def generated(
    file: Path,
    target: Target,
    out: Path,
    cache: CacheFolder | None,
    allowed: Allowed = USUAL,
    is_check: bool = False,
) -> str:
    """Return all that a run says and writes, the name lock among it."""
    given = commands.inputs([file], [])
    try:
        report = commands.generate(given, target, out, None, is_check, allowed, cache)
    except FindingsError as error:
        return "\n".join(f"{f.origin and f.origin.place} {f.message}" for f in error.findings)
    said = render(report, Format.JSON).replace(str(out), "OUT").replace(" (nothing changed)", "")
    files = sorted(path for path in out.rglob("*") if path.is_file())
    said += "".join(f"\n== {p.relative_to(out)}\n{p.read_text()}" for p in files)
    if allowed.lock is None:
        return said
    said = said.replace(str(allowed.lock), "LOCK")
    return said + (allowed.lock.read_text() if allowed.lock.is_file() else "no lock")


def compare(file: Path, target: Target, folder: Path, missing: tuple[str, ...] = ()) -> None:
    cached, anew = (
        generated(file, target, folder / name, cache, Allowed(missing=missing))
        for name, cache in (("cached", CacheFolder(folder / "cache")), ("anew", None))
    )
    if cached != anew:
        raise DifferenceError(file.name)


def compare_locked(
    file: Path, target: Target, folder: Path, renames: Renames, is_check: bool = False
) -> str:
    """Compare with a name lock for each of the two, and return what was said and written."""
    cached, anew = (
        generated(
            file,
            target,
            folder / name,
            cache,
            Allowed(lock=folder / f"{name}.lock", renames=renames),
            is_check,
        )
        for name, cache in (("cached", CacheFolder(folder / "cache")), ("anew", None))
    )
    if cached != anew:
        raise DifferenceError(file.name)
    return cached
