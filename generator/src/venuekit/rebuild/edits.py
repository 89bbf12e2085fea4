"""After an edit of some paths: only these are made again, and put among all others.

The edited paths and the components below them are a document of their own. It goes through the
same loader and the same emitters twice, as it was and as it is, with the names that the whole
contract gave. What it was must be what the last run has, to the byte: that proves that nothing
else was needed to make it. Then the difference between the two is put into the files of the last
run. Wherever this cannot be shown to be exact, UnsureError sends the caller back to a whole run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from venuekit.contract import Counts, HttpBinding
from venuekit.emit.emission import Emission
from venuekit.emit.ledger import Ledger, LedgerConflictError
from venuekit.finding import FindingsError
from venuekit.load import Loaded
from venuekit.load.extensions_check import extension_names
from venuekit.missing import is_allowed
from venuekit.name_lock import NameLock
from venuekit.rebuild.blocks import Cut
from venuekit.rebuild.kept_names import names_after
from venuekit.rebuild.pages import CHANGELOG, is_page, recounted, spliced_pages
from venuekit.rebuild.places import At, ReducedDocument, moved_findings, place_after
from venuekit.rebuild.reduced import Closure, ReducedFiles, reduced_value
from venuekit.rebuild.region import Region, edited_region
from venuekit.rebuild.run import Make, Run
from venuekit.rebuild.runs import as_counts, as_numbers
from venuekit.rebuild.splice import spliced
from venuekit.rebuild.state import (
    State,
    TargetState,
    cut_files,
    owners_of,
    paths_of,
    reached,
    starts_of,
    text_digest,
)
from venuekit.rebuild.unsure import UnsureError, WitnessError
from venuekit.source.refs import shown

_MOST_WITNESSES = 3
"""How often more of the document is taken in, to see what the rest of it uses."""

_FAR_REACHING = re.compile(rb'#/paths/|"x-(?:operations|topic)"|\\(?:/|u00[2-7])')
"""What makes a path more than a path: references into it, readings of our own, and escapes that
could hide either."""

_MOST_PATHS = 40
"""How many edited paths are worth to be made apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patched:
    """The result of a patched run: `loaded` is the edited part, the rest is of the whole.

    Findings are in the `state` alone.
    """

    loaded: Loaded
    emissions: Mapping[str, Emission]
    state: State


def is_patchable(data: bytes) -> bool:
    """Say whether a path of a document stands for itself: nothing else reads into it."""
    if _FAR_REACHING.search(data) is not None:
        return False
    return not any(f'"{name}"'.encode() in data for name in extension_names())


def patched(
    state: State,
    old: bytes,
    new: bytes,
    path: Path,
    locks: NameLock,
    make: Make,
    drawn: dict[str, str],
) -> Patched:
    """Return what the new text of a document gives. Raises UnsureError where that is not sure."""
    region = edited_region(old, new)
    if not is_patchable(new[region.start : region.new_end]):
        raise UnsureError("the edited paths say what reaches beyond them")
    if len(region.old_items) + len(region.new_items) > _MOST_PATHS:
        raise UnsureError("many paths were edited")
    texts = old[region.start : region.old_end], new[region.start : region.new_end]
    start = place_after(old[: region.start])
    part = _Part(state, region, start, texts, text_digest(new), path, locks, make, drawn)
    witnesses: set[str] = set()
    for _ in range(_MOST_WITNESSES):
        try:
            return _with_witnesses(part, witnesses)
        except WitnessError as error:
            more = {
                at for at, names in state.items.items() if not error.operations.isdisjoint(names)
            }
            if more <= witnesses:
                raise
            witnesses |= more
    raise UnsureError("what the rest uses cannot be seen")


