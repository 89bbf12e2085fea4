"""What a run leaves behind for the next one: its findings, its names, its files in blocks."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from venuekit.contract import Contract, HttpBinding, RefSchema, Schema
from venuekit.contract.walk import descend
from venuekit.emit.emission import Emission
from venuekit.emit.ledger import Ledger, chosen_from
from venuekit.rebuild.blocks import Cut, cut, style_of
from venuekit.rebuild.kept_findings import findings_text
from venuekit.rebuild.pages import is_page, page_cut
from venuekit.rebuild.run import Run
from venuekit.rebuild.runs import as_numbers

Starts = dict[str, dict[str, list[str]]]
"""For each way that values go, the named schemas that each operation names itself."""

_OF_OPERATIONS = {
    "method": "operations",
    "constants": "operations",
    "iterators": "operations",
    "inputs": "inputs",
}
"""The spaces of names that operations have, and the sections in which these stand."""


class TargetState(msgspec.Struct):
    """One target: what was emitted, in blocks, and what its emitter noted.

    Names that a lock keeps are in the lock.
    """

    emitted: tuple[int, int, int, int]
    files: dict[str, Cut]
    names: dict[str, dict[str, list[str]]]
    sets: dict[str, list[str]]
    flags: dict[str, bool]
    owners: dict[str, str]

    def ledger(self) -> Ledger:
        """Return the ledger of the whole contract."""
        return Ledger(
            names={space: chosen_from(names) for space, names in self.names.items()},
            sets={space: frozenset(names) for space, names in self.sets.items()},
            flags=self.flags,
            owners=self.owners,
        )


class State(msgspec.Struct):
    """A whole run over one document.

    `text` is the SHA-256 of the document, `items` has the operations of each path, in order.
    """

    text: str
    read: tuple[int, int, int, int]
    items: dict[str, list[str]]
    findings: list[dict[str, Any]]
    starts: Starts
    references: dict[str, list[str]]
    targets: dict[str, TargetState]


def text_digest(data: bytes) -> str:
    """Return what a state knows its document by."""
    return hashlib.sha256(data).hexdigest()


def whole_state(run: Run, ledgers: Mapping[str, Ledger], data: bytes) -> State | None:
    """Return what is kept of a whole run, or None where its output cannot be patched."""
    contract = run.loaded.contract
    items = paths_of(contract)
    order = {name: at for at, name in enumerate(n for names in items.values() for n in names)}
    targets = {
        name: target_state(emission, ledgers[name], order)
        for name, emission in run.emissions.items()
    }
    found = {name: target for name, target in targets.items() if target is not None}
    is_lost = run.there != contract.counts
    if is_lost or len(found) < len(targets) or len(order) < len(contract.operations):
        return None
    return State(
        text=text_digest(data),
        read=as_numbers(contract.counts),
        items=items,
        findings=findings_text(run.findings),
        # Only TypeScript tells what is sent from what is received.
        starts=starts_of(contract) if "typescript" in found else {},
        references=references_of(contract),
        targets=found,
    )


def target_state(
    emission: Emission, ledger: Ledger, order: Mapping[str, int]
) -> TargetState | None:
    """Return what is kept of a target, or None where its files cannot be cut into blocks."""
    owners = owners_of(ledger)
    if emission.names is not None and any(one.formers for one in emission.names.entries.values()):
        return None  # Aliases stand behind everything else, whatever they are of.
    files = cut_files(emission.files, owners) if owners is not None else None
    if files is None or not all(_is_ordered(one, order) for one in files.values()):
        return None
    return TargetState(
        emitted=as_numbers(emission.emitted),
        files=files,
        names={
            space: {label: list(one.tried) for label, one in names.items()}
            for space, names in ledger.names.items()
        },
        sets={space: sorted(names) for space, names in ledger.sets.items()},
        flags=ledger.flags,
        owners=ledger.owners,
    )


def owners_of(ledger: Ledger) -> dict[str, tuple[str, str]] | None:
    """Return the section and the operation of every emitted name; None where two have the same."""
    found: dict[str, tuple[str, str]] = {}
    methods = {one.name: _text(label) for label, one in ledger.names.get("method", {}).items()}
    for space, names in ledger.names.items():
        for label, chosen in names.items():
            text = _text(label)
            # Constants are named after methods.
            text = methods.get(text, text) if space == "constants" else text
            if space in _OF_OPERATIONS:
                owner = (_OF_OPERATIONS[space], text)
            else:
                base = text if space == "senders" else chosen.name
                owner = ("schemas", ledger.owners.get(base, ""))
            # In Python a class may not begin with a digit or a mark.
            plain = chosen.name.isidentifier()
            for name in (chosen.name,) if plain else (chosen.name, f"N{chosen.name}"):
                if found.setdefault(name, owner) != owner:
                    return None
    return found


def cut_files(
    files: Mapping[str, str | bytes], owners: Mapping[str, tuple[str, str]]
) -> dict[str, Cut] | None:
    """Return files in blocks; None where one cannot be cut."""
    found = {}
    for path, text in files.items():
        if isinstance(text, bytes):
            return None
        style = style_of(path)
        if is_page(path):
            one = page_cut(path, text, owners)
        else:
            one = cut(text, style, owners) if style is not None else Cut(text, "", (), "")
        if one is None:
            return None
        found[path] = one
    return found


def _text(label: str) -> str:
    return label.partition(" ")[2]


def paths_of(contract: Contract) -> dict[str, list[str]]:
    """Return the names of the operations of each path, in the contract's order."""
    found: dict[str, list[str]] = {}
    for operation in contract.operations:
        if isinstance(operation.binding, HttpBinding):
            found.setdefault(operation.binding.path, []).append(operation.name)
    return found


def starts_of(contract: Contract) -> Starts:
    """Return which named schemas each operation sends, receives and uploads itself."""
    from venuekit.emit.typescript.model import received_schemas, sent_schemas, uploaded_schemas

    ways = {"sent": sent_schemas, "received": received_schemas, "uploads": uploaded_schemas}
    found: Starts = {way: {} for way in ways}
    for operation in contract.operations:
        single = dataclasses.replace(contract, operations=(operation,))
        for way, schemas in ways.items():
            names = [name for schema in schemas(single) for name in _named_in(schema)]
            if names:
                found[way][operation.name] = list(dict.fromkeys(names))
    return found


def references_of(contract: Contract) -> dict[str, list[str]]:
    """Return which named schemas each named schema refers to itself."""
    return {
        name: list(dict.fromkeys(_named_in(entry.schema)))
        for name, entry in contract.schemas.items()
    }


def reached(starts: Mapping[str, list[str]], references: Mapping[str, list[str]]) -> frozenset[str]:
    """Return every named schema that some operations reach."""
    waiting = [name for names in starts.values() for name in names]
    found = set(waiting)
    while waiting:
        for name in references.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _named_in(schema: Schema) -> Iterator[str]:
    return (one.name for one in descend(schema) if isinstance(one, RefSchema))


def _is_ordered(one: Cut, order: Mapping[str, int]) -> bool:
    """Whether the sections of a file stand one behind the other, each in the operations' order."""
    last: dict[str, int] = {}
    previous = ""
    for block in one.blocks:
        position = order.get(block.operation, -1)
        if block.section != previous and block.section in last:
            return False
        if position < last.get(block.section, -1):
            return False
        last[block.section], previous = position, block.section
    return True
