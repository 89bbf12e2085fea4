"""Messages of a socket: what is constant in them, what tells them apart, what a caller wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    ConstSchema,
    Field,
    IntegerSchema,
    Message,
    NullableSchema,
    NullSchema,
    ObjectSchema,
    Schema,
)
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.types import Types, hint

Place = tuple[str, ...]

_PAYLOAD = "$message.payload#/"
# Telling a message by one of very many members would cost every frame more than it is worth.
_MOST_KNOWN = 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is handed out of a message: an attribute (None for all of it), and its type."""

    attribute: str | None
    annotation: str


def correlation(message: Message) -> Place | None:
    """Return where a message repeats its request's id (AsyncAPI 3, runtime expressions)."""
    text = message.correlation or ""
    if not text.startswith(_PAYLOAD):
        return None
    tokens = text.removeprefix(_PAYLOAD).split("/")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens)


def payload(types: Types, message: Message) -> ObjectSchema | None:
    """Return the object that a message is, or None when it is something else."""
    return as_object(types, message.payload) if message.payload is not None else None


def as_object(types: Types, schema: Schema | None) -> ObjectSchema | None:
    """Return the object behind references, if a schema is one with fields."""
    target = types.target(schema) if schema is not None else None
    return target if isinstance(target, ObjectSchema) and target.fields else None


def _told(types: Types, message: Message) -> ObjectSchema | None:
    """Return the object that tells a message apart: itself, or the elements of a list."""
    target = types.target(message.payload) if message.payload is not None else None
    return as_object(types, target.items if isinstance(target, ArraySchema) else target)


def field_at(types: Types, schema: ObjectSchema, place: Place) -> Field | None:
    """Return the field at a place, following objects down."""
    found: Field | None = None
    inside: ObjectSchema | None = schema
    for name in place:
        if inside is None:
            return None
        found = next((f for f in inside.fields if f.name == name), None)
        inside = as_object(types, found.schema) if found is not None else None
    return found


def is_integer_at(types: Types, message: Message, place: Place) -> bool:
    """Whether the field at a place is a JSON integer."""
    schema = payload(types, message)
    field = field_at(types, schema, place) if schema is not None else None
    return field is not None and isinstance(types.target(field.schema), IntegerSchema)


def constants(types: Types, schema: ObjectSchema) -> list[tuple[Place, str | int | bool]]:
    """Return the fields whose value is fixed, on the two upper levels."""
    found: list[tuple[Place, str | int | bool]] = []
    for field in schema.fields:
        target = types.target(field.schema)
        if isinstance(target, ConstSchema) and isinstance(target.value, str | int):
            found.append(((field.name,), target.value))
        inner = as_object(types, field.schema)
        for below in inner.fields if inner is not None else ():
            value = types.target(below.schema)
            if isinstance(value, ConstSchema) and isinstance(value.value, str | int):
                found.append(((field.name, below.name), value.value))
    return found


def tag(types: Types, message: Message) -> tuple[Place, str | int] | None:
    """Return the first fixed text or number of a message: it tells the message apart."""
    schema = _told(types, message)
    if schema is None:
        return None
    for place, value in constants(types, schema):
        if not isinstance(value, bool):
            return place, value
    return None


def wanted(types: Types, message: Message, topic: Place | None) -> Wanted:
    """Return what a caller wants: the one field that is no envelope, or the whole message."""
    if message.payload is None:
        return Wanted(None, "Any")
    whole = Wanted(None, hint(types.shape(message.payload), "models."))
    schema = payload(types, message)
    if schema is None:
        return whole
    envelope: set[Place] = {place for place, _ in constants(types, schema) if len(place) == 1}
    envelope |= {place for place in (correlation(message), topic) if place is not None}
    rest = [field for field in schema.fields if (field.name,) not in envelope]
    if len(rest) != 1 or not envelope or not rest[0].is_required:
        return whole
    attribute = types.attributes(schema)[rest[0].name]
    return Wanted(attribute, hint(types.shape(rest[0].schema), "models."))


def event_source(types: Types, message: Message, want: Wanted) -> str:
    """Return the descriptor of a message that arrives."""
    shape = types.shape(message.payload) if message.payload is not None else None
    name = hint(shape) if shape is not None else ""
    parts = [f"TypeRef(_MODELS, {literal(name)})" if name.isidentifier() else "None"]
    found = tag(types, message)
    if found is not None:
        parts += [place_source(found[0]), literal(found[1])]
    if want.attribute is not None:
        parts.append(f"result={literal(want.attribute)}")
    if found is None:
        names = _demanded(types, message)
        parts += [f"requires={tuple_text(literal(name) for name in names)}"] if names else []
        known = [] if names else _known(types, message)
        parts += [f"knows={tuple_text(literal(name) for name in known)}"] if known else []
    form = _form(types, message)
    parts += [f"form={literal(form)}"] if form != "object" else []
    return f"Event({', '.join(parts)})"


def refusal_source(types: Types, message: Message) -> str:
    """Return the descriptor of a reply that refuses; empty for one that does not."""
    refusal, found = message.refusal, tag(types, message)
    if refusal is None or found is None:
        return ""
    parts = [f"Event(None, {place_source(found[0])}, {literal(found[1])})"]
    parts.append(f"code={literal(refusal.code)}")
    parts += [f"message={literal(refusal.message)}"] if refusal.message is not None else []
    return f"Refusal({', '.join(parts)})"


def _form(types: Types, message: Message) -> Literal["object", "list", "any"]:
    """Return what a message's JSON begins with."""
    kind = types.kind(message.payload) if message.payload is not None else "any"
    return "list" if kind == "array" else "any" if kind == "any" else "object"


def _demanded(types: Types, message: Message) -> list[str]:
    """Return the members that every message of a kind has, and none of which may be null."""
    schema = _told(types, message)
    fields = schema.fields if schema is not None else ()
    return [
        field.name
        for field in fields
        if field.is_required
        and not isinstance(types.target(field.schema), NullableSchema | NullSchema | AnySchema)
    ]


def _known(types: Types, message: Message) -> list[str]:
    """Return the members by one of which a message shows, where it demands none."""
    schema = _told(types, message)
    names = [field.name for field in schema.fields] if schema is not None else []
    return names if len(names) <= _MOST_KNOWN else []


def place_source(place: Place) -> str:
    """Return a place as a tuple of texts."""
    return tuple_text(literal(name) for name in place)


def attributes(types: Types, schema: ObjectSchema, place: Place) -> Place | None:
    """Return the attributes that lead to a wire place, or None when nothing is there."""
    out: list[str] = []
    inside: ObjectSchema | None = schema
    for name in place:
        if inside is None or all(field.name != name for field in inside.fields):
            return None
        out.append(types.attributes(inside)[name])
        field = next(f for f in inside.fields if f.name == name)
        inside = as_object(types, field.schema)
    return tuple(out)
