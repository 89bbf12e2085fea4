"""Gives names for one target: kept ones to the places that have them, free ones to newcomers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import PurePath
from typing import TypeVar

from venuekit.emit.ledger import LedgerConflictError, noted_name
from venuekit.emit.lock.entry import Entry, Former, Gone, Key, Kind, TargetLock
from venuekit.emit.lock.places import At, Wanted, unmarked
from venuekit.finding import Finding, Promise, Severity
from venuekit.origin import Locator, Origin, pointer_text

T = TypeVar("T", bound=Hashable)

Spread = Callable[[Sequence[str], Mapping[str, str]], dict[str, str]]
"""Gives names to wire names, of which some have theirs already."""


class Renames(StrEnum):
    """What becomes of a name whose thing the document calls otherwise now.

    REFUSE is an error, ACCEPT takes the new name and keeps the old one as an alias, KEEP goes on
    with the old name.
    """

    REFUSE = "refuse"
    ACCEPT = "accept"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What an emitter is given: the names so far, and how documents are called in places.

    With `is_part` it sees a part of the contract alone: the lock has more, which nothing is said
    of, and what has no name in it yet cannot be named.
    """

    known: TargetLock = field(default_factory=TargetLock)
    version: str
    renames: Renames = Renames.REFUSE
    shown: Callable[[Locator], str]
    is_part: bool = False


