"""The name lock after an edit of some paths: every name stays, what it is known by may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from venuekit.emit.emission import Emission
from venuekit.emit.lock import Entry, TargetLock
from venuekit.rebuild.unsure import UnsureError


def names_after(known: TargetLock, halves: Sequence[Emission]) -> TargetLock | None:
    """Return the names of a target after an edit, None where no names are kept.

    `known` are those of the last run, `halves` has those of the edited part, as it was and as it
    is. Raises UnsureError where something comes, goes or is called otherwise.
    """
    before, after = (half.names for half in halves)
    if before is None or after is None:
        return None
    if before.versions != known.versions or after.versions != known.versions:
        raise UnsureError("the lock does not know this version yet")
    if any(known.entries.get(key) != entry for key, entry in before.entries.items()):
        raise UnsureError("the lock says something else of the edited paths")
    if before.entries.keys() != after.entries.keys():
        raise UnsureError("something that has a name comes or goes")
    if any(_name(entry) != _name(known.entries[key]) for key, entry in after.entries.items()):
        raise UnsureError("something is called otherwise")
    return replace(known, entries={**known.entries, **after.entries})


def _name(entry: Entry) -> Entry:
    """Return an entry without what follows a schema's fields, which no other name depends on."""
    return replace(entry, shape="", members=())
