"""WebSocket operations to descriptors and methods of the stream client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from venuekit.contract import (
    Channel,
    ChannelBinding,
    Effect,
    Message,
    Operation,
    SignedScheme,
    Wire,
)
from venuekit.contract.signing import Moment, SignedWire, Slot
from venuekit.emit.python.bodies import FREE
from venuekit.emit.python.channels import book_source, sequence_source
from venuekit.emit.python.context import Context
from venuekit.emit.python.findings import in_part, not_emitted
from venuekit.emit.python.frames import (
    Place,
    correlation,
    event_source,
    is_integer_at,
    payload,
    place_source,
    refusal_source,
    wanted,
)
from venuekit.emit.python.framing import frame_of, frame_source
from venuekit.emit.python.methods import Input, field_source, make_input, named
from venuekit.emit.python.rest import descriptor_source
from venuekit.emit.python.sockets import Socket, channel_of, sockets
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.views import DescriptorView
from venuekit.emit.signing.handshakes import (
    filled_by_sessions,
    handshake,
    rivals,
    session_names,
)
from venuekit.finding import Finding

_ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPart:
    """One operation of a socket, ready to be drawn; `role` says who calls it."""

    operation: Operation
    descriptor: DescriptorView
    inputs: tuple[Input, ...]
    result: str
    role: str
    has_book: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Everything of one socket of a contract."""

    socket: Socket
    parts: tuple[StreamPart, ...]
    protocol: DescriptorView
    url: str


def emit_streams(context: Context) -> tuple[list[Stream], list[Finding]]:
    """Return the sockets of the contract, and what of them is carried in part."""
    found: list[Stream] = []
    findings: list[Finding] = []
    for socket in sockets(context):
        stream, more = _emit_stream(context, socket)
        found.append(stream)
        findings += more
    return found, findings


def _emit_stream(context: Context, socket: Socket) -> tuple[Stream, list[Finding]]:
    operations = socket.operations
    parts: list[StreamPart] = []
    findings: list[Finding] = []
    for operation in operations:
        assert isinstance(operation.binding, ChannelBinding)
        if is_request(operation, operation.binding):
            parts.append(_request(context, operation, operation.binding))
        else:
            parts.append(_events(context, operation, operation.binding))
    urls = _urls(context, socket)
    base, path = split_url(urls[0]) if urls else ("", "")
    address = path + socket.address
    protocol = _protocol(context, socket, address, parts)
    for one in rivals(context.contract, address, operations):
        findings.append((not_emitted if one.is_always else in_part)(one.fact, one.origin, one.cure))
    paths = sorted({split_url(url)[1] for url in urls})
    if len(paths) > 1:
        origin = operations[0].origin
        fact = f"the sockets have {len(paths)} paths; the client opens {path or '/'} alone"
        findings.append(in_part(fact, origin, "pass base_url to reach the others"))
    return Stream(socket=socket, parts=tuple(parts), protocol=protocol, url=base), findings


def _urls(context: Context, socket: Socket) -> list[str]:
    """Return where a socket is served: at its channels' own servers, where they have any."""
    servers = {s.key: s.url for s in context.contract.servers if s.wire is Wire.WEBSOCKET}
    own = [
        servers[key]
        for operation in socket.operations
        if socket.address
        for key in context.contract.channels[channel_of(operation)].servers
        if key in servers
    ]
    return own or list(servers.values())


def split_url(url: str) -> tuple[str, str]:
    """Return scheme and host, and the path, of a server's URL."""
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host}", f"{slash}{path}".rstrip("/")


def is_request(operation: Operation, binding: ChannelBinding) -> bool:
    return binding.reply is not None or str(operation.action) in ("request", "send")


def role_of(context: Context, operation: Operation) -> str:
    """Return who calls an operation: the session itself for log-on and topics, else the user."""
    for scheme in context.contract.security_schemes.values():
        if isinstance(scheme, SignedScheme):
            use = scheme.signing.use(SignedWire.WEBSOCKET)
            if use is not None and use.operation == operation.name:
                return "log_on"
    for channel in context.contract.channels.values():
        if channel.wire is Wire.WEBSOCKET and channel.stream is not None:
            if channel.stream.subscribe_operation == operation.name:
                return "subscribe"
            if channel.stream.unsubscribe_operation == operation.name:
                return "unsubscribe"
    return "request"


