"""Rules of channels: how their sequence is checked, and where a book keeps its levels."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.contract import ArraySchema, Channel, ObjectSchema, TupleSchema
from venuekit.emit.python.context import Context
from venuekit.emit.python.frames import (
    Wanted,
    as_object,
    attributes,
    payload,
    place_source,
    tag,
)
from venuekit.emit.python.text import literal, tuple_text

# Words by which venues name the sides of a book and the parts of a level.
_BIDS = ("bids", "b", "bid")
_ASKS = ("asks", "a", "ask")
_PRICES = ("price", "p", "px")
_QUANTITIES = ("quantity", "size", "q", "qty", "sz", "amount")


def sequence_source(context: Context, channel: Channel) -> str:
    """Return the descriptor of a channel's order, empty where there is none to check."""
    rule = channel.stream
    if rule is None or rule.sequence_rule == "none" or not rule.sequence_field:
        return ""
    place = tuple(rule.sequence_field.split("."))
    found = [_attributes(context, key, place) for _, key in channel.messages]
    if not found or any(one is None for one in found):
        return ""
    parts = [place_source(found[0] or ())]
    if rule.previous_field and rule.sequence_rule == "previous_equals_last":
        previous = tuple(rule.previous_field.split("."))
        attribute = next(
            (a for _, key in channel.messages if (a := _attributes(context, key, previous))), None
        )
        parts += [f"previous={place_source(attribute)}"] if attribute else []
    tags = _tags(context, channel, rule.snapshot)
    parts += [f"snapshot_tags={tuple_text(tags)}"] if tags else []
    return f"SequenceRule({', '.join(parts)})"


def book_source(context: Context, channel: Channel, wants: Sequence[Wanted]) -> str:
    """Return the descriptor of a book, empty for a channel that is none.

    A channel is a book when it has a snapshot and a delta, and its messages have two lists of
    levels whose parts are a price and a quantity.
    """
    rule = channel.stream
    if rule is None or not rule.snapshot or not rule.delta:
        return ""
    if any(want.attribute is not None for want in wants) or not sequence_source(context, channel):
        return ""
    schema = payload(context.types, context.contract.messages[_key(channel, rule.snapshot)])
    if schema is None:
        return ""
    bids, asks = _named(schema, _BIDS), _named(schema, _ASKS)
    level = _level(context, schema, bids) if bids and asks else None
    if level is None:
        return ""
    names = context.types.attributes(schema)
    price, quantity = (literal(part) for part in level)
    return f"BookRule({literal(names[bids])}, {literal(names[asks])}, {price}, {quantity})"


def _key(channel: Channel, name: str) -> str:
    return dict(channel.messages).get(name, name)


def _attributes(context: Context, key: str, place: tuple[str, ...]) -> tuple[str, ...] | None:
    schema = payload(context.types, context.contract.messages[key])
    return attributes(context.types, schema, place) if schema is not None else None


def _tags(context: Context, channel: Channel, name: str | None) -> list[str]:
    if name is None or _key(channel, name) not in context.contract.messages:
        return []
    found = tag(context.types, context.contract.messages[_key(channel, name)])
    return [literal(found[1])] if found is not None else []


def _named(schema: ObjectSchema, words: Sequence[str]) -> str:
    names = [field.name for field in schema.fields]
    return next((word for word in words if word in names), "")


def _level(
    context: Context, schema: ObjectSchema, side: str
) -> tuple[str, str] | tuple[int, int] | None:
    field = next(f for f in schema.fields if f.name == side)
    target = context.types.target(field.schema)
    if not isinstance(target, ArraySchema):
        return None
    item = context.types.target(target.items)
    if isinstance(item, TupleSchema | ArraySchema):
        return (0, 1)
    level = as_object(context.types, target.items)
    if level is None:
        return None
    price, quantity = _named(level, _PRICES), _named(level, _QUANTITIES)
    names = context.types.attributes(level)
    return (names[price], names[quantity]) if price and quantity else None
