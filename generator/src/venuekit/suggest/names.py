"""Suggests names for operations that have none, or a number instead of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from venuekit.contract import Contract, HttpBinding, Operation
from venuekit.suggest.facts import Facts

_WORD = re.compile(r"[A-Za-z0-9]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 8
"""A summary of more words is a sentence and no name."""


def suggest_names(contract: Contract, facts: Facts) -> None:
    """Add an operationId where the document has none that a person would choose."""
    named = [(operation, _name(operation)) for operation in _unnamed(contract)]
    taken = Counter(name for _, name in named)
    taken.update(o.name for o in contract.operations if _is_name(o))
    for operation, name in named:
        if name is not None and taken[name] == 1:
            why = "Named as its SDK name or its summary says."
            facts.add(operation.origin, {"operationId": name}, why)


def _unnamed(contract: Contract) -> Iterator[Operation]:
    for operation in contract.operations:
        if isinstance(operation.binding, HttpBinding) and not _is_name(operation):
            yield operation


def _is_name(operation: Operation) -> bool:
    return not operation.is_name_derived and any(c.isalpha() for c in operation.name)


def _name(operation: Operation) -> str | None:
    """Return the name that the venue's own SDKs use, or the summary in camel case."""
    stated = operation.extensions.get("x-sdk-method-name")
    if isinstance(stated, str) and _NAME.fullmatch(stated):
        return stated
    words: list[str] = _WORD.findall((operation.summary or "").replace("'", ""))
    if not 1 < len(words) <= _LONGEST or not words[0][0].isalpha():
        return None
    return words[0].lower() + "".join(word[0].upper() + word[1:] for word in words[1:])
