"""An operation has no operationId, so its method in the SDKs is named after its path."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        if operation.is_name_derived:
            yield operation.origin, {"name": operation.name}


RULE = Rule(
    severity=Severity.WARNING,
    message="the operation has no operationId; the SDKs would call it {name!r}",
    help="add an operationId, which then stays the same when the path changes",
    find=find,
)