class Namer:
    """Names things of one target, with a lock or without; afterwards it knows the new lock."""

    def __init__(self, target: str, lock: Lock | None) -> None:
        self._target = target
        self._lock = lock
        self._live: dict[Kind, set[str]] = {}
        self._claimed: set[Key] = set()
        self._entries: dict[Key, Entry] = {}
        self._places: dict[Hashable, list[Key]] = {}
        self._findings: list[Finding] = []
        self._numbers: dict[Kind, Counter[str]] = {}

    @property
    def is_locked(self) -> bool:
        """Whether names are kept, so that places must be known."""
        return self._lock is not None

    def expect(self, kind: Kind, places: Iterable[At]) -> None:
        """Say which places of a kind there are, before the first of them is named."""
        if self._lock is not None:
            numbers: Counter[str] = Counter()
            self._live.setdefault(kind, set()).update(
                self._numbered(self._place(at), numbers) for at in places
            )

    def assign(
        self, kind: Kind, wanted: Iterable[Wanted[T]], taken: Iterable[str] = ()
    ) -> dict[T, str]:
        """Return the name of each thing, none of them in `taken`."""
        rows = list(wanted)
        if self._lock is not None:
            rows = [replace(row, choices=tuple(row.choices)) for row in rows]
        used = set(taken)
        places = self._row_places(kind, rows)
        known = self._known(kind, rows, places) if self._lock is not None else {}
        names: dict[int, str] = {}
        renamed: dict[int, Entry] = {}
        for index, entry in known.items():
            name = self._kept(rows[index], entry, used)
            if name is None:
                renamed[index] = entry
            else:
                names[index] = name
                used.add(name)
        used |= self._formers(kind, known.values()) | self._awaited(kind)
        for index, row in enumerate(rows):
            if index not in names:
                space = None if self.is_locked else kind
                free = row.choices, used, partial(_words, row)
                names[index] = noted_name(space, row.mark, *free)
                used.add(names[index])
        for index, row in enumerate(rows):
            if self._lock is not None:
                noted_name(kind, row.mark, (names[index],), (), str)
                self._judge(kind, row, names[index], known.get(index), renamed.get(index))
                self._record(kind, row, names[index], known.get(index), places[index])
        return {row.key: names[index] for index, row in enumerate(rows)}

    def members(self, key: Hashable, wires: Sequence[str], spread: Spread) -> dict[str, str]:
        """Return the names of a class's members by their wire names; `key` is that of the class.

        `spread` names the wire names that are not kept, away from those that are.
        """
        places = self._places.get(key, ())
        if not places:
            return spread(wires, {})
        entry = self._entries[places[0]]
        kept = {wire: name for wire, name in entry.members if wire in set(wires)}
        names = spread(wires, kept)
        members = tuple((wire, names[wire]) for wire in sorted(names) if names[wire] != wire)
        for place in places:
            self._entries[place] = replace(self._entries[place], members=members)
        return names

    def formers(self, kind: Kind) -> dict[str, tuple[str, ...]]:
        """Return the earlier names of each name that has some; no living name is among them."""
        living = {entry.name for entry in self._entries.values() if entry.kind == kind}
        found: dict[str, dict[str, None]] = {}
        for entry in self._entries.values():
            if entry.kind == kind:
                names = (former.name for former in entry.formers)
                found.setdefault(entry.name, {}).update(dict.fromkeys(names))
        kept = living if kind != "method" else set()
        return {
            name: tuple(one for one in names if one not in kept and one != name)
            for name, names in found.items()
            if names
        }

    def result(self) -> TargetLock | None:
        """Return the lock as it is after this run, None without one."""
        if self._lock is None:
            return None
        known, version = self._lock.known, self._lock.version
        living = {(entry.kind, entry.name) for entry in self._entries.values()}
        gone = [one for one in known.gone if (one.kind, one.name) not in living]
        gone += [
            Gone(kind=entry.kind, name=entry.name, version=version) for entry in self._lost(living)
        ]
        versions = known.versions
        return TargetLock(
            versions=versions if version in versions else (*versions, version),
            entries=self._entries,
            gone=tuple(sorted(set(gone), key=lambda one: (one.kind, one.name))),
        )

    def findings(self) -> tuple[Finding, ...]:
        """Return what became of names: changed ones, and those that are gone."""
        if self._lock is None:
            return ()
        living = {(entry.kind, entry.name) for entry in self._entries.values()}
        return (*self._findings, *(self._removed(entry) for entry in self._lost(living)))

    def _lost(self, living: set[tuple[Kind, str]]) -> Iterator[Entry]:
        if self._lock is None or self._lock.is_part:
            return
        known = self._lock.known
        seen: set[tuple[Kind, str]] = set(living)
        seen |= {
            (entry.kind, former.name)
            for entry in self._entries.values()
            for former in entry.formers
        }
        for entry in known.entries.values():
            if (entry.kind, entry.name) not in seen:
                seen.add((entry.kind, entry.name))
                yield entry

    def _row_places(self, kind: Kind, rows: Iterable[Wanted[T]]) -> list[tuple[str, ...]]:
        """Return the places of each thing; of things that nothing tells apart, the later ones
        are numbered.
        """
        if self._lock is None:
            return []
        numbers = self._numbers.setdefault(kind, Counter())
        return [
            tuple(self._numbered(self._place(at), numbers) for at in dict.fromkeys(row.at))
            for row in rows
        ]

    def _numbered(self, place: str, numbers: Counter[str]) -> str:
        numbers[place] += 1
        return place if numbers[place] == 1 else f"{place}+{numbers[place]}"

    def _known(
        self, kind: Kind, rows: Sequence[Wanted[T]], places: Sequence[tuple[str, ...]]
    ) -> dict[int, Entry]:
        """Find the entry of each thing: by place, else by what of it did not change."""
        assert self._lock is not None
        entries = {place: e for (k, place), e in self._lock.known.entries.items() if k == kind}
        found: dict[int, Entry] = {}
        for index, row in enumerate(rows):
            here = [entries[place] for place in places[index] if place in entries]
            if here:
                found[index] = next((e for e in here if e.wish in row.wishes), here[0])
                self._claimed |= {(kind, entry.place) for entry in here}
        if self._lock.is_part:
            if len(found) < len(rows):
                raise LedgerConflictError(f"a {kind} has no name in the lock yet")
            return found
        live = self._live.get(kind, set())
        left = [
            entry
            for place, entry in entries.items()
            if (kind, place) not in self._claimed and place not in live
        ]
        fresh = [index for index in range(len(rows)) if index not in found]
        for mark in (self._word_of, _shape_of, self._kind_of):
            pairs = _pairs(left, [(index, rows[index]) for index in fresh], mark)
            found.update(pairs)
            self._claimed |= {(kind, entry.place) for entry in pairs.values()}
            left = [entry for entry in left if (kind, entry.place) not in self._claimed]
            fresh = [index for index in fresh if index not in pairs]
        return dict(sorted(found.items()))

    def _kept(self, row: Wanted[T], entry: Entry, used: set[str]) -> str | None:
        """Return the name that a thing keeps, None where it gets another one."""
        assert self._lock is not None
        if entry.name in used:
            return None
        if entry.wish in row.wishes or entry.name in tuple(row.choices):
            return entry.name
        return None if self._lock.renames is Renames.ACCEPT else entry.name

    def _is_refused(self, known: Entry, row: Wanted[T]) -> bool:
        assert self._lock is not None
        is_renamed = known.wish not in row.wishes and known.name not in tuple(row.choices)
        return is_renamed and self._lock.renames is Renames.REFUSE

    def _formers(self, kind: Kind, known: Iterable[Entry]) -> set[str]:
        """Return the names that are aliases, or become one: no newcomer may take them."""
        assert self._lock is not None or not list(known)
        if self._lock is None:
            return set()
        names = {entry.name for entry in known}
        for entry in self._lock.known.entries.values():
            if entry.kind == kind and (kind, entry.place) in self._claimed:
                names |= {former.name for former in entry.formers}
        return names

    def _awaited(self, kind: Kind) -> set[str]:
        """Return the names of classes whose turn comes later: no newcomer may take them.

        Methods stand in clients of their own, which may share names.
        """
        if self._lock is None or kind != "class":
            return set()
        live = self._live.get(kind, set())
        return {
            name
            for (k, place), entry in self._lock.known.entries.items()
            if k == kind and place in live and (kind, place) not in self._claimed
            for name in (entry.name, *(former.name for former in entry.formers))
        }

    def _judge(
        self, kind: Kind, row: Wanted[T], name: str, known: Entry | None, renamed: Entry | None
    ) -> None:
        """Say that a thing has another name now, or would have one."""
        origin = row.at[0].origin
        if renamed is not None and renamed.name != name:
            self._findings.append(self._changed(renamed, name, row.wish, origin))
        elif known is not None and self._is_refused(known, row):
            self._findings.append(self._changed(known, None, row.wish, origin))

    def _record(
        self, kind: Kind, row: Wanted[T], name: str, known: Entry | None, places: Sequence[str]
    ) -> None:
        assert self._lock is not None
        version = self._lock.version
        formers = known.formers if known is not None else ()
        if known is not None and known.name != name:
            formers = (*formers, Former(name=known.name, version=version))
        for place, at in zip(places, dict.fromkeys(row.at), strict=True):
            if kind == "class":
                self._places.setdefault(row.key, []).append((kind, place))
            self._entries[(kind, place)] = Entry(
                kind=kind,
                place=place,
                name=name,
                wish=at.wish or row.wish,
                since=known.since if known is not None else version,
                shape=row.shape() if row.shape is not None else "",
                formers=tuple(former for former in formers if former.name != name),
                members=known.members if known is not None else (),
            )

    def _changed(self, entry: Entry, name: str | None, wish: str, origin: Origin) -> Finding:
        old, target = entry.name, self._target
        told = f"{target}: the document now says {wish!r} where it said {entry.wish!r}"
        if name is None:
            return Finding(
                rule="sdk-name-changed",
                severity=Severity.ERROR,
                promise=Promise.SDK,
                origin=origin,
                message=f"{told}, so the {entry.kind} {old!r} would get another name",
                help=f"--accept-renames takes the new name and leaves {old!r} as a deprecated "
                "alias; --keep-names stays with the old one",
            )
        is_meant = self._lock is not None and self._lock.renames is Renames.ACCEPT
        if entry.wish == wish:
            told = f"{target}: the name {old!r} is needed for something else"
        return Finding(
            rule="sdk-name-changed",
            severity=Severity.WARNING if is_meant else Severity.ERROR,
            promise=Promise.SDK,
            origin=origin,
            message=f"{told}: the {entry.kind} {old!r} is {name!r} now",
            help=f"{old!r} is a deprecated alias; tell the users of the SDK"
            if is_meant
            else "--accept-renames takes the new name and leaves an alias where it can",
        )

    def _removed(self, entry: Entry) -> Finding:
        return Finding(
            rule="sdk-name-removed",
            severity=Severity.WARNING,
            promise=Promise.SDK,
            message=f"{self._target}: the {entry.kind} {entry.name!r} is gone, because nothing"
            f" stands at {entry.place} any more",
            help="no alias is possible; users of the SDK that name it must change",
        )

    def _word_of(self, thing: Entry | Wanted[T]) -> str:
        """Return what stays the same when the holder of a thing moves: its words and its role."""
        place = thing.place if isinstance(thing, Entry) else self._place(thing.at[0])
        wish = thing.wish if isinstance(thing, Entry) else thing.at[0].wish or thing.wish
        return f"{wish}::{place.rpartition('::')[2] if '::' in place else ''}"

    def _kind_of(self, thing: Entry | Wanted[T]) -> str:
        """Return the same without shapes: a variant that changed is the only one of its kind."""
        return unmarked(self._word_of(thing))

    def _place(self, at: At) -> str:
        shown = self._lock.shown if self._lock is not None else _file_name
        return place_text(shown(at.origin.document), at)


