"""A price, quantity or amount is not declared exact, so an SDK may round somebody's money."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venuekit.contract import Contract, NumberSchema, StringSchema
from venuekit.contract.walk import all_fields, resolve
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule

MONEY = frozenset(
    {
        "price",
        "px",
        "quantity",
        "qty",
        "amount",
        "amt",
        "balance",
        "notional",
        "fee",
        "commission",
        "margin",
        "equity",
        "pnl",
        "funding",
        "volume",
        "size",
    }
)
"""Words that name money or a traded quantity, in any of a field's words."""

NOT_MONEY = frozenset(
    {
        "type",
        "asset",
        "currency",
        "ccy",
        "coin",
        "id",
        "mode",
        "rule",
        "filter",
        "level",
        "tier",
        "name",
        "status",
        "side",
        "source",
        "unit",
        "precision",
        "scale",
        "time",
        "timestamp",
        "ms",
        "count",
        "page",
    }
)
"""A field that ends in one of these describes money without being an amount of it."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_money(name: str) -> bool:
    """Tell whether a field of this name holds money or a quantity."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and words[-1] not in NOT_MONEY and not MONEY.isdisjoint(words)


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
