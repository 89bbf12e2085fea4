"""What of an emitter's work reaches over the whole contract, noted while it runs.

Most of what is emitted for an operation follows from it and from the schemas that it reaches. The
rest is names, which must not collide with any other, and what holds for a schema because some
operation sends or receives it. A ledger notes both. Given the ledger of a whole contract, an
emitter that sees a part of it gives everything the name that it has there; where it cannot know
that, it raises `LedgerConflictError`, and the whole contract has to be emitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from venuekit.emit.choosing import tries

if TYPE_CHECKING:
    from venuekit.contract import Contract, Schema


class LedgerConflictError(Exception):
    """A part of a contract cannot be emitted by itself as it would be in the whole."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The name that something got, and all names that were tried for it, that one last."""

    name: str
    tried: tuple[str, ...]


@dataclass(slots=True)
class Ledger:
    """What one run decided; `whole` is the ledger of the whole contract, if this is a part.

    `names` has, for each space of names, what got which; `sets` the named schemas that something
    holds for; `flags` what holds for the contract; `owners` the operation in which a schema with a
    name stands; `drawn` what a back end made of each distinct thing that it was given, in any run.
    """

    whole: Ledger | None = None
    names: dict[str, dict[str, Chosen]] = field(default_factory=dict)
    sets: dict[str, frozenset[str]] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)
    _tried: Counter[str] | None = None

    def tried(self) -> Counter[str]:
        """Return how often each name was tried, in whatever space."""
        if self._tried is None:
            chosen = (one for space in self.names.values() for one in space.values())
            self._tried = Counter(name for one in chosen for name in one.tried)
        return self._tried

    def label(self, space: str, text: str) -> str:
        """Return what stands for one more thing of that text."""
        known = self.names.setdefault(space, {})
        number = 1
        while f"{number} {text}" in known:
            number += 1
        return f"{number} {text}"

    def known(self, space: str, label: str) -> Chosen | None:
        """Return the name that the whole contract gave."""
        if self.whole is None:
            return None
        return self.whole.names.get(space, {}).get(label)

    def note(self, space: str, label: str, chosen: Chosen) -> None:
        """Note a name. Raises LedgerConflictError when it is new and might be wanted elsewhere."""
        if self.whole is not None and self.known(space, label) is None:
            number, _, text = label.partition(" ")
            if len(chosen.tried) != 1 or self.whole.tried()[chosen.name] or number != "1":
                raise LedgerConflictError(f"{text} is called {chosen.name}, which is not new")
        self.names[space][label] = chosen

    def check(self) -> None:
        """Raise LedgerConflictError where several things of one text are not all in this part."""
        for space, known in self.names.items():
            everywhere = self.whole.names.get(space, {}) if self.whole is not None else {}
            for label in known:
                number, _, text = label.partition(" ")
                following = f"{int(number) + 1} {text}"
                if following in everywhere and following not in known:
                    raise LedgerConflictError(f"{text} is not alone")

    def flag(self, name: str, holds: bool) -> bool:
        """Note whether something holds here; return whether it does in the whole contract."""
        self.flags[name] = holds
        return holds if self.whole is None else self.whole.flags[name]


_CURRENT: ContextVar[Ledger | None] = ContextVar("ledger", default=None)


@contextmanager
def noting(ledger: Ledger) -> Iterator[Ledger]:
    """Let whatever runs inside note into a ledger."""
    token = _CURRENT.set(ledger)
    try:
        yield ledger
    finally:
        _CURRENT.reset(token)


def current() -> Ledger | None:
    """Return the ledger that this run notes into, if any."""
    return _CURRENT.get()


def noted_name(
    space: str | None,
    label: str,
    choices: Iterable[str],
    used: Container[str],
    text: Callable[[], str],
) -> str:
    """Return the name of something: the one that the whole contract gave it, else the first free.

    `label` says what it is, the same in every run. Names of no `space` do not reach beyond what
    they stand in, and are not noted. Raises LedgerConflictError when the name cannot be known in a
    part: one that is none of the `choices` was made of a place, which an edit may have moved.
    """
    ledger = _CURRENT.get()
    if ledger is None or space is None:
        return tries(choices, used, text)[-1]
    label = ledger.label(space, label)
    chosen = ledger.known(space, label)
    if chosen is None:
        tried = tries(choices, used, text)
        chosen = Chosen(tried[-1], tried)
    elif chosen.name not in tuple(choices):
        raise LedgerConflictError(f"{label} is called {chosen.name}: a place decided that")
    ledger.note(space, label, chosen)
    return chosen.name


def noted_flag(name: str, holds: bool) -> bool:
    """Return whether something holds for the whole contract."""
    ledger = _CURRENT.get()
    return holds if ledger is None else ledger.flag(name, holds)


def known_schemas(space: str, contract: Contract) -> dict[str, Schema]:
    """Return the schemas of a part that something is known to hold for in the whole contract."""
    ledger = _CURRENT.get()
    if ledger is None or ledger.whole is None:
        return {}
    known = ledger.whole.sets[space]
    return {name: entry.schema for name, entry in contract.schemas.items() if name in known}


def note_set(space: str, names: Iterable[str]) -> None:
    """Note the named schemas that something holds for."""
    ledger = _CURRENT.get()
    if ledger is not None:
        ledger.sets[space] = frozenset(names)


def note_owners(owners: Mapping[str, str]) -> None:
    """Note the operations in which the schemas of some names stand."""
    ledger = _CURRENT.get()
    if ledger is not None:
        ledger.owners.update(owners)


def chosen_from(kept: Mapping[str, list[str]]) -> dict[str, Chosen]:
    """Return one space of names as it was kept: the names tried, the chosen one last."""
    return {label: Chosen(tried[-1], tuple(tried)) for label, tried in kept.items()}
