"""An integer time does not say its unit; seconds read as milliseconds are the classic mistake."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, IntegerSchema
from venuekit.contract.meaning import is_time
from venuekit.contract.walk import all_fields, resolve
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for field in all_fields(contract):
        schema = resolve(contract, field.schema)
        has_unit = schema.notes.unit is not None or field.schema.notes.unit is not None
        if isinstance(schema, IntegerSchema) and not has_unit and is_time(field.name):
            yield field.origin, {"name": field.name}


RULE = Rule(
    severity=Severity.WARNING,
    message="field {name!r} looks like a time and does not say its unit",
    help="add x-unit: unix-s, unix-ms, unix-us or unix-ns (or ms, s for a duration)",
    find=find,
)
