"""Stream operations, channels and sockets as descriptors and client methods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from venuekit.contract import (
    Action,
    Channel,
    ChannelBinding,
    Message,
    ObjectSchema,
    Operation,
    SignedScheme,
    StreamRule,
)
from venuekit.contract.signing import SignedWire
from venuekit.emit.signing.handshakes import (
    filled_by_sessions,
    handshake,
    session_names,
)
from venuekit.emit.typescript.event_fits import event_fit
from venuekit.emit.typescript.findings import uncarried
from venuekit.emit.typescript.frames import (
    Received,
    Sent,
    correlation_place,
    received_frame,
    sent_frame,
    tag_field,
)
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.names import property_name, property_names
from venuekit.emit.typescript.rest import common, dedup_key, effect_of, operation_doc
from venuekit.emit.typescript.shapes import ShapeWriter
from venuekit.emit.typescript.signed import filled_fields, message_signers
from venuekit.emit.typescript.sockets import Socket
from venuekit.emit.typescript.text import Code, Value, member, string
from venuekit.emit.typescript.types import TypeWriter
from venuekit.finding import Finding


@dataclass(frozen=True, slots=True)
class StreamCall:
    """One operation of a socket, ready to be written."""

    name: str
    kind: str
    """"request", "send" or "subscribe", which is the runtime's method as well."""
    descriptor: dict[str, Value]
    descriptor_type: str
    input_type: str
    output_type: str
    takes_input: bool
    needs_input: bool
    is_method: bool
    doc: str
    parameters: tuple[str, ...] = ()
    """The properties that fill a channel's address."""
    formers: tuple[str, ...] = ()