def _words(row: Wanted[T]) -> str:
    """Return the text whose digest tells things apart that share all of their names."""
    places = (place_text(_file_name(at.origin.document), at) for at in row.at)
    return " ".join((row.wish, *places, row.text))


def place_text(document: str, at: At) -> str:
    """Return a place as a lock writes it: `openapi.yaml#/paths/~1orders/post::Request/legs`."""
    role = f"::{at.role}" if at.role else ""
    return f"{document}#{pointer_text(at.origin.pointer)}{role}"


def _file_name(document: Locator) -> str:
    return PurePath(document.name).name


def _shape_of(thing: Entry | Wanted[T]) -> str:
    if isinstance(thing, Entry):
        return thing.shape
    return thing.shape() if thing.shape is not None else ""


def _pairs(
    left: Sequence[Entry],
    fresh: Sequence[tuple[int, Wanted[T]]],
    mark: Callable[[Entry | Wanted[T]], str],
) -> dict[int, Entry]:
    """Pair what is gone with what is new by a mark, where one of each has it and nothing else.

    One thing may have several entries, for its several places.
    """
    if not left or not fresh:
        return {}
    old: dict[str, list[Entry]] = {}
    for entry in left:
        old.setdefault(mark(entry), []).append(entry)
    new: dict[str, list[int]] = {}
    for index, row in fresh:
        new.setdefault(mark(row), []).append(index)
    return {
        new[text][0]: entries[0]
        for text, entries in old.items()
        if text and len({entry.name for entry in entries}) == 1 and len(new.get(text, ())) == 1
    }
