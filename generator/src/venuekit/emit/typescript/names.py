"""TypeScript's names: properties, functions and types, away from what the language keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from venuekit.emit.choosing import digest
from venuekit.emit.naming import camel, pascal

NONE: Mapping[str, str] = MappingProxyType({})

_KEPT_BY_JAVASCRIPT = """
abstract any arguments as async await boolean break case catch class const constructor continue
debugger declare default delete do else enum eval export extends false finally for from function
get if implements import in instanceof interface is let module namespace never new null number
object of package private protected public require return set static string super switch symbol
this throw true try type typeof undefined unique unknown var void while with yield NaN Infinity
globalThis
"""
RESERVED = frozenset(_KEPT_BY_JAVASCRIPT.split())
"""Words that a function may not be called by, or had better not."""

CLIENT_MEMBERS = frozenset(
    (
        *("call", "callRaw", "clock", "close", "connect", "iterate", "request", "send", "state"),
        "subscribe",
    )
)
"""What the runtime's clients have already."""

MODULE_NAMES = frozenset(
    ("Client", "Decimal", "DecimalInput", "FileInput", "Messages", "StreamClient", "Unknown")
)
"""Type names that generated modules define or need for other things."""

_PLAIN_PROPERTY = re.compile(r"[A-Za-z$][A-Za-z0-9$]*")
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


@lru_cache(maxsize=65536)
def property_name(wire: str) -> str:
    """Return the property for a wire name: `client_order_id` is `clientOrderId`, `E` stays.

    A name that holds no separator stays as the venue writes it, so that `e` and `E` remain two.
    """
    if _PLAIN_PROPERTY.fullmatch(wire) or wire.startswith("_"):
        return wire
    name = camel(wire)
    return name if _IDENTIFIER.fullmatch(name) and name != "constructor" else wire


def property_names(wires: Iterable[str], kept: Mapping[str, str] = NONE) -> dict[str, str]:
    """Return the property of each field; fields that would share one keep their wire names.

    `kept` are the properties that some have already.
    """
    wanted = {wire: kept.get(wire) or property_name(wire) for wire in wires}
    counts: dict[str, int] = {}
    for name in wanted.values():
        counts[name] = counts.get(name, 0) + 1
    taken = set(kept.values())
    return {
        wire: name
        if wire in kept or counts[name] == 1 or (name == wire and name not in taken)
        else wire
        if wire not in taken
        else f"{wire}_{digest(wire)}"
        for wire, name in wanted.items()
    }


def function_choices(operation: str) -> tuple[str, ...]:
    """Return the names that an operation's function may have, the best one first."""
    name = camel(operation)
    if not name or not _IDENTIFIER.fullmatch(name):
        name = f"operation{pascal(operation)}" if name else "operation"
    return name, f"{name}Operation"


def error_class(code: str) -> str:
    """Return the class of an error code: `INSUFFICIENT_BALANCE` is `InsufficientBalanceError`."""
    name = pascal(code) or "Unnamed"
    name = name if not name[0].isdigit() else f"Code{name}"
    return name if name.endswith("Error") else f"{name}Error"
