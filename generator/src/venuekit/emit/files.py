"""The one writer: puts an emitter's files into a folder that the generator owns whole.

A generated folder carries `.venuekit.json`, which lists its files with their hashes and says
what they were made from. A folder without it that holds anything is never touched, so that
`-o` can not delete somebody's work.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

STAMP = ".venuekit.json"
_ALGORITHM = "sha256:"
KEPT = ("node_modules", "dist", "build", "__pycache__", ".mypy_cache", ".ruff_cache")
"""Folders that tools make inside a generated tree; they are no part of it."""


class OutputError(Exception):
    """The output folder can not be written as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a folder differs from what the generator would write, as relative paths."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        parts = (("missing", self.added), ("stale", self.changed), ("left over", self.removed))
        return "; ".join(f"{word}: {', '.join(names)}" for word, names in parts if names)


def tree(files: Mapping[str, str | bytes], made_from: Mapping[str, str]) -> dict[str, bytes]:
    """Return the bytes of every file to write, the stamp among them.

    `made_from` records the inputs: documents and overlays with their hashes, options and the
    generator's version. Raises OutputError when a path would leave the folder.
    """
    content = {
        _safe(path): text.encode("utf-8") if isinstance(text, str) else text
        for path, text in files.items()
    }
    stamp = {
        "generator": "venuekit",
        "made_from": dict(sorted(made_from.items())),
        "files": {path: _digest(data) for path, data in sorted(content.items())},
    }
    content[STAMP] = (json.dumps(stamp, indent=2) + "\n").encode("utf-8")
    return content


def digests_of(content: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file of a tree, in hexadecimal digits; its stamp lists them."""
    if not content:  # What has errors is no tree.
        return {}
    listed: dict[str, str] = json.loads(content[STAMP])["files"]
    found = {path: digest.removeprefix(_ALGORITHM) for path, digest in listed.items()}
    return {**found, STAMP: hashlib.sha256(content[STAMP]).hexdigest()}


def difference(folder: Path, digests: Mapping[str, str]) -> Difference:
    """Compare a folder with the SHA-256 of each file that should stand in it, the stamp's too."""
    present = set(_present(folder)) if folder.is_dir() else set()
    return Difference(
        added=tuple(sorted(set(digests) - present)),
        changed=tuple(
            sorted(p for p in set(digests) & present if _digest_of(folder, p) != digests[p])
        ),
        removed=tuple(sorted(present - set(digests))),
    )


def _digest_of(folder: Path, path: str) -> str:
    return hashlib.sha256((folder / path).read_bytes()).hexdigest()


def write(
    folder: Path, content: Mapping[str, bytes], changes: Difference | None = None
) -> Difference:
    """Make the folder hold exactly `content`, and return what had to change.

    `changes` is that, where the caller has compared them already.

    Every file is first written beside the folder; only then do they move into place, so that a
    full disk or an interrupt leaves the old output whole. Raises OutputError when the folder
    holds files that the generator did not make.
    """
    _refuse_foreign(folder)
    if changes is None:
        changes = difference(folder, digests_of(content))
    if not changes:
        return changes
    written = (*changes.added, *changes.changed)
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _make_parents(staging, written)
        for path in written:
            (staging / path).write_bytes(content[path])
        _make_parents(folder, written)
        for path in written:
            os.replace(staging / path, folder / path)
        for path in changes.removed:
            (folder / path).unlink()
        _prune(folder)
    finally:
        shutil.rmtree(staging)
    return changes


def write_file(path: Path, text: str) -> None:
    """Write one new file, whole or not at all.

    Raises OutputError when something stands there already: it may be somebody's work.
    """
    if path.exists():
        raise OutputError(f"{path} exists already; name another file, or remove it first")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.link(beside, path)
    finally:
        os.unlink(beside)


def replace_file(path: Path, text: str) -> None:
    """Write a file that belongs to the generator, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(beside, _mode(path))
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _mode(path: Path) -> int:
    """Return the rights of a file, or those that an open file is given."""
    return path.stat().st_mode & 0o777 if path.exists() else 0o644


def _make_parents(folder: Path, paths: Iterable[str]) -> None:
    for parent in {(folder / path).parent for path in paths}:
        parent.mkdir(parents=True, exist_ok=True)


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; name a folder that may be written whole")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / STAMP).is_file():
        raise OutputError(
            f"{folder} holds files that venuekit did not write (it has no {STAMP}); "
            "name an empty or new folder"
        )


def _safe(path: str) -> str:
    if "\\" in path or "\0" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
        raise OutputError(f"an emitter asked to write {path!r}, which leaves the output folder")
    return path


def _present(folder: Path) -> Iterable[str]:
    before = len(str(folder)) + 1
    for root, directories, names in os.walk(folder):
        directories[:] = [d for d in directories if d not in KEPT and not d.endswith(".egg-info")]
        inside = root[before:].replace(os.sep, "/")
        yield from (f"{inside}/{name}" for name in names) if inside else names


def _prune(folder: Path) -> None:
    for root, _directories, _names in os.walk(folder, topdown=False):
        path = Path(root)
        if path != folder and not any(path.iterdir()):
            path.rmdir()


def _digest(data: bytes) -> str:
    return _ALGORITHM + hashlib.sha256(data).hexdigest()
