"""The journal: every command that changed something, on disk before its answer goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

__all__ = ["Entry", "Journal", "JournalError", "open_journal"]


class JournalError(Exception):
    """The journal cannot be used: locked, damaged, or of another kind. Says what to do."""


class Entry(NamedTuple):
    """One journaled command. `chain` is the SHA-256 over the chain before it, the command's
    bytes and the bytes of its events, so that no entry can be changed or left out unseen."""

    sequence: int
    command: bytes
    chain: bytes


class Journal(Protocol):
    """What a store must do to be the venue's journal. One process holds it at a time."""

    def entries(self) -> Iterator[Entry]:
        """All entries, oldest first. Raises JournalError when the store is damaged."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Put entries on disk, all or none; on return they survive a power cut.
        Called from one thread at a time. Any exception means that nothing may be answered."""

    def note(self, name: str) -> str | None:
        """A named remark that was set before, or None."""

    def set_note(self, name: str, value: str | None) -> None:
        """Set or remove a named remark, durably."""

    def close(self) -> None:
        """Release the store."""


def open_journal(where: str) -> Journal:
    """Open the journal at a directory path or `sqlite:PATH`. Other schemes are refused;
    this is where a PostgreSQL journal would be chosen by its URL."""
    from meridian_server.journal.sqlite import SqliteJournal

    scheme, separator, rest = where.partition("://")
    if separator and scheme != "sqlite":
        raise JournalError(f"no journal for {scheme}: URLs; expected a directory or sqlite://PATH")
    return SqliteJournal(Path(rest if separator else where))
