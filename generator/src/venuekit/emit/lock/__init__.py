"""The name lock: keeps the names of an SDK while its contract changes."""

from __future__ import annotations

from venuekit.emit.lock.entry import Entry, Former, Gone, Kind, TargetLock
from venuekit.emit.lock.namer import Lock, Namer, Renames
from venuekit.emit.lock.places import At, Wanted
from venuekit.emit.lock.text import LockText, lock_text, parse_lock

__all__ = [
    "At",
    "Entry",
    "Former",
    "Gone",
    "Kind",
    "Lock",
    "LockText",
    "Namer",
    "Renames",
    "TargetLock",
    "Wanted",
    "lock_text",
    "parse_lock",
]
