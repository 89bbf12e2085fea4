"""Overlays of real venues by name, each a file beside this one, for documents they publish."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from venuekit.finding import Finding, FindingsError, Severity


def overlay_names() -> tuple[str, ...]:
    """Return the names of all overlays that are shipped, sorted."""
    return tuple(sorted(path.stem for path in folder().glob("*.yaml")))


def overlay_for(document: str) -> Path | None:
    """Return the shipped overlay of a published document, by the document's file name."""
    stated = f'x-document: "{document}"'
    for path in sorted(folder().glob("*.yaml")):
        head, _, _ = path.read_text(encoding="utf-8").partition("\nactions:\n")
        if stated in head.splitlines():
            return path
    return None


def overlay_files(wanted: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files of overlays that were named by a path, or by the name of a shipped one.

    A file that exists goes before a shipped overlay. Raises FindingsError for a name without a
    suffix that is neither.
    """
    found = []
    for path in wanted:
        is_name = path.suffix == "" and path.name == str(path) and not path.exists()
        if is_name and str(path) not in overlay_names():
            raise FindingsError([_unknown(str(path))])
        found.append(folder() / f"{path}.yaml" if is_name else path)
    return tuple(found)


def _unknown(name: str) -> Finding:
    near = difflib.get_close_matches(name, overlay_names(), n=1)
    known = f"is {near[0]} meant?" if near else f"shipped are {', '.join(overlay_names())}"
    return Finding(
        rule="unknown-overlay",
        severity=Severity.ERROR,
        message=f"there is no file and no shipped overlay called {name!r}",
        help=f"name a file of an OpenAPI Overlay 1.0; {known}",
    )


def folder() -> Path:
    """Return where the shipped overlays stand."""
    return Path(str(resources.files("venuekit.overlays")))
