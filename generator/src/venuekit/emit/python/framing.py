"""How the messages of a request are framed: what callers give, what is fixed, where the id is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from venuekit.contract import Message
from venuekit.emit.python.bodies import free_input
from venuekit.emit.python.context import Context
from venuekit.emit.python.frames import (
    Place,
    as_object,
    constants,
    correlation,
    payload,
    place_source,
    wanted,
)
from venuekit.emit.python.methods import Input, make_input, named
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.traits import has_free_members


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How a request is framed: its inputs, what is fixed in it, where its id and inputs stand.

    With `is_whole`, the one input is the whole message.
    """

    inputs: tuple[Input, ...]
    fixed: tuple[tuple[Place, str | int | bool], ...] = ()
    correlation: Place | None = None
    under: Place = ()
    is_whole: bool = False


def frame_of(
    context: Context, sent: Sequence[Message], role: str, placed: frozenset[Place] | None
) -> Framing:
    """Return how the messages of a request are framed."""
    types = context.types
    schema = payload(types, sent[0]) if len(sent) == 1 else None
    place = correlation(sent[0]) if sent else None
    if schema is None or (place is not None and len(place) != 1):
        hints = dict.fromkeys(wanted(types, m, None).annotation for m in sent)
        return whole_frame(" | ".join(hints) or "Any", place)
    fixed = constants(types, schema)
    taken = {p[0] for p, _ in fixed if len(p) == 1} | {p[0] for p in [place] if p}
    rest = [field for field in schema.fields if field.name not in taken]
    # Free members of the frame would have no place if its one object were spread.
    is_spread = len(rest) == 1 and not has_free_members(schema)
    inner = as_object(types, rest[0].schema) if is_spread else None
    under: Place = (rest[0].name,) if inner is not None else ()
    below = {p[1] for p, _ in fixed if len(p) == 2 and p[:1] == under}
    fields = [f for f in (inner.fields if inner is not None else rest) if f.name not in below]
    fixed = [(p, value) for p, value in fixed if len(p) == 1 or p[:1] == under]
    outer_required = rest[0].is_required if inner is not None else True
    inputs = [
        make_input(
            types,
            field.schema,
            name=field.name,
            place="message",
            is_required=field.is_required and outer_required,
            doc=None,
        )
        for field in fields
        if role != "log_on" and (*under, field.name) not in (placed or ())
    ]
    if role != "log_on":
        inputs += free_input(types, inner if inner is not None else schema)
    return Framing(inputs=tuple(named(inputs)), fixed=tuple(fixed), correlation=place, under=under)


def whole_frame(annotation: str, place: Place | None) -> Framing:
    """Return the framing of messages that callers give whole, or are given whole."""
    whole = Input(
        name="message",
        place="message",
        annotation=annotation,
        is_required=True,
        is_nullable=False,
        doc="The whole message.",
    )
    return Framing(inputs=tuple(named([whole])), correlation=place, is_whole=True)


def frame_source(
    fixed: Sequence[tuple[Place, str | int | bool]], place: Place | None, under: Place
) -> str:
    rows = [f"({place_source(p)}, {literal(value)})" for p, value in fixed]
    parts = [tuple_text(rows)] if rows else []
    parts += [f"correlation={place_source(place)}"] if place else []
    parts += [f"payload={place_source(under)}"] if under else []
    return f"Frame({', '.join(parts)})"
