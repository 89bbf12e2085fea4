"""An operation raises a code that the error table does not explain, so it gets no page."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from venuekit.contract import Contract
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        for index, code in enumerate(operation.errors):
            if code not in contract.errors:
                near = get_close_matches(code, contract.errors, n=1)
                yield (
                    operation.origin.child("x-errors", index),
                    {
                        "code": code,
                        "name": operation.name,
                        "cure": f"did you mean {near[0]}?" if near else "add it to the table",
                    },
                )


RULE = Rule(
    severity=Severity.ERROR,
    message="operation {name!r} lists the error {code}, which the document's x-errors lacks",
    help="{cure}",
    find=find,
)