@dataclass(frozen=True, slots=True)
class _Part:
    """What is needed to make the edited part: the paths as they were and as they are."""

    state: State
    region: Region
    start: At
    texts: tuple[bytes, bytes]
    digest: str
    path: Path
    locks: NameLock
    make: Make
    drawn: dict[str, str]

    def documents(self, witnesses: Collection[str]) -> tuple[ReducedDocument, ReducedDocument]:
        """Return both documents, with some paths that were not edited beside those that were."""
        items = [self.region.items(is_new, witnesses) for is_new in (False, True)]
        closure = Closure(self.region.top)
        for one in items:
            closure.add(one)
        components = closure.components()
        first, second = (
            ReducedDocument(
                shown(self.path),
                reduced_value(self.region, one, components),
                text.decode(),
                is_json=True,
                path=self.path,
                start=self.start,
                digest=digest,
            )
            for one, text, digest in zip(
                items, self.texts, (self.state.text, self.digest), strict=True
            )
        )
        return first, second


def _with_witnesses(part: _Part, witnesses: Collection[str]) -> Patched:
    documents = part.documents(witnesses)
    wholes = {name: target.ledger() for name, target in part.state.targets.items()}
    halves = tuple(_made(one, wholes, part.make, part.drawn) for one in documents)
    return _joined(part, (halves[0], halves[1]), documents)


@dataclass(frozen=True, slots=True)
class _Half:
    """The run of the edited part, as it was or as it is, with what its emitters noted."""

    run: Run
    ledgers: Mapping[str, Ledger]


def _made(
    document: ReducedDocument, wholes: Mapping[str, Ledger], make: Make, drawn: dict[str, str]
) -> _Half:
    ledgers = {name: Ledger(whole=whole, drawn=drawn) for name, whole in wholes.items()}
    try:
        run = make(ReducedFiles(document), ledgers, True)
        for ledger in ledgers.values():
            ledger.check()
    except (FindingsError, LedgerConflictError) as error:
        raise UnsureError(str(error)) from None
    contract = run.loaded.contract
    is_plain = all(isinstance(one.binding, HttpBinding) for one in contract.operations)
    if not is_plain or run.there != contract.counts or any(map(is_allowed, run.findings)):
        raise UnsureError("something is lost, or more than requests")
    return _Half(run, ledgers)


def _joined(
    part: _Part,
    halves: tuple[_Half, _Half],
    documents: tuple[ReducedDocument, ReducedDocument],
) -> Patched:
    state, region = part.state, part.region
    first, second = halves
    old, new = (paths_of(half.run.loaded.contract) for half in halves)
    items = _new_items(state, region, old, new)
    edited = {name for path in region.old_items for name in old.get(path, ())}
    edited |= {name for path in region.new_items for name in new.get(path, ())}
    order = _new_order(items, edited)
    starts = _new_starts(state, edited, second)
    read = _sum(state.read, *(half.run.loaded.contract.counts for half in halves))
    targets = {
        name: _target(name, target, halves, edited, order, _reaches(starts, state))
        for name, target in state.targets.items()
    }
    if any(target.emitted != read for target in targets.values()):
        raise UnsureError("something was lost")
    findings = moved_findings(
        state.findings,
        (first.run.findings, second.run.findings),
        documents,
        {*region.old_items, *region.new_items},
    )
    made = State(
        text=part.digest,
        read=read,
        items=items,
        findings=findings,
        starts=starts,
        references=state.references,
        targets=targets,
    )
    emissions = {
        name: Emission(
            files={path: one.text for path, one in target.files.items()},
            emitted=as_counts(target.emitted),
            names=names_after(part.locks.known(name), [h.run.emissions[name] for h in halves]),
        )
        for name, target in targets.items()
    }
    return Patched(loaded=second.run.loaded, emissions=emissions, state=made)


def _new_items(
    state: State,
    region: Region,
    old: Mapping[str, list[str]],
    new: Mapping[str, list[str]],
) -> dict[str, list[str]]:
    """Return the operations of each path after the edit, in the document's order."""
    if any(state.items.get(path) != old.get(path) for path in region.old_items):
        raise UnsureError("the paths were others in the last run")
    places = (*region.before, *region.new_items, *region.behind)
    known = {**state.items, **{path: new.get(path, []) for path in region.new_items}}
    return {path: known[path] for path in places if known.get(path)}


