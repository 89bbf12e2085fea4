"""A JSON number may exceed 2^53 - 1, beyond which JavaScript's JSON.parse changes its digits."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, IntegerSchema
from venuekit.contract.walk import all_fields
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule

LARGEST_SAFE = 2**53 - 1
"""Number.MAX_SAFE_INTEGER (ECMA-262 section 21.1.2.6)."""


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for field in all_fields(contract):
        schema = field.schema
        if not isinstance(schema, IntegerSchema) or schema.wire == "string":
            continue
        bound = schema.maximum if schema.maximum is not None else schema.exclusive_maximum
        if schema.bits == 64 and (bound is None or bound > LARGEST_SAFE):
            yield field.origin, {"name": field.name}


RULE = Rule(
    severity=Severity.WARNING,
    message="field {name!r} is an int64 JSON number, which plain JavaScript clients would round",
    help="send it as a string (type: string, format: int64) or state maximum: 9007199254740991",
    find=find,
)
