"""An example has members that its schema does not declare, and not every SDK keeps them."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.shown import undeclared
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule

_MOST = 5


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for shape, names in undeclared(contract):
        shown = ", ".join(map(repr, names[:_MOST]))
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield shape.notes.origin, {"names": shown + more}


RULE = Rule(
    severity=Severity.WARNING,
    message="an example has {names}, which its schema does not declare",
    help="declare what is sent, or state additionalProperties: true, so that SDKs keep it",
    find=find,
)
