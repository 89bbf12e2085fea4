"""The text of a lock: one line for each name, sorted, so that merges and reviews are easy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args
from urllib.parse import quote, unquote

from venuekit.emit.lock.entry import Entry, Former, Gone, Key, Kind, TargetLock
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.origin import Origin, Place, Pointer

FORMAT = 1
_TITLE = "venuekit-lock"
_WORDS = """\
# The names that the SDKs have: target, kind, place in the documents, name. Commit this file.
# `venuekit generate` keeps it; take `was=NAME@VERSION` away to end an alias.
"""
_KINDS: tuple[Kind, ...] = get_args(Kind)
_NAME = re.compile(r"[^\W\d][\w$]*")
_NOTES = ("since", "wish", "shape", "was", "members")
_EMPTY = "%"
_MERGE = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True, slots=True)
class LockText:
    """The file of a lock, which can say where a line stands."""

    name: str

    def place(self, pointer: Pointer) -> Place:
        """Return the place of a line, whose number is the pointer."""
        line = pointer[0] if pointer and isinstance(pointer[0], int) else 1
        return Place(self.name, line, 1)


def lock_text(targets: Mapping[str, TargetLock]) -> str:
    """Return the text of a lock, the same for the same names."""
    lines = [f"{_TITLE} {FORMAT}\n", _WORDS]
    for target, lock in sorted(targets.items()):
        lines.append(" ".join((target, "versions", *map(_safe, lock.versions))) + "\n")
        rows = [_entry_line(target, entry) for entry in lock.entries.values()]
        rows += [
            f"{target} gone {one.kind} {one.name} removed={_safe(one.version)}\n"
            for one in lock.gone
        ]
        lines += sorted(rows)
    return "".join(lines)


def _entry_line(target: str, entry: Entry) -> str:
    parts = [target, entry.kind, _safe(entry.place), entry.name, f"since={_safe(entry.since)}"]
    parts += [f"wish={_safe(entry.wish)}"] if entry.wish != entry.name else []
    parts += [f"shape={entry.shape}"] if entry.shape else []
    parts += [f"was={former.name}@{_safe(former.version)}" for former in entry.formers]
    if entry.members:
        pairs = (f"{_pair(wire)}:{_pair(name)}" for wire, name in entry.members)
        parts.append(f"members={','.join(pairs)}")
    return " ".join(parts) + "\n"


def _pair(text: str) -> str:
    return _safe(text).replace(",", "%2C").replace(":", "%3A")


def _members(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.partition(":") for pair in text.split(",") if pair)
    return tuple((_plain(wire), _plain(name)) for wire, _, name in pairs)


def parse_lock(name: str, text: str) -> dict[str, TargetLock]:
    """Return what the text of a lock says, by target; `name` is what messages call the file.

    Raises FindingsError with the line of everything that is not as `lock_text` writes it.
    """
    reader = _Reader(LockText(name))
    lines = text.splitlines()
    if not lines or lines[0].split() != [_TITLE, str(FORMAT)]:
        reader.refuse(1, f"expected {f'{_TITLE} {FORMAT}'!r} as the first line")
    else:
        for number, line in enumerate(lines[1:], 2):
            if line.strip() and not line.startswith("#"):
                reader.line(number, line)
    if reader.findings:
        raise FindingsError(reader.findings)
    return reader.targets()


class _Reader:
    """Reads lines, and collects what is wrong with them."""

    def __init__(self, file: LockText) -> None:
        self._file = file
        self._versions: dict[str, tuple[str, ...]] = {}
        self._entries: dict[str, dict[Key, Entry]] = {}
        self._gone: dict[str, list[Gone]] = {}
        self.findings: list[Finding] = []

    def refuse(self, number: int, message: str) -> None:
        self.findings.append(
            Finding(
                rule="invalid-lock",
                severity=Severity.ERROR,
                message=message,
                help="the order of lines is free; take the committed lock, or finish the merge,"
                " and run `venuekit generate`",
                origin=Origin(self._file, (number,)),
            )
        )

    def line(self, number: int, line: str) -> None:
        if line.startswith(_MERGE):
            self.refuse(number, "a merge was not finished here")
            return
        match line.split():
            case [target, "versions", *versions]:
                self._versions[target] = tuple(map(_plain, versions))
            case [target, "gone", kind, name, removed] if kind in _KINDS:
                gone = Gone(kind=_kind(kind), name=name, version=_value(removed))
                self._gone.setdefault(target, []).append(gone)
            case [target, kind, place, name, *notes] if kind in _KINDS:
                self._entry(number, target, _kind(kind), _plain(place), name, notes)
            case _:
                self.refuse(number, f"expected target, kind, place and name, found {line!r}")

    def _entry(
        self, number: int, target: str, kind: Kind, place: str, name: str, notes: list[str]
    ) -> None:
        said = {note.partition("=")[0]: _value(note) for note in notes if "=" in note}
        raw = {note.partition("=")[0]: note.partition("=")[2] for note in notes}
        formers = tuple(_former(_value(note)) for note in notes if note.startswith("was="))
        names = (name, *(former.name for former in formers))
        entries = self._entries.setdefault(target, {})
        if any(note.partition("=")[0] not in _NOTES for note in notes):
            expected = ", ".join(f"{note}=" for note in _NOTES)
            self.refuse(number, f"expected {expected}; found {' '.join(notes)}")
        elif not all(_NAME.fullmatch(one) for one in names):
            self.refuse(number, f"{' or '.join(names)} is not a name that code may have")
        elif (kind, place) in entries:
            self.refuse(number, f"the {kind} at {place} has two lines; keep one of them")
        else:
            entries[(kind, place)] = Entry(
                kind=kind,
                place=place,
                name=name,
                wish=said.get("wish", name),
                since=said.get("since", ""),
                shape=said.get("shape", ""),
                formers=formers,
                members=_members(raw.get("members", "")),
            )

    def targets(self) -> dict[str, TargetLock]:
        names = dict.fromkeys((*self._versions, *self._entries, *self._gone))
        return {
            target: TargetLock(
                versions=self._versions.get(target, ()),
                entries=self._entries.get(target, {}),
                gone=tuple(self._gone.get(target, ())),
            )
            for target in names
        }


def _kind(word: str) -> Kind:
    return next(kind for kind in _KINDS if kind == word)


def _value(note: str) -> str:
    return _plain(note.partition("=")[2])


def _former(text: str) -> Former:
    name, _, version = text.partition("@")
    return Former(name=name, version=version)


def _safe(text: str) -> str:
    """Return text without spaces, controls and marks of direction: those are percent-encoded."""
    return "".join(_pieces(text)) or _EMPTY


def _plain(text: str) -> str:
    """Return what `_safe` was given."""
    return "" if text == _EMPTY else unquote(text, errors="surrogatepass")


def _pieces(text: str) -> Iterator[str]:
    for char in text:
        is_plain = char.isprintable() and not char.isspace() and char != "%"
        yield char if is_plain else quote(char, safe="", errors="surrogatepass")