@dataclass(slots=True)
class StreamWriter:
    """Turns one socket's operations into calls, and notes what it cannot carry."""

    model: Model
    names: dict[int, str]
    socket: Socket
    findings: list[Finding] = field(default_factory=list)

    def calls(self) -> list[StreamCall]:
        """Return every operation of the socket in the contract's order."""
        return [self._call(operation) for operation in self.socket.operations]

    def protocol(self) -> dict[str, Value]:
        """Return the descriptor of what the socket's operations share."""
        rules = [rule for rule in map(self._rule, self.socket.channels) if rule is not None]
        roles = self._roles()
        found: dict[str, Value] = {"path": self.socket.path}
        members: list[tuple[str, Value | None]] = [
            ("pathParameters", [list(pair) for pair in self.socket.parameters] or None),
            ("tagField", self._tag()),
            ("correlation", self._correlation()),
            ("topicField", next((r.topic_field for r in rules if r.topic_field), None)),
        ]
        for role, operation in roles.items():
            members.append((role, Code(self.names[id(operation)])))
        if "subscribe" in roles:
            members.append(("topicProperty", self._topic_property(roles["subscribe"])))
        beats = [rule.heartbeat_ms for rule in rules if rule.heartbeat_ms]
        members.append(("heartbeatMs", min(beats, default=None)))
        found.update({name: value for name, value in members if value is not None})
        found["errors"] = Code("errorTable")
        operations = self.socket.operations
        early = handshake(self.model.contract, self.socket.path, operations)
        if early:
            found["handshake"] = [[name, must] for name, must in early]
        names = session_names(self.model.contract, operations)
        if names:
            found["sessions"] = [*names]
        return found

    def _call(self, operation: Operation) -> StreamCall:
        binding = operation.binding
        assert isinstance(binding, ChannelBinding)
        if operation.action is Action.RECEIVE:
            return self._subscription(operation, binding)
        return self._request(operation, binding)

    def _request(self, operation: Operation, binding: ChannelBinding) -> StreamCall:
        types, shapes = TypeWriter(self.model, "t."), ShapeWriter(self.model, "schemas.")
        sent = self._sent(operation, binding)
        replies = self._replies(binding)
        descriptor: dict[str, Value] = {
            "name": operation.name,
            "effect": effect_of(operation, "create"),
            "frame": _frame(sent),
        }
        schema = shapes.direct(sent.schema) if sent.schema is not None else None
        if schema is not None:
            descriptor["schema"] = schema
        if replies:
            descriptor["replies"] = [_reply(reply, shapes) for reply in replies]
        descriptor.update(common(operation))
        signers = message_signers(self.model.contract, operation)
        if signers:
            descriptor["signedBy"] = [*signers]
        if operation.dedup_key is not None:
            name = property_name(operation.dedup_key)
            descriptor["dedupKey"] = dedup_key(self.model.contract, operation.dedup_key, name)
        results = dict.fromkeys(
            types.expression(r.schema, "out") if r.schema is not None else "unknown"
            for r in replies
            if not r.is_error
        )
        input_type = self._input_type(sent, filled_fields(signers, sent.payload), types)
        output = " | ".join(results) or ("unknown" if replies else "void")
        is_role = operation in self._roles().values()
        return StreamCall(
            name=self.names[id(operation)],
            kind="request" if binding.reply is not None else "send",
            descriptor=descriptor,
            # The runtime itself calls these, with inputs that the contract gives to nobody else.
            descriptor_type=f"StreamOperation<{'never' if is_role else input_type}, "
            f"{'unknown' if is_role else output}>",
            input_type=input_type,
            output_type=output,
            takes_input=sent.schema is not None,
            needs_input=sent.schema is not None,
            is_method=not is_role,
            doc=operation_doc(operation, self._place(binding), 2),
        )

    def _subscription(self, operation: Operation, binding: ChannelBinding) -> StreamCall:
        types, shapes = TypeWriter(self.model, "t."), ShapeWriter(self.model, "schemas.")
        channel = self.model.contract.channels[binding.channel]
        rule = channel.stream
        messages = [self.model.contract.messages[key] for key in binding.messages]
        topic = rule.topic_field if rule else None
        events = [
            received_frame(self.model, m, self._tag(), topic, is_event=True) for m in messages
        ]
        filled = filled_by_sessions(self.model.contract, channel)
        properties = property_names(p.name for p in channel.parameters if p.name not in filled)
        is_topic = self._is_topic(channel)
        descriptor: dict[str, Value] = {
            "name": operation.name,
            "address": channel.address or "",
            "isTopic": is_topic,
        }
        if is_topic and properties:
            descriptor["parameters"] = [
                {"property": name, "name": wire} for wire, name in properties.items()
            ]
        descriptor["events"] = _events(self.model, events, shapes)
        security = common(operation).get("security")
        if security is not None:
            descriptor["security"] = security
        stream = self._stream_rule(channel)
        if stream is not None:
            descriptor["stream"] = stream
        inside = " ".join(f"readonly {member(name)}: string;" for name in properties.values())
        input_type = f"{{ {inside} }}" if is_topic and properties else "object"
        results = dict.fromkeys(
            types.expression(event.schema, "out") if event.schema is not None else "unknown"
            for event in events
        )
        output = " | ".join(results) or "unknown"
        return StreamCall(
            name=self.names[id(operation)],
            kind="subscribe",
            descriptor=descriptor,
            descriptor_type=f"Channel<{input_type}, {output}>",
            input_type=input_type,
            output_type=output,
            takes_input=input_type != "object",
            needs_input=input_type != "object",
            parameters=tuple(properties.values()),
            is_method=True,
            doc=operation_doc(operation, self._place(binding), 2),
        )

    def _sent(self, operation: Operation, binding: ChannelBinding) -> Sent:
        messages = [self.model.contract.messages[key] for key in binding.messages]
        if len(messages) > 1:
            self.findings.append(
                uncarried(
                    f"operation {operation.name!r} sends one of {len(messages)} messages, "
                    "and one was expected",
                    "write one operation for each message that a client sends",
                    operation.origin,
                )
            )
        return sent_frame(self.model, messages[0]) if messages else Sent((), None, "", None, ())

    def _replies(self, binding: ChannelBinding) -> list[Received]:
        keys = binding.reply.messages if binding.reply is not None else ()
        messages = [self.model.contract.messages[key] for key in keys]
        return [received_frame(self.model, m, self._tag(), None) for m in messages]

    def _input_type(self, sent: Sent, filled: tuple[str, ...], types: TypeWriter) -> str:
        """Return what a caller gives: all but what the runtime and a signer fill in."""
        if sent.schema is None:
            return "object"
        text = types.expression(sent.schema, "in")
        shape = self.model.shape(sent.schema)
        known = self.model.properties.get(id(shape), {})
        omitted = [known[name] for name in (*sent.omitted, *filled) if name in known]
        if not omitted:
            return text
        names = " | ".join(string(name) for name in omitted)
        if not isinstance(shape, ObjectSchema) or not shape.is_open:
            return f"Omit<{text}, {names}>"
        # Omit would forget the declared members of a type that has free ones.
        return f"{{ [Name in keyof {text} as Name extends {names} ? never : Name]: {text}[Name] }}"

    def _messages(self) -> Iterator[Message]:
        """Yield what the server sends on this socket."""
        seen: set[str] = set()
        for operation in self.socket.operations:
            binding = operation.binding
            assert isinstance(binding, ChannelBinding)
            keys = binding.reply.messages if binding.reply is not None else ()
            keys = (*keys, *(binding.messages if operation.action is Action.RECEIVE else ()))
            for key in keys:
                if key not in seen:
                    seen.add(key)
                    yield self.model.contract.messages[key]

    def _tag(self) -> str | None:
        return tag_field(self.model, self._messages())

    def _correlation(self) -> str | None:
        """Return where replies repeat an id; where none says so, they do as their requests do."""
        places = (correlation_place(message) for message in (*self._messages(), *self._asked()))
        return next((place for place in places if place is not None), None)

    def _asked(self) -> Iterator[Message]:
        """Yield the messages of this socket that have a reply."""
        for operation in self.socket.operations:
            binding = operation.binding
            if isinstance(binding, ChannelBinding) and binding.reply is not None:
                yield from (self.model.contract.messages[key] for key in binding.messages)

    def _rule(self, key: str) -> StreamRule | None:
        return self.model.contract.channels[key].stream

    def _is_topic(self, channel: Channel) -> bool:
        rule = channel.stream
        return rule is not None and rule.subscribe_operation is not None

    def _roles(self) -> dict[str, Operation]:
        """Return the operations that the runtime calls by itself."""
        by_name = {o.name: o for o in self.socket.operations if o.action is not Action.RECEIVE}
        rules = [rule for rule in map(self._rule, self.socket.channels) if rule is not None]
        wanted = {
            "logOn": self._log_on_name(),
            "subscribe": next((r.subscribe_operation for r in rules if r.subscribe_operation), ""),
            "unsubscribe": next(
                (r.unsubscribe_operation for r in rules if r.unsubscribe_operation), ""
            ),
        }
        return {role: by_name[name] for role, name in wanted.items() if name in by_name}

    def _log_on_name(self) -> str:
        for scheme in self.model.contract.security_schemes.values():
            if isinstance(scheme, SignedScheme):
                use = scheme.signing.use(SignedWire.WEBSOCKET)
                if use is not None and use.operation is not None:
                    return use.operation
        return ""

    def _topic_property(self, subscribe: Operation) -> str | None:
        binding = subscribe.binding
        assert isinstance(binding, ChannelBinding)
        sent = self._sent(subscribe, binding)
        shape = self.model.shape(sent.schema) if sent.schema is not None else None
        known = self.model.properties.get(id(shape), {})
        return next((name for wire, name in known.items() if wire not in sent.omitted), None)

    def _stream_rule(self, channel: Channel) -> Value | None:
        rule = channel.stream
        if rule is None or rule.sequence_rule == "none":
            return None
        tag = self._tag()
        keys = dict(channel.messages)
        found: dict[str, Value] = {}
        for role, name in (("snapshot", rule.snapshot), ("delta", rule.delta)):
            key = keys.get(name or "")
            if key is not None:
                message = self.model.contract.messages[key]
                found[role] = received_frame(self.model, message, tag, None).tag
        sequence: dict[str, Value] = {"rule": rule.sequence_rule, "field": rule.sequence_field}
        if rule.previous_field is not None:
            sequence["previousField"] = rule.previous_field
        return {**found, "sequence": sequence, "resume": rule.resume}

    def _place(self, binding: ChannelBinding) -> str:
        channel = self.model.contract.channels[binding.channel]
        return f"channel {channel.address or channel.name}"


