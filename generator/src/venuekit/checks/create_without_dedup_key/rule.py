"""A create has no field that makes a repeat safe: a lost answer means a possible second order."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, Effect
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        if operation.effect is not Effect.CREATE or operation.lacks_dedup_key:
            continue
        if operation.dedup_key is None:
            yield operation.origin, {"name": operation.name}


RULE = Rule(
    severity=Severity.ERROR,
    message="operation {name!r} creates something and names no field that makes a repeat safe",
    help="add x-dedup-key with the request field (a client order id) that the venue keeps unique,"
    " or x-dedup-key: false where it offers none",
    find=find,
)
