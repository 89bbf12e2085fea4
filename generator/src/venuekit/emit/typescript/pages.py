"""Operations that answer in pages, as a rule that the runtime follows and a method to iterate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from venuekit.contract import ObjectSchema, Operation, Parameter, Schema
from venuekit.emit.naming import assign, pascal
from venuekit.emit.pages import Page, Place, page_of
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.text import Value
from venuekit.emit.typescript.types import TypeWriter

_MARKS = {"cursor": "next", "has_more": "hasMore", "total_pages": "totalPages"}


@dataclass(frozen=True, slots=True)
class Paged:
    """An operation that answers in pages: the name of its iterator, and how pages follow."""

    name: str
    page: Page


@dataclass(frozen=True, slots=True)
class Items:
    """The iterator over all items of an operation, ready to be written."""

    name: str
    item_type: str
    rule: dict[str, Value]


def paged_operations(
    model: Model, operations: Sequence[Operation], names: Mapping[int, str], taken: Iterable[str]
) -> dict[int, Paged]:
    """Return the operations that answer in pages by their identity: `listOrders`, `iterListOrders`.

    `names` are the operations' functions, and `taken` what else no iterator may be called.
    """
    texts = {id(operation): operation.name for operation in operations}
    found = {
        id(operation): page
        for operation in operations
        if (page := page_of(model.contract, operation)) is not None
    }
    iterators = assign(
        ((key, (f"iter{pascal(names[key])}", f"iter{pascal(names[key])}Items")) for key in found),
        {*taken, *names.values()},
        "iterators",
        texts.__getitem__,
    )
    return {key: Paged(iterators[key], page) for key, page in found.items()}


def items_of(model: Model, paged: Paged, parameters: Iterable[tuple[str, Parameter]]) -> Items:
    """Return an operation's iterator; `parameters` are its inputs with their properties."""
    page = paged.page
    moving = next(name for name, parameter in parameters if parameter is page.parameter)
    answer = page.answer
    rule: dict[str, Value] = {
        "parameter": moving,
        "items": _properties(model, answer, page.items),
        _MARKS[page.mark]: _properties(model, answer, page.place),
    }
    if page.mark != "cursor":
        rule["first"] = page.first
    return Items(paged.name, TypeWriter(model, "t.").expression(page.item, "out"), rule)


def _properties(model: Model, answer: Schema, place: Place) -> list[Value]:
    found: list[Value] = []
    schema = answer
    for wire in place:
        shape = model.shape(schema)
        assert isinstance(shape, ObjectSchema)
        found.append(model.property(shape, wire))
        schema = next(field.schema for field in shape.fields if field.name == wire)
    return found
