"""A folder of entries by key: whole, bounded, and read only where nobody else can have written.

An entry is bytes behind their SHA-256. It is data and never code, so that the worst which a spoilt
one can do is to be ignored. Entries come into place by renaming, so that runs at the same time see
old ones or new ones and never halves.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAXIMUM_BYTES = 512 * 1024 * 1024
"""How much a folder may hold; the entries that were used longest ago go first."""

_MARK = b"venuekit-cache-1 "
_DIGEST = 64
_BEGUN = ".begun-"
_ABANDONED_S = 3600.0
"""An unfinished entry of that age belongs to a run that was killed."""


def default_folder() -> Path:
    """Return the user's cache folder, by the habits of the platform."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "venuekit"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "venuekit"
    stated = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path is to be ignored (XDG Base Directory Specification).
    return (Path(stated) if stated.startswith("/") else home / ".cache") / "venuekit"


@dataclass(frozen=True, slots=True)
class CacheFolder:
    """Entries by key. Nothing that is wrong with the folder fails a run; it then keeps nothing."""

    path: Path
    maximum_bytes: int = MAXIMUM_BYTES

    def get(self, key: str) -> bytes | None:
        """Return an entry, or None where there is none that is whole and ours."""
        if not self._is_ours():
            return None
        data = _read(self.path / key)
        if data is None:
            return None
        head, body = data[: len(_MARK) + _DIGEST], data[len(_MARK) + _DIGEST :]
        if head != _MARK + hashlib.sha256(body).hexdigest().encode():
            return None
        with contextlib.suppress(OSError):  # Another run may have dropped it meanwhile.
            os.utime(self.path / key)
        return body

    def put(self, key: str, body: bytes) -> bool:
        """Keep an entry; say whether it could be kept."""
        if len(body) > self.maximum_bytes // 4:
            return False
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._is_ours():
                return False
            self._write(key, _MARK + hashlib.sha256(body).hexdigest().encode() + body)
            self._trim()
        except OSError:
            return False
        return True

    def _write(self, key: str, data: bytes) -> None:
        handle, begun = tempfile.mkstemp(prefix=_BEGUN, dir=self.path)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(begun, self.path / key)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(begun)
            raise

    def _is_ours(self) -> bool:
        """Whether nobody but this user can write into the folder."""
        try:
            found = os.stat(self.path)
        except OSError:
            return False
        if not stat.S_ISDIR(found.st_mode):
            return False
        if sys.platform == "win32":
            return True  # Folders of a profile belong to its user there.
        return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

    def _trim(self) -> None:
        """Drop what was used longest ago, until a quarter is free again."""
        entries = sorted(self._entries())
        total = sum(size for _used, size, _path in entries)
        if total <= self.maximum_bytes:
            return
        for _used, size, path in entries:
            if total <= self.maximum_bytes * 3 // 4:
                return
            with contextlib.suppress(OSError):  # Another run may have been quicker.
                os.unlink(path)
            total -= size

    def _entries(self) -> Iterator[tuple[float, int, str]]:
        """Yield when each entry was used, its size and its path; remove what was never finished."""
        for entry in os.scandir(self.path):
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                if not entry.name.startswith(_BEGUN):
                    yield found.st_mtime, found.st_size, entry.path
                elif time.time() - found.st_mtime > _ABANDONED_S:
                    os.unlink(entry.path)


def _read(path: Path) -> bytes | None:
    """Return the bytes of a plain file of this user; a link is never followed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            return None
        if sys.platform != "win32" and found.st_uid != os.geteuid():
            return None
        return file.read()