def _new_order(items: Mapping[str, list[str]], edited: set[str]) -> dict[str, int]:
    """Return the place of each operation after the edit."""
    names = [name for names in items.values() for name in names]
    if len(set(names)) != len(names):
        raise UnsureError("two operations have one name")
    # An operation without a name of its own gets a number where its wish is taken.
    for name in edited.difference(names):
        numbered = re.compile(rf"{re.escape(name)}\d+")
        if any(map(numbered.fullmatch, names)):
            raise UnsureError("a name is free again, and another operation may want it")
    return {name: at for at, name in enumerate(names)}


def _new_starts(state: State, edited: set[str], after: _Half) -> dict[str, dict[str, list[str]]]:
    own = starts_of(after.run.loaded.contract) if state.starts else {}
    return {
        way: {**{name: n for name, n in starts.items() if name not in edited}, **own[way]}
        for way, starts in state.starts.items()
    }


def _reaches(
    starts: Mapping[str, Mapping[str, list[str]]], state: State
) -> dict[str, frozenset[str]]:
    return {way: reached(names, state.references) for way, names in starts.items()}


def _target(
    name: str,
    state: TargetState,
    halves: tuple[_Half, _Half],
    edited: set[str],
    order: Mapping[str, int],
    reaches: Mapping[str, frozenset[str]],
) -> TargetState:
    ledgers = [half.ledgers[name] for half in halves]
    emissions = [half.run.emissions[name] for half in halves]
    whole = state.ledger()
    if ledgers[0].flags != ledgers[1].flags:
        raise UnsureError("what holds for the contract changes")
    if any(reaches[way] != names for way, names in whole.sets.items()):
        raise UnsureError("who sends or receives a schema changes")
    cuts = [_cuts(one, ledger) for one, ledger in zip(emissions, ledgers, strict=True)]
    emitted = _sum(state.emitted, emissions[0].emitted, emissions[1].emitted)
    return TargetState(
        emitted=emitted,
        files=_files(state, emitted, cuts, edited, order),
        names=_new_names(state, whole, ledgers[0], ledgers[1]),
        sets=state.sets,
        flags=state.flags,
        owners={
            **{n: o for n, o in state.owners.items() if o not in edited},
            **ledgers[1].owners,
        },
    )


def _files(
    state: TargetState,
    emitted: tuple[int, int, int, int],
    cuts: Sequence[Mapping[str, Cut]],
    edited: set[str],
    order: Mapping[str, int],
) -> dict[str, Cut]:
    """Return all files after the edit."""
    before, after = cuts
    files = {path: one for path, one in state.files.items() if not is_page(path)}
    if not all({p for p in cut if not is_page(p)} == files.keys() for cut in cuts):
        raise UnsureError("there are other files")
    changelog = files.pop(CHANGELOG)
    found = {
        path: spliced(one, before[path], after[path], edited, order) for path, one in files.items()
    }
    found |= spliced_pages(state.files, before, after, edited)
    if emitted != state.emitted:
        text = recounted(changelog.text, as_counts(state.emitted), as_counts(emitted))
        changelog = Cut(text, "", (), "")
    return {**found, CHANGELOG: changelog}


def _cuts(emission: Emission, ledger: Ledger) -> Mapping[str, Cut]:
    owners = owners_of(ledger)
    cuts = cut_files(emission.files, owners) if owners is not None else None
    if cuts is None:
        raise UnsureError("a file cannot be cut")
    return cuts


def _new_names(
    state: TargetState, whole: Ledger, before: Ledger, after: Ledger
) -> dict[str, dict[str, list[str]]]:
    """Return all names after the edit. One that is free again must not be wanted elsewhere."""
    names = {space: dict(known) for space, known in state.names.items()}
    for space, known in before.names.items():
        for label, chosen in known.items():
            if label in after.names.get(space, {}):
                continue
            if any(whole.tried()[name] != 1 for name in chosen.tried):
                raise UnsureError(f"{chosen.name} is free again, and something else wanted it")
            del names[space][label]
    for space, known in after.names.items():
        names.setdefault(space, {}).update((n, list(one.tried)) for n, one in known.items())
    return names


def _sum(
    whole: tuple[int, int, int, int], before: Counts, after: Counts
) -> tuple[int, int, int, int]:
    old, new = as_numbers(before), as_numbers(after)
    a, b, c, d = (w - o + n for w, o, n in zip(whole, old, new, strict=True))
    return a, b, c, d
