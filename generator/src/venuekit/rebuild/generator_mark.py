"""What stands for the generator in every key: its code, its dependencies and its Python."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator

_OWN = ("venuekit", "venuekit_runtime")


@functools.cache
def generator_mark() -> str:
    """Return a digest that changes with any file of the generator or any installed package.

    A version is not enough: a working copy changes without one. Files count by their size and
    time, which takes milliseconds where reading them all would take longer than a small run.
    """
    parts = [sys.version, sys.platform]
    for folder in sys.path:
        parts += _distributions(folder)
    for package in _OWN:
        spec = importlib.util.find_spec(package)
        for root in (spec.submodule_search_locations or ()) if spec is not None else ():
            parts += sorted(_files(root))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _distributions(folder: str) -> list[str]:
    """Return the names of what is installed in a folder; they hold the versions."""
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return []
    return sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))


def _files(folder: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        else:
            found = entry.stat()
            yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"