def _events(model: Model, events: list[Received], shapes: ShapeWriter) -> list[Value]:
    """Return the events, tagged ones first and then the others from the most demanding on."""
    ranked: list[tuple[float, Value]] = []
    for event in events:
        found = _event(event, shapes)
        if event.tag is None and event.payload is not None:
            option = event_fit(model, event.payload)
            ranked.append((-option.weight, {"fits": option.fit, **found}))
        else:
            ranked.append((-1_000_000, found))
    ranked.sort(key=lambda one: one[0])
    return [found for _weight, found in ranked]


def _event(event: Received, shapes: ShapeWriter) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if event.tag is not None:
        found["tag"] = event.tag
    schema = shapes.direct(event.schema) if event.schema is not None else None
    if schema is not None:
        found["schema"] = schema
    if event.result:
        found["result"] = event.result
    return found


def _reply(reply: Received, shapes: ShapeWriter) -> Value:
    found = _event(reply, shapes)
    if not reply.is_error:
        return found
    refusal = reply.refusal
    facts: dict[str, Value] = {"code": refusal.code} if refusal is not None else {}
    if refusal is not None and refusal.message is not None:
        facts["message"] = refusal.message
    return {**found, "isError": True, **({"facts": facts} if facts else {})}


def _frame(sent: Sent) -> Value:
    found: dict[str, Value] = {}
    if sent.constants:
        found["constants"] = [[name, value] for name, value in sent.constants]
    if sent.correlation is not None:
        found["correlation"] = sent.correlation
        if sent.is_counted:
            found["hasNumberedId"] = True
    if sent.payload:
        found["payload"] = sent.payload
    return found
