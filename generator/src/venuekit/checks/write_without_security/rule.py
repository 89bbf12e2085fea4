"""An operation that changes orders is open to anybody."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, Effect, Wire
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule

WRITES = (Effect.CREATE, Effect.REPLACE, Effect.CANCEL)


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        is_open = not operation.security or any(not r.schemes for r in operation.security)
        if operation.effect in WRITES and operation.wire is Wire.REST and is_open:
            yield operation.origin, {"name": operation.name, "effect": operation.effect}


RULE = Rule(
    severity=Severity.ERROR,
    message="operation {name!r} has the effect {effect} and demands no security",
    help="add a security requirement to the operation or to the document",
    find=find,
)
