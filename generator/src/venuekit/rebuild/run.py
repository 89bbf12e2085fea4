"""What loading and emitting give, before it is stamped and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from venuekit.contract import Counts
from venuekit.emit.emission import Emission
from venuekit.emit.ledger import Ledger
from venuekit.finding import Finding
from venuekit.load import Loaded
from venuekit.source import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What loading and emitting gave, with the findings of both in their order.

    `there` counts what the documents have, what of it was lost among it.
    """

    loaded: Loaded
    there: Counts
    emissions: Mapping[str, Emission]
    findings: tuple[Finding, ...]


Make = Callable[[Files | None, Mapping[str, Ledger], bool], Run]
"""Loads and emits, from other files than the disk's if given, noting in a ledger per target; last
it is told whether these files have a part of the contract alone."""
