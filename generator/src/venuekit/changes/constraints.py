"""Limits of one shape, before and after: which of them got tighter, looser or just different."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from venuekit.changes.difference import Difference, Kind, Sets
from venuekit.contract import (
    DecimalSchema,
    IntegerSchema,
    NumberSchema,
    Schema,
    StringSchema,
    TimestampSchema,
)

# The attribute, its keyword in the document, and whether a greater number allows more.
BOUNDS = (
    ("minimum", "minimum", False),
    ("exclusive_minimum", "exclusiveMinimum", False),
    ("min_length", "minLength", False),
    ("min_items", "minItems", False),
    ("min_properties", "minProperties", False),
    ("maximum", "maximum", True),
    ("exclusive_maximum", "exclusiveMaximum", True),
    ("max_length", "maxLength", True),
    ("max_items", "maxItems", True),
    ("max_properties", "maxProperties", True),
    ("scale", "x-scale", True),
    ("bits", "format", True),
)
# Where any change of one stated text for another makes sets that can not be compared.
TEXTS = (
    ("pattern", "pattern"),
    ("content_encoding", "contentEncoding"),
    ("content_media_type", "contentMediaType"),
)


def constraint_differences(was: Schema, now: Schema, path: str) -> Iterator[Difference]:
    """Yield each limit that changed between two shapes of the same JSON type."""
    for attribute, keyword, is_greater_wider in BOUNDS:
        before, after = getattr(was, attribute, None), getattr(now, attribute, None)
        if before != after:
            sets = _bound_sets(before, after, is_greater_wider)
            yield _difference(now, path, keyword, before, after, sets)
    for attribute, keyword in TEXTS:
        before, after = getattr(was, attribute, None), getattr(now, attribute, None)
        if before != after:
            yield _difference(now, path, keyword, before, after, _text_sets(before, after))
    before, after = getattr(was, "multiple_of", None), getattr(now, "multiple_of", None)
    if before != after:
        sets = _multiple_sets(before, after)
        yield _difference(now, path, "multipleOf", before, after, sets)
    unique, now_unique = getattr(was, "is_unique", False), getattr(now, "is_unique", False)
    if unique != now_unique:
        sets = Sets.NARROWER if now_unique else Sets.WIDER
        yield _difference(now, path, "uniqueItems", unique, now_unique, sets)
    empty, now_empty = getattr(was, "is_empty_null", False), getattr(now, "is_empty_null", False)
    if empty != now_empty:
        sets = Sets.WIDER if now_empty else Sets.NARROWER
        yield _difference(now, path, "x-empty", empty or None, now_empty or None, sets)
    word, new_word = _format(was), _format(now)
    if word != new_word:
        yield _difference(now, path, "format", word, new_word, _text_sets(word, new_word))


def _difference(
    now: Schema, path: str, keyword: str, before: object, after: object, sets: Sets
) -> Difference:
    return Difference(
        kind=Kind.CONSTRAINT_CHANGED,
        path=path,
        origin=now.notes.origin.child(keyword),
        before=f"{keyword} {'not stated' if before is None else before}",
        after="not stated" if after is None else str(after),
        sets=sets,
    )


def _bound_sets(before: object, after: object, is_greater_wider: bool) -> Sets:
    """Relate two bounds; none at all is the widest."""
    if before is None or after is None:
        return Sets.NARROWER if before is None else Sets.WIDER
    is_greater = Decimal(str(after)) > Decimal(str(before))
    return Sets.WIDER if is_greater == is_greater_wider else Sets.NARROWER


def _text_sets(before: object, after: object) -> Sets:
    if before is None or after is None:
        return Sets.NARROWER if before is None else Sets.WIDER
    return Sets.OTHER


def _multiple_sets(before: Decimal | None, after: Decimal | None) -> Sets:
    if before is None or after is None:
        return Sets.NARROWER if before is None else Sets.WIDER
    if after % before == 0:
        return Sets.NARROWER
    return Sets.WIDER if before % after == 0 else Sets.OTHER


def _format(schema: Schema) -> str | None:
    """Return the word that narrows a type; a plain string or number has none.

    A timestamp as a number is an integer whose unit is compared elsewhere.
    """
    match schema:
        case DecimalSchema():
            return "decimal"
        case TimestampSchema(wire="string"):
            return "date-time"
        case StringSchema(format=word) | NumberSchema(format=word):
            return word
        case IntegerSchema(wire="string"):
            return "int64"
        case _:
            return None
