"""Where findings stand after an edit: those outside of it moved with the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from venuekit.finding import Finding
from venuekit.origin import Place, Pointer
from venuekit.rebuild.kept_findings import findings_text
from venuekit.rebuild.unsure import UnsureError
from venuekit.source import Document
from venuekit.source.json_text import JsonPlaces
from venuekit.source.text import Lines

_LINE_END = re.compile(r"\r\n|\r|\n")
_PLACE_IN_WORDS = re.compile(r":\d+:\d+")

Kept = Mapping[str, Any]
_At = tuple[int, int]


@dataclass(frozen=True, eq=False)
class ReducedDocument(Document):
    """A document with the values of some paths and components alone, and the text of all.

    The paths stand from `start` to `end` in it, counted in bytes.
    """

    start: int = field(kw_only=True, default=0)
    end: int = field(kw_only=True, default=0)

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` starts; inside of the paths without reading more."""
        if len(pointer) < 2 or pointer[0] != "paths":
            return super().place(pointer)
        before, inside = self.halves()
        # The paths with a brace in front are a text of their own, one column to the right.
        text = "{" + inside + "}"
        found = JsonPlaces(Lines(self.name, text), text).place(pointer[1:])
        lines = _LINE_END.split(before)
        column = found.column - 1 + len(lines[-1]) if found.line == 1 else found.column
        return Place(self.name, len(lines) - 1 + found.line, column)

    def halves(self) -> tuple[str, str]:
        """Return the text before the paths, and the paths."""
        data = self.text.encode()
        return data[: self.start].decode(), data[self.start : self.end].decode()

    def ends(self) -> tuple[_At, _At]:
        """Return line and column of where the paths begin, and of what follows them."""
        before, inside = self.halves()
        first = _after(before, (1, 1))
        return first, _after(inside, first)


def _after(text: str, start: _At) -> _At:
    """Return line and column of what follows a text that begins at some line and column."""
    lines = _LINE_END.split(text)
    if len(lines) == 1:
        return start[0], start[1] + len(text)
    return start[0] + len(lines) - 1, 1 + len(lines[-1])


def moved_findings(
    kept: Iterable[Kept],
    found: tuple[Iterable[Finding], Iterable[Finding]],
    documents: tuple[ReducedDocument, ReducedDocument],
    paths: Collection[str],
) -> list[dict[str, Any]]:
    """Return the findings after an edit of some paths, from those of the last run.

    `found` are those of the edited part, as it was and as it is. Raises UnsureError where the
    edit changes a finding that stands outside of it.
    """
    old, new = [_bare(one) for one in found[0]], [_bare(one) for one in found[1]]
    all_kept = list(kept)
    inside = [one for one in all_kept if _is_inside(one, paths)]
    outside = [one for one in all_kept if not _is_inside(one, paths)]
    _check(inside, outside, old, new, paths)
    start, old_end = documents[0].ends()
    new_end = documents[1].ends()[1]
    made = [_moved(one, start, old_end, new_end) for one in outside]
    made += [one for one in findings_text(_only_inside(found[1], paths)) if _is_inside(one, paths)]
    if any(_PLACE_IN_WORDS.search(one["message"]) for one in made):
        raise UnsureError("a finding names the place of another thing")
    return made


def _check(
    inside: list[Kept],
    outside: list[Kept],
    old: list[Kept],
    new: list[Kept],
    paths: Collection[str],
) -> None:
    old_inside = Counter(_words(one) for one in old if _is_inside(one, paths))
    old_outside = Counter(_words(one) for one in old if not _is_inside(one, paths))
    new_outside = Counter(_words(one) for one in new if not _is_inside(one, paths))
    if old_inside != Counter(map(_words, inside)):
        raise UnsureError("the edited paths had other findings in the whole")
    if old_outside != new_outside or old_outside - Counter(map(_words, outside)):
        raise UnsureError("the edit changes a finding that stands elsewhere")


def _bare(finding: Finding) -> Kept:
    """Return a finding without its place, which takes long to look up."""
    origin = finding.origin
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "pointer": list(origin.pointer) if origin is not None else None,
    }


def _words(one: Kept) -> tuple[object, ...]:
    pointer = one.get("pointer")
    where = tuple(pointer) if pointer is not None else None
    return one["rule"], one["severity"], one["message"], one["help"], where


def _only_inside(findings: Iterable[Finding], paths: Collection[str]) -> list[Finding]:
    return [one for one in findings if _is_inside(_bare(one), paths)]


def _is_inside(one: Kept, paths: Collection[str]) -> bool:
    pointer: Sequence[str | int] = one.get("pointer") or ()
    return len(pointer) > 1 and pointer[0] == "paths" and pointer[1] in paths


def _moved(one: Kept, start: _At, old_end: _At, new_end: _At) -> dict[str, Any]:
    """Return a finding outside of the edited paths, at its place after the edit."""
    if "place" not in one:
        return dict(one)
    file, line, column = one["place"]
    if (line, column) < start:
        return dict(one)
    if (line, column) < old_end:
        raise UnsureError("a finding stands inside of the edit and belongs to something else")
    if line == old_end[0]:
        return {**one, "place": [file, new_end[0], column - old_end[1] + new_end[1]]}
    return {**one, "place": [file, line - old_end[0] + new_end[0], column]}
