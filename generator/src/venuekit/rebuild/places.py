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

_LINE_END = re.compile(rb"\r\n|\r|\n")
_PLACE_IN_WORDS = re.compile(r":\d+:\d+")

Kept = Mapping[str, Any]
At = tuple[int, int]
"""A line and a column, both from 1."""


@dataclass(frozen=True, eq=False)
class ReducedDocument(Document):
    """A document with the values of some paths and components alone; its text is that of the paths.

    `start` is the line and column at which the paths begin in the whole text, `digest` the whole
    text's SHA-256.
    """

    start: At = field(kw_only=True, default=(1, 1))
    digest: str = field(kw_only=True)

    def key_place(self, pointer: Pointer) -> Place:
        """Raise UnsureError: where keys stand is asked only for what the loaders warn of."""
        raise UnsureError("the place of a key is asked for")

    def place(self, pointer: Pointer) -> Place:
        """Return where the value at `pointer` stands in the whole text.

        Raises UnsureError for what is not in the edited paths.
        """
        if len(pointer) < 2 or pointer[0] != "paths":
            raise UnsureError("a place outside of the edit is asked for")
        # The paths with a brace in front are a text of their own, one column to the right.
        text = "{" + self.text + "}"
        found = JsonPlaces(Lines(self.name, text), text).place(pointer[1:])
        line, column = self.start
        is_first = found.line == 1
        return Place(
            self.name,
            line - 1 + found.line,
            column + found.column - 2 if is_first else found.column,
        )

    @property
    def end(self) -> At:
        """Return line and column of what follows the paths."""
        return place_after(self.text.encode(), self.start)


def place_after(data: bytes, start: At = (1, 1)) -> At:
    """Return line and column of what follows a text that begins at some line and column."""
    lines = len(_LINE_END.findall(data)) if b"\r" in data else data.count(b"\n")
    last = data[max(data.rfind(b"\n"), data.rfind(b"\r")) + 1 :].decode()
    return (start[0] + lines, 1 + len(last)) if lines else (start[0], start[1] + len(last))


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
    start, old_end, new_end = documents[0].start, documents[0].end, documents[1].end
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


def _moved(one: Kept, start: At, old_end: At, new_end: At) -> dict[str, Any]:
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
