"""Operations that answer in pages, found in the contract so that every SDK iterates over the same.

A page is an answer with one list, a parameter that moves on, and a member that says whether there
is more: the next cursor, a yes or no, or the number of pages. What shows only some of these is
left alone, because a guess would end too early or never.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from venuekit.contract import (
    ArraySchema,
    Contract,
    Effect,
    Field,
    HttpBinding,
    IntegerSchema,
    Location,
    NullableSchema,
    ObjectSchema,
    Operation,
    Parameter,
    RefSchema,
    Schema,
)
from venuekit.emit.naming import words

Mark = Literal["cursor", "has_more", "total_pages"]

CURSORS = frozenset(
    (
        *("cursor", "next cursor", "page cursor", "next page cursor", "page token"),
        *("next page token", "next token", "continuation", "continuation token"),
    )
)
"""What a parameter is called that takes the cursor of an answer, word by word."""

NEXT = ("next {}", "next page {}", "{}", "next")
"""What the member with the next cursor is called, by the parameter's own name; the best first."""

NUMBERS = frozenset(("page", "page no", "page num", "page number", "current page"))
"""What a parameter is called that counts pages."""

HAS_MORE = frozenset(("has more", "has next", "has next page", "more"))
TOTAL_PAGES = frozenset(("total page", "total pages", "page count", "pages", "total page count"))

Place = tuple[str, ...]
"""Wire names from the answer down to a member."""


@dataclass(frozen=True, slots=True)
class Page:
    """How an operation's answers follow each other."""

    answer: ObjectSchema
    parameter: Parameter
    mark: Mark
    place: Place
    """Where the next cursor, the yes or no, or the number of pages stands."""
    items: Place
    item: Schema
    first: int
    """The number of the first page, where pages are counted."""


def page_of(contract: Contract, operation: Operation) -> Page | None:
    """Return how an operation's answers follow each other, or None where they do not."""
    binding = operation.binding
    if not isinstance(binding, HttpBinding) or not _is_read(operation, binding):
        return None
    answer = _answer(contract, binding)
    if answer is None:
        return None
    places = list(_places(contract, answer))
    lists = [
        (place, shape.items)
        for place, field in places
        if isinstance(shape := _shape(contract, field.schema), ArraySchema)
    ]
    if len(lists) != 1:
        return None
    items, item = lists[0]
    for parameter in binding.parameters:
        if parameter.location is not Location.QUERY:
            continue
        found = _mark(contract, parameter, places)
        if found is not None:
            mark, place = found
            first = _first(contract, parameter)
            return Page(answer, parameter, mark, place, items, item, first)
    return None


def _is_read(operation: Operation, binding: HttpBinding) -> bool:
    if operation.effect is None:
        return binding.method == "GET"
    return operation.effect is Effect.READ


def _answer(contract: Contract, binding: HttpBinding) -> ObjectSchema | None:
    for response in binding.responses:
        if not response.status.startswith("2"):
            continue
        for content in response.contents:
            if "json" in content.media_type and content.schema is not None:
                shape = _shape(contract, content.schema)
                return shape if isinstance(shape, ObjectSchema) else None
    return None


def _places(contract: Contract, answer: ObjectSchema) -> Iterator[tuple[Place, Field]]:
    """Yield the members of an answer, and those of the objects in it: envelopes are one deep."""
    for field in answer.fields:
        yield (field.name,), field
        inner = _shape(contract, field.schema)
        if isinstance(inner, ObjectSchema):
            for member in inner.fields:
                yield (field.name, member.name), member


def _mark(
    contract: Contract, parameter: Parameter, places: list[tuple[Place, Field]]
) -> tuple[Mark, Place] | None:
    name = _plain(parameter.name)
    named: dict[str, Place] = {}
    for place, field in places:
        if not isinstance(_shape(contract, field.schema), ObjectSchema | ArraySchema):
            named.setdefault(_plain(place[-1]), place)
    if name in CURSORS:
        wanted = (pattern.format(name.removeprefix("next ")) for pattern in NEXT)
        found = next((named[word] for word in wanted if word in named), None)
        return None if found is None else ("cursor", found)
    if name not in NUMBERS:
        return None
    if not isinstance(_shape(contract, parameter.schema), IntegerSchema):
        return None
    for word, place in named.items():
        if word in HAS_MORE:
            return "has_more", place
        if word in TOTAL_PAGES:
            return "total_pages", place
    return None


def _first(contract: Contract, parameter: Parameter) -> int:
    shape = _shape(contract, parameter.schema)
    default = parameter.schema.notes.default
    if isinstance(default, int) and not isinstance(default, bool):
        return default
    least = shape.minimum if isinstance(shape, IntegerSchema) else None
    return int(least) if least is not None and 0 <= least <= 1 else 1


def _plain(name: str) -> str:
    return " ".join(words(name)).lower()


def _shape(contract: Contract, schema: Schema) -> Schema:
    seen: set[str] = set()
    while True:
        if isinstance(schema, NullableSchema):
            schema = schema.inner
        elif isinstance(schema, RefSchema) and schema.name not in seen:
            seen.add(schema.name)
            schema = contract.schemas[schema.name].schema
        else:
            return schema
