"""Writes the first overlay of a document: cures, exact numbers, units, effects, free members."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from venuekit.contract import JsonValue
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.load import Loaded, load
from venuekit.origin import Pointer
from venuekit.source import DiskFiles, Document, load_document, parse_document
from venuekit.source.overlay import apply
from venuekit.suggest.actions import Action, overlay_text
from venuekit.suggest.effects import suggest_effects
from venuekit.suggest.facts import Facts
from venuekit.suggest.members import suggest_members
from venuekit.suggest.mending import cures
from venuekit.suggest.names import suggest_names
from venuekit.suggest.scalars import suggest_scalars
from venuekit.suggest.targets import index_of, paths_of

_NAME = "suggested.overlay.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An overlay's text, the contract that document and overlay make, and what was noted."""

    text: str
    places: int
    actions: int
    loaded: Loaded
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """The disk, and one overlay that is not yet written."""

    overlay: Path
    text: str
    disk: DiskFiles = field(default_factory=DiskFiles)

    def load(self, path: Path, name: str) -> Document:
        """Return the document at a path. Raises SourceError."""
        if path == self.overlay:
            return parse_document(name, self.text.encode(), path)
        return self.disk.load(path, name)


def suggest(path: Path) -> Suggestion:
    """Return the first overlay of a document, after loading the document with it.

    Raises FindingsError when the document cannot be read, or is invalid beyond obvious cures.
    """
    document = load_document(path)
    title = f"What {path.name} leaves out, as it was guessed"
    mended, done, loaded = _mended(path, document, title)
    facts = Facts(document)
    suggest_scalars(loaded.contract, facts)
    suggest_effects(loaded.contract, facts)
    suggest_names(loaded.contract, facts)
    suggest_members(loaded.contract, facts)
    actions = [*done, *_actions(mended, facts)]
    text = overlay_text(title, actions) if actions else ""
    completed = _load(path, text or None)
    return Suggestion(
        text=text,
        places=len(facts.found) + len(done),
        actions=len(actions),
        loaded=completed,
        findings=(*completed.findings, *_elsewhere(facts)),
    )


def _mended(path: Path, document: Document, title: str) -> tuple[Document, list[Action], Loaded]:
    """Return the document without its obvious faults, the cures, and what was loaded then.

    Each round cures what the one before it brought to light. Raises FindingsError with what
    no cure is known for.
    """
    done: list[Action] = []
    while True:
        loaded: Loaded | None = None
        try:
            loaded = _load(path, overlay_text(title, done) if done else None)
            findings = loaded.findings
        except FindingsError as error:
            findings = error.findings
            if not _new(document, findings, done):
                raise
        new = _new(document, findings, done)
        if loaded is not None and not new:
            return document, done, loaded
        done += new
        text = overlay_text(title, new)
        document = apply(document, parse_document(_NAME, text.encode()))


def _new(document: Document, findings: tuple[Finding, ...], done: list[Action]) -> list[Action]:
    return [action for action in cures(document, findings) if action not in done]


def _load(path: Path, text: str | None) -> Loaded:
    if text is None:
        return load([path])
    overlay = path.parent / _NAME
    return load([path], [overlay], files=_Written(overlay, text))


def _actions(document: Document, facts: Facts) -> Iterator[Action]:
    """Yield the actions for all facts, those that say the same as one."""
    groups: dict[tuple[str, str], list[Pointer]] = defaultdict(list)
    for fact in facts.found.values():
        groups[(fact.why, json.dumps(fact.update))].append(fact.pointer)
    index = index_of(document.value)
    for (why, written), pointers in groups.items():
        update: dict[str, JsonValue] = json.loads(written)
        for target in paths_of(index, pointers, update):
            yield Action(target=target, description=why, update=update)


def _elsewhere(facts: Facts) -> Iterator[Finding]:
    for name in sorted({name for name, _ in facts.elsewhere}):
        count = sum(1 for file, _ in facts.elsewhere if file == name)
        yield Finding(
            rule="stands-in-another-file",
            severity=Severity.INFO,
            message=f"{count} places that should be completed stand in {name}",
            help="an overlay changes one document; write one for that file, or complete it there",
        )
