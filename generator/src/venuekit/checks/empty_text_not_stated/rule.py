"""A number in text is empty where the document shows it, and SDKs would refuse the answer."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, DecimalSchema, IntegerSchema, Notes, TimestampSchema
from venuekit.contract.walk import all_fields, resolve
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for field in all_fields(contract):
        match resolve(contract, field.schema):
            case (
                DecimalSchema(wire="string", is_empty_null=False)
                | IntegerSchema(wire="string", is_empty_null=False)
                | TimestampSchema(wire="string", is_empty_null=False)
            ) as schema:
                if _shows_empty(field.schema.notes) or _shows_empty(schema.notes):
                    yield field.origin, {"name": field.name}
            case _:
                continue


def _shows_empty(notes: Notes) -> bool:
    return notes.default == "" or "" in notes.examples


RULE = Rule(
    severity=Severity.WARNING,
    message="field {name!r} holds a number or a time, and its default or an example is empty text",
    help="state x-empty: null where empty text means no value, or drop the default or example",
    find=find,
)
