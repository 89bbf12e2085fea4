"""How an event without a tag of its socket is told from those of other feeds on the socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from venuekit.contract import ArraySchema, ConstSchema, ObjectSchema, Schema
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.text import Value
from venuekit.emit.typescript.unions import Option, fit_of

_MOST_KNOWN = 24
"""Telling a message by one of very many members would cost every frame more than it is worth."""


def event_fit(model: Model, payload: Schema) -> Option:
    """Return the test by which a message is known: by its own fields, or by its first item's."""
    option = fit_of(model, payload)
    shape = model.shape(payload)
    if isinstance(shape, ObjectSchema):
        return replace(option, fit=_told(model, shape, option.fit))
    if isinstance(shape, ArraySchema):
        item = model.shape(shape.items)
        if isinstance(item, ObjectSchema):
            first = _told(model, item, fit_of(model, item).fit)
            return replace(option, fit={**option.fit, "first": first})
    return option


def _told(model: Model, shape: ObjectSchema, fit: dict[str, Value]) -> dict[str, Value]:
    """Return a fit with what else tells an object: a constant, or the members that it knows."""
    if "constants" in fit:
        return fit
    found = next(_constants(model, shape), None)
    if found is not None:
        *outer, name = found[0]
        told: dict[str, Value] = {"constants": {name: found[1]}}
        if outer:
            told = {"members": {outer[0]: {"is": "object", **told}}}
        return {**fit, **told}
    names = [field.name for field in shape.fields]
    if "requires" in fit or not names or len(names) > _MOST_KNOWN:
        return fit
    return {**fit, "knows": [*names]}


def _constants(
    model: Model, shape: ObjectSchema, outer: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str | int]]:
    """Yield the fields with one text or number, on the two upper levels."""
    for field in shape.fields:
        inner = model.shape(field.schema)
        if isinstance(inner, ConstSchema):
            value = inner.value
            if isinstance(value, str | int) and not isinstance(value, bool):
                yield (*outer, field.name), value
        elif isinstance(inner, ObjectSchema) and not outer:
            yield from _constants(model, inner, (field.name,))
