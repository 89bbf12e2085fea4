"""How a contract's messages are framed on a socket: tags, correlation ids, payloads, results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from venuekit.contract import (
    ConstSchema,
    Field,
    IntegerSchema,
    JsonValue,
    Message,
    NumberSchema,
    ObjectSchema,
    Schema,
)
from venuekit.contract.message import Refusal
from venuekit.emit.typescript.model import Model

EXPRESSION = "$message.payload#/"
"""Where a correlation id stands, as AsyncAPI 3.0 section "Runtime Expression" writes it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The parts of a request's frame; `schema` is what the caller fills in."""

    constants: tuple[tuple[str, JsonValue], ...]
    correlation: str | None
    payload: str
    schema: Schema | None
    omitted: tuple[str, ...]
    """Fields of `schema` that the runtime fills in, by wire name."""
    is_counted: bool = False
    """Whether the id is a JSON number, and not text."""


@dataclass(frozen=True, slots=True)
class Received:
    """The parts of a frame from the server; `schema` is what stands at `result`."""

    tag: str | None
    result: str
    schema: Schema | None
    payload: Schema | None
    is_error: bool
    refusal: Refusal | None = None


def correlation_place(message: Message) -> str | None:
    """Return the dotted place of a message's correlation id, where it stands in the payload."""
    expression = message.correlation
    if expression is None or not expression.startswith(EXPRESSION):
        return None
    tokens = expression.removeprefix(EXPRESSION).split("/")
    return ".".join(token.replace("~1", "/").replace("~0", "~") for token in tokens)


def tag_field(model: Model, messages: Iterable[Message]) -> str | None:
    """Return the field that most messages fix to a constant: what tells frames apart."""
    counts: Counter[str] = Counter()
    for message in messages:
        counts.update(field.name for field in _fields(model, message) if _tag(model, field))
    return min(counts, key=lambda name: (-counts[name], name), default=None)


def sent_frame(model: Model, message: Message) -> Sent:
    """Take a request's payload apart, and say what kind of id it has."""
    place = correlation_place(message)
    return replace(_sent(model, message), is_counted=_is_number_at(model, message, place))


def _is_number_at(model: Model, message: Message, place: str | None) -> bool:
    schema = message.payload
    for name in place.split(".") if place else ():
        shape = model.shape(schema) if schema is not None else None
        fields = shape.fields if isinstance(shape, ObjectSchema) else ()
        schema = next((field.schema for field in fields if field.name == name), None)
    shape = model.shape(schema) if schema is not None and place else None
    is_integer = isinstance(shape, IntegerSchema) and shape.wire == "number"
    return is_integer or isinstance(shape, NumberSchema)


def _sent(model: Model, message: Message) -> Sent:
    """Take a request's payload apart.

    Constants and the id are the runtime's to write, and so is a constant text that the document
    does not require: it names what is asked for. Where one object is left beside them, it holds
    the operation's input; else the input stands in the frame itself.
    """
    correlation = correlation_place(message)
    fields = _fields(model, message)
    constants = tuple(
        (field.name, shape.value)
        for field in fields
        if isinstance(shape := model.shape(field.schema), ConstSchema)
        and (field.is_required or isinstance(shape.value, str))
    )
    written = {name for name, _value in constants} | {correlation}
    rest = [field for field in fields if field.name not in written]
    if not fields:
        return Sent((), correlation, "", message.payload, ())
    if not rest:
        return Sent(constants, correlation, "", None, ())
    shape = model.resolve(rest[0].schema)
    # Free members of the frame would have no place if its one object were the input.
    is_whole = _is_open(model, message)
    if len(rest) == 1 and isinstance(shape, ObjectSchema) and shape.fields and not is_whole:
        return Sent(constants, correlation, rest[0].name, rest[0].schema, ())
    omitted = tuple(field.name for field in fields if field.name in written)
    return Sent(constants, correlation, "", message.payload, omitted)


def received_frame(
    model: Model, message: Message, tag: str | None, topic: str | None, *, is_event: bool = False
) -> Received:
    """Take a frame from the server apart.

    Where one member is left beside what routes the frame, that member is the result; of an event
    only where it is an object, because a time alone is no event.
    """
    fields = _fields(model, message)
    word = next((_tag(model, field) for field in fields if field.name == tag), None)
    routing = {tag, topic, correlation_place(message)}
    rest = [field for field in fields if field.name not in routing]
    is_error = message.refusal is not None or _is_error(message, word, rest)
    is_wrapped = len(rest) == 1 and (not is_event or _is_object(model, rest[0]))
    if is_error or not is_wrapped:
        return Received(word, "", message.payload, message.payload, is_error, message.refusal)
    return Received(word, rest[0].name, rest[0].schema, message.payload, is_error)


def constant_tag(model: Model, message: Message) -> tuple[str, str] | None:
    """Return the first member of a message that is a constant text, and the text."""
    found = ((field.name, _tag(model, field)) for field in _fields(model, message))
    return next(((name, word) for name, word in found if word is not None), None)


def _fields(model: Model, message: Message) -> tuple[Field, ...]:
    shape = model.shape(message.payload) if message.payload is not None else None
    return shape.fields if isinstance(shape, ObjectSchema) else ()


def _is_open(model: Model, message: Message) -> bool:
    shape = model.shape(message.payload) if message.payload is not None else None
    return isinstance(shape, ObjectSchema) and shape.is_open


def _is_object(model: Model, field: Field) -> bool:
    return isinstance(model.shape(field.schema), ObjectSchema)


def _tag(model: Model, field: Field) -> str | None:
    shape = model.shape(field.schema)
    is_word = isinstance(shape, ConstSchema) and isinstance(shape.value, str)
    return str(shape.value) if is_word and isinstance(shape, ConstSchema) else None


def _is_error(message: Message, word: str | None, rest: list[Field]) -> bool:
    if word is not None and ("error" in word.lower() or "reject" in word.lower()):
        return True
    return (
        word is None
        and "error" in message.name.lower()
        and any(field.name == "error" and field.is_required for field in rest)
    )