def _messages(context: Context, keys: Sequence[str]) -> list[Message]:
    return [context.contract.messages[key] for key in keys]


def _request(context: Context, operation: Operation, binding: ChannelBinding) -> StreamPart:
    role = role_of(context, operation)
    sent = _messages(context, binding.messages)
    placed = placed_in(context, operation)
    framing = frame_of(context, sent, role, placed)
    inputs, whole = framing.inputs, framing.is_whole
    frame = frame_source(framing.fixed, framing.correlation, framing.under)
    replies = _messages(context, binding.reply.messages if binding.reply else ())
    good = [m for m in replies if m.refusal is None and not is_error(context, m)]
    refusals = [text for m in replies if (text := refusal_source(context.types, m))]
    wants = [wanted(context.types, message, None) for message in good]
    result = " | ".join(dict.fromkeys(want.annotation for want in wants)) or "None"
    events = [event_source(context.types, m, want) for m, want in zip(good, wants, strict=True)]
    declared = [one for one in inputs if one.place != FREE]
    fields = "".join(f"        {field_source(one)},\n" for one in declared)
    members = {
        "name": literal(operation.name),
        "effect": literal(str(operation.effect or Effect.CREATE)),
        "frame": frame,
        "fields": f"(\n{fields}    )" if declared and not whole else "",
        "whole": literal(inputs[0].argument) if whole else "",
        "free": next((field_source(one) for one in inputs if one.place == FREE), ""),
        "replies": tuple_text(events) if events else "",
        "refusals": tuple_text(refusals) if refusals else "",
        **context.shared_members(operation, inputs),
        "is_signed": "True" if placed is not None else "",
    }
    del members["errors"]
    descriptor = DescriptorView(
        name=context.constants[operation.name],
        annotation=f"StreamOperation[{result}]",
        source=descriptor_source("StreamOperation", members),
    )
    return StreamPart(
        operation=operation,
        descriptor=descriptor,
        inputs=inputs,
        result=result,
        role=role,
    )


def placed_in(context: Context, operation: Operation) -> frozenset[Place] | None:
    """Return where signers write into each message; None where messages are not signed."""
    found: set[Place] = set()
    is_signed = False
    for requirement in operation.security:
        for name, _ in requirement.schemes:
            scheme = context.contract.security_schemes.get(name)
            if not isinstance(scheme, SignedScheme):
                continue
            use = scheme.signing.use(SignedWire.WEBSOCKET)
            if use is not None and use.moment is Moment.MESSAGE:
                is_signed = True
                found |= {tuple(p.name.split(".")) for p in use.placements if p.slot is Slot.FIELD}
    return frozenset(found) if is_signed else None


def is_error(context: Context, message: Message) -> bool:
    """Whether a reply says that its request was refused: it requires a member `error`."""
    schema = payload(context.types, message)
    return schema is not None and any(f.name == _ERROR and f.is_required for f in schema.fields)


def _events(context: Context, operation: Operation, binding: ChannelBinding) -> StreamPart:
    channel = context.contract.channels[binding.channel]
    messages = _messages(context, binding.messages)
    topic = _topic(channel)
    wants = [wanted(context.types, message, topic) for message in messages]
    result = " | ".join(dict.fromkeys(want.annotation for want in wants)) or "Any"
    filled = filled_by_sessions(context.contract, channel)
    inputs = named(
        [
            make_input(
                context.types,
                parameter.schema,
                name=parameter.name,
                place="path",
                is_required=True,
                doc=parameter.description,
            )
            for parameter in channel.parameters
            if parameter.name not in filled
        ]
    )
    book = book_source(context, channel, wants)
    rows = [f"ChannelParameter({literal(i.argument)}, {literal(i.name)})" for i in inputs]
    events = [event_source(context.types, m, want) for m, want in zip(messages, wants, strict=True)]
    rule = channel.stream
    members = {
        "name": literal(operation.name),
        "address": literal(channel.address or channel.name),
        "parameters": tuple_text(rows) if rows else "",
        "events": "(\n" + "".join(f"        {event},\n" for event in events) + "    )",
        "is_subscribed": "True" if rule is not None and rule.subscribe_operation else "",
        "security": context.security(operation),
        "sequence": sequence_source(context, channel),
        "book": book,
    }
    descriptor = DescriptorView(
        name=context.constants[operation.name],
        annotation=f"Channel[{result}]",
        source=descriptor_source("Channel", members),
    )
    return StreamPart(
        operation=operation,
        descriptor=descriptor,
        inputs=tuple(inputs),
        result=result,
        role="events",
        has_book=bool(book),
    )


