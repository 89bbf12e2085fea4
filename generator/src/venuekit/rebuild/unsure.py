"""The one way out of patching: when in doubt, everything is made anew."""

from __future__ import annotations

from collections.abc import Iterable


class UnsureError(Exception):
    """It cannot be shown that patching gives what a whole run gives; the message says why."""


class WitnessError(UnsureError):
    """Whether the rest of a contract still uses some words of a file's head has to be seen.

    `operations` use them, as far as their text shows: seen beside the edit, they decide it.
    """

    def __init__(self, words: Iterable[str], operations: Iterable[str]) -> None:
        self.operations = frozenset(operations)
        super().__init__(f"nothing beside the edit uses {', '.join(sorted(words))}")
