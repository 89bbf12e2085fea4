"""A price, quantity or amount is not declared exact, so an SDK may round somebody's money."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, NumberSchema, StringSchema
from venuekit.contract.meaning import is_money
from venuekit.contract.walk import all_fields, resolve
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for field in all_fields(contract):
        if not is_money(field.name):
            continue
        match resolve(contract, field.schema):
            case NumberSchema(format=form):
                found = f"number{f' ({form})' if form else ''}"
            case StringSchema(format=None, pattern=None):
                found = "plain string"
            case _:
                continue
        yield field.origin, {"name": field.name, "found": found}


RULE = Rule(
    severity=Severity.WARNING,
    message="field {name!r} looks like money and is a {found}, which SDKs can not keep exact",
    help="declare it as type: string, format: decimal (or complete the document by an overlay)",
    find=find,
)
