"""The dedup key is not a required field of the request, so a caller can leave it out."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.contract.walk import request_fields
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for operation in contract.operations:
        if operation.dedup_key is None:
            continue
        fields = {field.name: field for field in request_fields(contract, operation)}
        field = fields.get(operation.dedup_key)
        if field is None:
            state = "is no field of the request"
        elif not field.is_required:
            state = "is optional in the request"
        else:
            continue
        place = operation.origin.child("x-dedup-key")
        yield place, {"key": operation.dedup_key, "name": operation.name, "state": state}


RULE = Rule(
    severity=Severity.ERROR,
    message="x-dedup-key {key!r} of operation {name!r} {state}",
    help="name a field of the request and list it under required",
    find=find,
)
