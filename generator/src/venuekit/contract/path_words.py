"""Words of one path that may, or may not, be the values of parameters in another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venuekit.contract.contract import Contract
from venuekit.contract.operation import HttpBinding, Location
from venuekit.contract.paths import plain, segments
from venuekit.contract.schema import AnySchema, EnumSchema, Schema, StringSchema, UnionSchema
from venuekit.contract.walk import resolve

Word = tuple[str, str]
"""A parameter of a path and the fixed text that stands in its place in another."""

_UNLIKE_A_WORD = frozenset(("uuid", "date", "date-time", "ipv4", "ipv6", "email"))
"""Formats whose texts look like no word of a path."""


def are_apart(contract: Contract, one: HttpBinding, other: HttpBinding) -> bool:
    """Return whether no request fits two paths of as many segments, by what parameters may be."""
    return any(
        not takes_word(contract, template, name, word)
        for template, fixed in ((one, other), (other, one))
        for name, word in _facing(template, fixed)
    )


def mistaken(contract: Contract, template: HttpBinding, path: HttpBinding) -> Word | None:
    """Return a parameter and the word with which a template is another, more concrete path."""
    found = list(_facing(template, path))
    pairs = zip(segments(template.path), segments(path.path), strict=True)
    if not found or len(found) != sum(one != other for one, other in pairs):
        return None
    is_taken = all(takes_word(contract, template, name, word) for name, word in found)
    return found[0] if is_taken else None


def takes_word(contract: Contract, binding: HttpBinding, name: str, word: str) -> bool:
    """Return whether a word may be a path parameter's value: what is no text, or text of another
    look, may not."""
    for parameter in binding.parameters:
        if parameter.location is Location.PATH and parameter.name == name:
            return _takes(contract, parameter.schema, word)
    return True


def _facing(template: HttpBinding, path: HttpBinding) -> Iterator[Word]:
    """Yield (parameter, word) where one path has a parameter and the other a fixed text."""
    texts = plain(template.path).split("/")[1:]
    pairs = zip(segments(template.path), segments(path.path), texts, strict=True)
    for one, other, text in pairs:
        if other.is_fixed and len(one.parts) == 2 and not any(one.parts):
            yield text[1:-1], other.parts[0]


def _takes(contract: Contract, schema: Schema, word: str) -> bool:
    match resolve(contract, schema):
        case AnySchema() | UnionSchema():
            return True
        case EnumSchema(values=values):
            return word in values
        case StringSchema(format=format_) if format_ in _UNLIKE_A_WORD:
            return False
        case StringSchema(min_length=least, max_length=most, pattern=pattern):
            is_long_enough = len(word) >= (least or 0) and (most is None or len(word) <= most)
            return is_long_enough and _fits(pattern, word)
        case _:
            return False


def _fits(pattern: str | None, word: str) -> bool:
    try:
        return pattern is None or re.search(pattern, word) is not None
    except re.error:
        return True  # What Python cannot read excludes nothing that is known.
