"""`CHANGELOG.md`: the names that a package gained, lost or changed with each contract version.

It is made from the name lock alone, so that the same lock gives the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from venuekit.contract import Counts
from venuekit.emit.lock.entry import Entry, Gone, Kind, TargetLock

_HEAD = "# Changelog\n\nBy version of the contract that the package was generated from.\n"
_PLURALS: dict[Kind, str] = {"class": "classes", "error": "errors", "method": "methods"}


def changelog(
    version: str, names: TargetLock | None, emitted: Counts, cell: Callable[[str], str]
) -> str:
    """Return the changelog; `cell` makes a text of the document safe for Markdown."""
    if names is None:
        return (
            f"{_HEAD}\n## {cell(version)}\n\n{counted(emitted)}. Without a name lock, what changed"
            + (" since the last version is not known.\n")
        )
    parts = [_HEAD]
    for position, one in reversed(list(enumerate(names.versions))):
        rows = list(_first(names, one) if position == 0 else _added(names, one))
        rows += [*_renamed(names, one), *_removed(names, one)]
        text = "\n".join(f"- {row}" for row in rows) if rows else "No name changed."
        parts.append(f"## {cell(one)}\n\n{text}\n")
    return "\n".join(parts)


def counted(emitted: Counts) -> str:
    """Return what a package holds, in words, for one without a name lock."""
    return "Holds " + ", ".join(f"{getattr(emitted, word)} {word}" for word in Counts.__slots__)


def _first(names: TargetLock, version: str) -> Iterator[str]:
    """Say how much the first version held; nothing can have changed before it."""
    kinds = [entry.kind for entry in _distinct(names.entries.values()) if entry.since == version]
    counts = ", ".join(
        f"{kinds.count(kind)} {_PLURALS[kind] if kinds.count(kind) != 1 else kind}"
        for kind in sorted(set(kinds))
    )
    if counts:
        yield f"The first version whose names are kept: {counts} that are still there."


def _added(names: TargetLock, version: str) -> Iterator[str]:
    for entry in _distinct(names.entries.values()):
        if entry.since == version:
            yield f"Added the {entry.kind} `{entry.name}`."


def _renamed(names: TargetLock, version: str) -> Iterator[str]:
    for entry in _distinct(names.entries.values()):
        for position, former in enumerate(entry.formers):
            if former.version == version:
                later = [one.name for one in entry.formers[position + 1 :]]
                now = later[0] if later else entry.name
                yield (
                    f"Renamed the {entry.kind} `{former.name}` to `{now}`;"
                    f" `{former.name}` goes on and is deprecated."
                )


def _removed(names: TargetLock, version: str) -> Iterator[str]:
    for gone in sorted(names.gone, key=_order):
        if gone.version == version:
            yield f"Removed the {gone.kind} `{gone.name}`."


def _distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Return each name once: an act over several wires has several places."""
    found = {(entry.kind, entry.name): entry for entry in entries}
    return sorted(found.values(), key=_order)


def _order(one: Entry | Gone) -> tuple[str, str]:
    return one.kind, one.name
