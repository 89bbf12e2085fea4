"""WebSocket operations to the messages that arrive, the replies to them, and typed sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from venuekit.contract import ChannelBinding, Message, Operation, Wire
from venuekit.emit.python.bodies import FREE
from venuekit.emit.python.context import Context
from venuekit.emit.python.frames import Place, as_object, constants, correlation, payload, wanted
from venuekit.emit.python.framing import Framing, frame_of, whole_frame
from venuekit.emit.python.methods import Input
from venuekit.emit.python.stream import is_error, is_request, placed_in, role_of
from venuekit.emit.python.types import Named, hint
from venuekit.emit.python.wires import wire as wire_of
from venuekit.emit.server.rest import default_of
from venuekit.serving import Shaper
from venuekit_runtime.operation import TypeRef
from venuekit_runtime.server.operations import Arrival, BodyMember, Departure
from venuekit_runtime.server.shapes import Anything

Fixed = tuple[tuple[Place, str | int | bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One operation that a client asks for, ready to be drawn: one arrival for each message."""

    operation: Operation
    arrivals: tuple[Arrival, ...]
    inputs: tuple[Input, ...]
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One operation in which the server sends events."""

    operation: Operation
    departure: Departure
    annotation: str


def stream_bindings(context: Context, shaper: Shaper) -> tuple[list[Asked], list[Sent]]:
    """Return every WebSocket operation of the contract."""
    asked: list[Asked] = []
    sent: list[Sent] = []
    for operation in context.operations(Wire.WEBSOCKET):
        binding = operation.binding
        if not isinstance(binding, ChannelBinding):
            continue
        if is_request(operation, binding):
            asked.append(_asked(context, shaper, operation, binding))
        else:
            sent.append(_sent(context, operation, binding))
    return asked, sent


def stream_paths(context: Context) -> tuple[str, ...]:
    """Return the paths at which the contract's servers take sockets."""
    found: list[str] = []
    for server in context.contract.servers:
        if server.wire is Wire.WEBSOCKET:
            found.append(urlsplit(server.default_url).path or "/")
    return tuple(dict.fromkeys(found)) or ("/",)


def _messages(context: Context, keys: Sequence[str]) -> list[Message]:
    return [context.contract.messages[key] for key in keys]


def _asked(
    context: Context, shaper: Shaper, operation: Operation, binding: ChannelBinding
) -> Asked:
    messages = _messages(context, binding.messages)
    framing = frame_of(
        context, messages, role_of(context, operation), placed_in(context, operation)
    )
    if any(one.place == FREE for one in framing.inputs):
        # Its struct has the free members, and arguments would lose them.
        shape = context.types.shape(messages[0].payload) if messages[0].payload else None
        annotation = hint(shape, "models.") if shape is not None else "Any"
        framing = whole_frame(annotation, framing.correlation)
    defaults = _defaults(context, shaper, messages, framing)
    inputs = tuple(_strict(one, defaults.get(one.name)) for one in framing.inputs)
    replies = _messages(context, binding.reply.messages if binding.reply else ())
    good = [message for message in replies if not is_error(context, message)]
    hints = dict.fromkeys(wanted(context.types, message, None).annotation for message in good)
    members = tuple(BodyMember(i.argument, i.name, defaults.get(i.name)) for i in inputs)
    arrival = Arrival(
        name=operation.name,
        handler=context.methods[operation.name],
        shape=Anything(),
        payload=framing.under,
        members=() if framing.is_whole else members,
        whole=inputs[0].argument if framing.is_whole else None,
        replies=tuple(_reply(context, message) for message in good),
        errors=tuple(_error(context, m) for m in replies if is_error(context, m)),
        security=tuple(tuple(name for name, _ in r.schemes) for r in operation.security),
    )
    return Asked(
        operation=operation,
        arrivals=tuple(_arrival(context, shaper, arrival, message) for message in messages),
        inputs=inputs,
        result=" | ".join(hints) or "None",
    )


def _defaults(
    context: Context, shaper: Shaper, messages: Sequence[Message], framing: Framing
) -> dict[str, str]:
    """Return what absent members mean, as JSON text by name."""
    inside = payload(context.types, messages[0]) if len(messages) == 1 else None
    if inside is None or framing.is_whole:
        return {}
    if framing.under:
        field = next(f for f in inside.fields if f.name == framing.under[0])
        inside = as_object(context.types, field.schema)
    found = {}
    for field in inside.fields if inside is not None else ():
        default = None if field.is_required else default_of(context, shaper, field.schema)
        if default is not None:
            found[field.name] = default
    return found


def _strict(one: Input, default: str | None) -> Input:
    """Return an input as a handler has it: closed enumerations have no text beside them."""
    ending = next((e for e in (" | str", " | int") if one.annotation.endswith(e)), "")
    is_enum = bool(ending) and one.annotation.startswith("models.")
    annotation = one.annotation.removesuffix(ending) if is_enum else one.annotation
    is_there = one.is_required or default is not None
    return replace(one, annotation=annotation, is_required=is_there, is_positional=False)


def _arrival(context: Context, shaper: Shaper, arrival: Arrival, message: Message) -> Arrival:
    schema = payload(context.types, message)
    fixed = constants(context.types, schema) if schema is not None else []
    required = {f.name for f in schema.fields if f.is_required} if schema is not None else set()
    return Arrival(
        **{
            **{name: getattr(arrival, name) for name in arrival.__struct_fields__},
            "shape": shaper.shape(message.payload) if message.payload is not None else Anything(),
            "constants": tuple((p, v) for p, v in fixed if len(p) == 1 and p[0] in required),
            "correlation": correlation(message),
        }
    )


def _reply(context: Context, message: Message) -> Departure:
    want = wanted(context.types, message, None)
    return _departure(context, message, want.attribute)


def _error(context: Context, message: Message) -> Departure:
    """Return how a refusal is written: its member `error` has the facts."""
    return _departure(context, message, "error")


def _departure(context: Context, message: Message, attribute: str | None) -> Departure:
    """Return how a message is written of which handlers give one attribute, or all (None)."""
    schema = payload(context.types, message)
    member, fixed = None, Fixed()
    given = message.payload
    if schema is not None and attribute is not None:
        names = context.types.attributes(schema)
        field = next(f for f in schema.fields if names[f.name] == attribute)
        member, given = field.name, field.schema
        fixed = tuple((p, v) for p, v in constants(context.types, schema) if len(p) == 1)
    shape = context.types.shape(given) if given is not None else None
    is_named = isinstance(shape, Named) and attribute != "error"
    return Departure(
        name=message.name,
        type=TypeRef(f"{context.package}.models", hint(shape)) if is_named and shape else None,
        member=member,
        constants=fixed,
        correlation=correlation(message),
        wire=wire_of(context.types, given) if given is not None else "plain",
    )


def _sent(context: Context, operation: Operation, binding: ChannelBinding) -> Sent:
    messages = _messages(context, binding.messages)
    hints = [
        hint(context.types.shape(message.payload), "models.")
        for message in messages
        if message.payload is not None
    ]
    first = messages[0].payload if messages else None
    wire = wire_of(context.types, first) if first is not None else "plain"
    return Sent(
        operation=operation,
        departure=Departure(name=operation.name, wire=wire),
        annotation=" | ".join(dict.fromkeys(hints)) or "Any",
    )
