"""Operations that answer in pages: the rule that the runtime follows, and the iterator's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from venuekit.contract import Operation, Parameter, Wire
from venuekit.emit.naming import assign
from venuekit.emit.pages import Page, page_of
from venuekit.emit.python.context import Context
from venuekit.emit.python.frames import attributes, place_source
from venuekit.emit.python.methods import Input
from venuekit.emit.python.names import TAKEN_METHODS
from venuekit.emit.python.text import literal
from venuekit.emit.python.types import hint

_MARKS = {"cursor": "next", "has_more": "has_more", "total_pages": "total_pages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """The iterator over all items of an operation, ready to be drawn."""

    name: str
    annotation: str
    rule: str


def iterator_names(context: Context) -> dict[str, tuple[str, Page]]:
    """Return the iterator of each operation that answers in pages: `iter_list_orders`."""
    pages: dict[str, Page] = {}
    for operation in context.operations(Wire.REST):
        page = page_of(context.contract, operation)
        if page is not None:
            pages[operation.name] = page
    rows = []
    for key in pages:
        method = context.methods[key]
        rows.append((key, (f"iter_{method}", f"iter_{method}_items")))
    names = assign(rows, {*TAKEN_METHODS, *context.methods.values()}, "iterators")
    return {key: (names[key], page) for key, page in pages.items()}


def items_of(
    context: Context,
    operation: Operation,
    parameters: Sequence[tuple[Parameter, Input]],
    iterators: dict[str, tuple[str, Page]],
) -> Items | None:
    """Return an operation's iterator; `parameters` are its own, each with its input."""
    name, page = iterators.get(operation.name, ("", None))
    if page is None:
        return None
    moving = next((one.argument for p, one in parameters if p is page.parameter), None)
    items = attributes(context.types, page.answer, page.items)
    mark = attributes(context.types, page.answer, page.place)
    if moving is None or items is None or mark is None:
        return None
    parts = [literal(moving), place_source(items), f"{_MARKS[page.mark]}={place_source(mark)}"]
    if page.mark != "cursor" and page.first != 1:
        parts.append(f"first={page.first}")
    return Items(
        name=name,
        annotation=hint(context.types.shape(page.item), "models."),
        rule=f"PageRule({', '.join(parts)})",
    )