def _topic(channel: Channel) -> Place | None:
    rule = channel.stream
    return tuple(rule.topic_field.split(".")) if rule is not None and rule.topic_field else None


def _protocol(
    context: Context, socket: Socket, path: str, parts: Sequence[StreamPart]
) -> DescriptorView:
    operations = socket.operations
    roles = {role_of(context, o): o for o in operations}
    arrivals = _arrivals(context, operations)
    # Where no reply says where it repeats an id, it does as its request does.
    told = [*arrivals, *_asked(context, operations)]
    places = [p for p in (correlation(m) for m in told) if p is not None]
    channels = _channels(context, socket)
    topics = [t for t in map(_topic, channels) if t is not None]
    beats = [c.stream.heartbeat_ms for c in channels if c.stream and c.stream.heartbeat_ms]
    is_integer = bool(places) and any(
        is_integer_at(context.types, m, places[0]) for m in told if correlation(m)
    )
    has_errors = any(is_error(context, m) for m in _all_messages(context, channels))
    members: dict[str, str] = {
        "path": literal(path),
        "correlation": place_source(places[0]) if places else "",
        "is_correlation_integer": "True" if is_integer else "",
        "topic": place_source(topics[0]) if topics else "",
        "error": place_source((_ERROR,)) if has_errors else "",
        **{
            role: context.constants[roles[role].name]
            for role in ("log_on", "subscribe", "unsubscribe")
            if role in roles
        },
        "topic_argument": _topic_argument(parts),
        # Two beats may pass unheard before a socket counts as dead.
        "silence_s": str(2 * max(beats) / 1000) if beats else "",
        "errors": "_ERRORS" if context.error_classes else "",
        "handshake": tuple_text(
            f"({literal(n)}, {must})"
            for n, must in handshake(context.contract, socket.address, operations)
        ),
        "sessions": tuple_text(map(literal, session_names(context.contract, operations))),
    }
    members = {name: text for name, text in members.items() if text != "()"}
    source = descriptor_source("StreamProtocol", members)
    return DescriptorView(name=socket.protocol, annotation="StreamProtocol", source=source)


def _topic_argument(parts: Sequence[StreamPart]) -> str:
    """Return the argument of subscribe that takes the topic, where it is not the usual one."""
    subscribe = next((part for part in parts if part.role == "subscribe"), None)
    names = [one.argument for one in subscribe.inputs] if subscribe is not None else []
    return literal(names[0]) if names and "topic" not in names else ""


def _channels(context: Context, socket: Socket) -> list[Channel]:
    """Return the channels of a socket: of the shared one all that no other has."""
    channels = context.contract.channels
    if socket.address:
        return [channels[key] for key in dict.fromkeys(map(channel_of, socket.operations))]
    all_channels = (c for c in channels.values() if c.wire is Wire.WEBSOCKET)
    return [c for c in all_channels if not filled_by_sessions(context.contract, c)]


def _arrivals(context: Context, operations: Sequence[Operation]) -> list[Message]:
    found: list[Message] = []
    for operation in operations:
        binding = operation.binding
        if isinstance(binding, ChannelBinding) and binding.reply is not None:
            found += _messages(context, binding.reply.messages)
    return found


def _asked(context: Context, operations: Sequence[Operation]) -> list[Message]:
    found: list[Message] = []
    for operation in operations:
        binding = operation.binding
        if isinstance(binding, ChannelBinding) and binding.reply is not None:
            found += _messages(context, binding.messages)
    return found


def _all_messages(context: Context, channels: Sequence[Channel]) -> list[Message]:
    return [context.contract.messages[key] for c in channels for _, key in c.messages]
