"""An operation takes from a rate-limit bucket that the document does not define."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    known = ", ".join(contract.limits) or "none"
    for operation in contract.operations:
        for cost in operation.limits:
            if cost.bucket not in contract.limits:
                facts = {"bucket": cost.bucket, "name": operation.name, "known": known}
                yield cost.origin, facts


RULE = Rule(
    severity=Severity.ERROR,
    message="operation {name!r} takes from the limit {bucket!r}, which is not defined",
    help="define it in the document's x-rate-limit; defined are: {known}",
    find=find,
)
