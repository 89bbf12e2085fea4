"""The embedded journal: one SQLite file in WAL mode, written by one connection.

The connection holds the file exclusively and no other one ever opens it, so the checkpoint
race of SQLite before 3.51.3 (it needs two connections) cannot happen."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from meridian_server.journal import Entry, JournalError

FORMAT = "1"
FILE_NAME = "journal.sqlite3"
_ROWS = 256
_TABLES = """
CREATE TABLE IF NOT EXISTS entry (
    sequence INTEGER PRIMARY KEY,
    command BLOB NOT NULL,
    chain BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class SqliteJournal:
    """Appends are transactions with `synchronous=FULL`: each ends with an fsync of the WAL."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE_NAME
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._connection = self._open(directory)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise JournalError(
                    f"{self.path} is in use by another process; stop that one first"
                ) from error
            raise JournalError(f"{self.path} cannot be opened: {error}") from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error

    def _open(self, directory: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            isolation_level=None,
            check_same_thread=False,
            timeout=0.2,
            cached_statements=2 * _ROWS,
        )
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode != "wal":
            raise JournalError(f"{self.path}: the file system allows no WAL, found {mode}")
        connection.execute("PRAGMA synchronous=FULL")
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise self._damaged(verdict)
        connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}COMMIT;")
        os.chmod(self.path, 0o600)
        _sync_directory(directory)
        self._connection = connection
        found = self.note("format")
        if found is None:
            self.set_note("format", FORMAT)
        elif found != FORMAT:
            raise JournalError(f"{self.path} has format {found}; this version reads {FORMAT}")
        return connection

    def _damaged(self, fact: str) -> JournalError:
        return JournalError(
            f"{self.path} is damaged: {fact}; nothing was changed, restore it from a backup"
        )

    def entries(self) -> Iterator[Entry]:
        """All entries, oldest first."""
        try:
            rows = self._connection.execute(
                "SELECT sequence, command, chain FROM entry ORDER BY sequence"
            )
            for row in rows:
                yield Entry._make(row)
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error

    def append(self, entries: Sequence[Entry]) -> None:
        """Commit all entries in one transaction and wait for the disk.

        Usually that is one statement, because Python's global lock is let go and fought for
        again at every single one."""
        if len(entries) <= _ROWS:
            self._insert(entries)
            return
        self._connection.execute("BEGIN IMMEDIATE")
        for start in range(0, len(entries), _ROWS):
            self._insert(entries[start : start + _ROWS])
        self._connection.execute("COMMIT")

    def _insert(self, entries: Sequence[Entry]) -> None:
        rows = ",".join(["(?,?,?)"] * len(entries))
        values = [value for entry in entries for value in entry]
        self._connection.execute(f"INSERT INTO entry VALUES {rows}", values)

    def note(self, name: str) -> str | None:
        """A named remark, or None."""
        row = self._connection.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_note(self, name: str, value: str | None) -> None:
        """Set or remove a named remark, durably."""
        if value is None:
            self._connection.execute("DELETE FROM note WHERE name = ?", (name,))
        else:
            self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Checkpoint and release the file."""
        self._connection.close()


def _sync_directory(directory: Path) -> None:
    """Make the file's own name survive a power cut, which SQLite leaves to its callers."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
