"""After a lost answer nobody can find out what became of the order."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, Effect, HttpBinding, Operation
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def _reads_by(operation: Operation, key: str) -> bool:
    binding = operation.binding
    if not isinstance(binding, HttpBinding):
        return False
    is_read = operation.effect is Effect.READ or (
        operation.effect is None and binding.method == "GET"
    )
    return is_read and any(parameter.name == key for parameter in binding.parameters)


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        key = operation.dedup_key
        if operation.effect is not Effect.CREATE or key is None:
            continue
        if not isinstance(operation.binding, HttpBinding):
            continue
        if not any(_reads_by(other, key) for other in contract.operations):
            yield operation.origin.child("x-dedup-key"), {"name": operation.name, "key": key}


RULE = Rule(
    severity=Severity.WARNING,
    message="after a lost answer of {name!r} no read operation finds the order by {key!r}",
    help="add a parameter {key!r} to an operation with x-effect: read",
    find=find,
)
