"""The WebSocket side of a mock: a client's frame in, the reply and sample events out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from venuekit.contract import (
    Action,
    Channel,
    ChannelBinding,
    ConstSchema,
    JsonValue,
    Message,
    ObjectSchema,
    Operation,
    Schema,
)
from venuekit.contract.walk import resolve
from venuekit.finding import Finding, Severity
from venuekit.load import Loaded
from venuekit.mock.answers import Answers, to_json
from venuekit.mock.bodies import BodyError, read_json
from venuekit.mock.raw import RawSchemas
from venuekit.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a frame was taken for, and the frames that answer it."""

    operation: str | None
    replies: tuple[bytes, ...] = ()
    problems: list[str] = field(default_factory=list)


class StreamMock:
    """Answers frames as the documents say."""

    def __init__(self, loaded: Loaded, seed: int = 0) -> None:
        self._contract = loaded.contract
        self._schemas = RawSchemas(loaded.resolver.documents)
        self._answers = Answers(loaded.contract, self._schemas, seed)
        found = [
            (operation, operation.binding)
            for operation in loaded.contract.operations
            if isinstance(operation.binding, ChannelBinding)
        ]
        self._asked = [pair for pair in found if pair[0].action is not Action.RECEIVE]
        self._heard = [pair for pair in found if pair[0].action is Action.RECEIVE]
        self._samples: dict[str, JsonValue] = {}
        self.findings: tuple[Finding, ...] = tuple(self._make_samples(found))

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of the operations that are served."""
        return tuple(operation.name for operation, _ in (*self._asked, *self._heard))

    def sent(self, operation: Operation) -> tuple[JsonValue, ...]:
        """Return what an operation that is received brings: one value of each message."""
        binding = operation.binding
        keys = binding.messages if isinstance(binding, ChannelBinding) else ()
        return tuple(self._samples[key] for key in keys if key in self._samples)

    def greeting(self, target: str = "/") -> tuple[bytes, ...]:
        """Return what comes without being asked for: events of channels nobody subscribes to."""
        heard = self._here(target)
        if not any(self._subscribes(operation) for operation, _ in self._asked):
            return tuple(self._events(None, None, heard))
        # On a channel that takes no request to subscribe, events come by themselves.
        asked = {binding.channel for o, binding in self._asked if self._subscribes(o)}
        lone = [pair for pair in heard if pair[1].channel not in asked]
        unruled = [pair for pair in lone if self._contract.channels[pair[1].channel].stream is None]
        return tuple(self._events(None, None, unruled))

    def _here(self, target: str) -> Sequence[tuple[Operation, ChannelBinding]]:
        """Return what is heard on a socket: where its path is a channel's address, that channel,
        and topics, which are no paths; else everything."""
        places = {k: _is_at(c, target) for k, c in self._contract.channels.items()}
        if not any(places.values()):
            return self._heard
        return [pair for pair in self._heard if places[pair[1].channel] is not False]

    def take(self, data: bytes, target: str = "/") -> Taken:
        """Return the operation that a frame means, its reply and the events that follow."""
        try:
            frame = read_json(data)
        except BodyError as error:
            return _refused([str(error)])
        best, problems = self._recognise(frame)
        if best is None:
            return _refused(problems)
        operation, binding, message = best
        replies = list(self._reply(binding, message, frame))
        if self._subscribes(operation):
            replies += self._events(operation, frame, self._here(target))
        return Taken(operation=operation.name, replies=tuple(replies))

    def _recognise(
        self, frame: JsonValue
    ) -> tuple[tuple[Operation, ChannelBinding, Message] | None, list[str]]:
        """Return the message that a frame fits with the most fixed words."""
        fits: list[tuple[int, Operation, ChannelBinding, Message]] = []
        misses: list[tuple[int, list[str]]] = []
        for operation, binding in self._asked:
            for key in binding.messages:
                message = self._contract.messages[key]
                words = self._words(message.payload, frame)
                problems = self._schemas.problems(self._origin(message), frame, "request")
                if problems:
                    misses.append((words, [f"{operation.name}{p}" for p in problems]))
                else:
                    fits.append((words, operation, binding, message))
        if fits:
            _, operation, binding, message = max(fits, key=lambda fit: fit[0])
            return (operation, binding, message), []
        nearest = max(misses, key=lambda miss: miss[0], default=(0, ["nothing can be sent here"]))
        return None, nearest[1]

    def _words(self, schema: Schema | None, frame: JsonValue) -> int:
        """Count the constants of a schema that a frame has, in its objects to any depth."""
        shape = resolve(self._contract, schema) if schema is not None else None
        if not isinstance(shape, ObjectSchema) or not isinstance(frame, dict):
            return 0
        count = 0
        for member in shape.fields:
            inner = resolve(self._contract, member.schema)
            if isinstance(inner, ConstSchema):
                count += frame.get(member.name) == inner.value
            elif member.name in frame:
                count += self._words(inner, frame[member.name])
        return count

    def _reply(self, binding: ChannelBinding, sent: Message, frame: JsonValue) -> Iterator[bytes]:
        if binding.reply is None:
            return
        for key in binding.reply.messages:
            if key in self._samples:
                message = self._contract.messages[key]
                yield to_json(_correlated(self._samples[key], message, sent, frame))
                return

    def _subscribes(self, operation: Operation) -> bool:
        streams = [c.stream for c in self._contract.channels.values() if c.stream is not None]
        stated = {stream.subscribe_operation for stream in streams} - {None}
        if stated:
            return operation.name in stated
        name = operation.name.lower()
        return "subscribe" in name and "unsubscribe" not in name

    def _events(
        self,
        operation: Operation | None,
        frame: JsonValue,
        heard: Sequence[tuple[Operation, ChannelBinding]],
    ) -> Iterator[bytes]:
        """Yield one event of each message of the channels that a frame subscribes to."""
        for _, binding in heard:
            channel = self._contract.channels[binding.channel]
            topic = self._topic(channel, operation, frame)
            if topic is None:
                continue
            for key in self._ordered(channel, binding.messages):
                if key in self._samples:
                    yield to_json(_with_topic(self._samples[key], channel, topic))

    def _ordered(self, channel: Channel, keys: tuple[str, ...]) -> list[str]:
        """Put the snapshot before the deltas that add to it."""
        rule = channel.stream
        snapshot = rule.snapshot if rule is not None else None
        names = {key: name for name, key in channel.messages}
        return sorted(keys, key=lambda key: names.get(key) != snapshot)

    def _topic(self, channel: Channel, operation: Operation | None, frame: JsonValue) -> str | None:
        """Return the topic that a frame asks for if it is the channel's; "" where none is said."""
        rule = channel.stream
        if operation is None or rule is None or rule.subscribe_operation is None:
            return "" if operation is None or rule is None else None
        if rule.subscribe_operation != operation.name or channel.address is None:
            return None
        pattern = re.sub(r"\\\{[^{}]*\\\}", ".+", re.escape(channel.address))
        return next((t for t in _texts(frame) if re.fullmatch(pattern, t)), None)

    def _make_samples(self, found: list[tuple[Operation, ChannelBinding]]) -> Iterator[Finding]:
        """Make one value of each message that the venue sends; yield what has none."""
        for operation, binding in found:
            replies = binding.reply.messages if binding.reply is not None else ()
            keys = binding.messages if operation.action is Action.RECEIVE else replies
            for key in keys:
                message = self._contract.messages[key]
                if key in self._samples or message.payload is None:
                    continue
                value, problems = self._answers.judged(
                    self._origin(message), message.payload, message.examples, "response"
                )
                if problems:
                    yield _no_sample(message, problems[0])
                else:
                    self._samples[key] = value

    def _origin(self, message: Message) -> Origin:
        payload = message.origin.child("payload")
        written = self._schemas.value(payload)
        is_wrapped = isinstance(written, dict) and "schemaFormat" in written
        return payload.child("schema") if is_wrapped else payload


def _is_at(channel: Channel, target: str) -> bool | None:
    """Say whether a socket's target is a channel's address; None where that is no path."""
    if channel.address is None or not channel.address.startswith("/") or channel.address == "/":
        return None
    pattern = re.sub(r"\\\{[^{}]*\\\}", "[^/]*", re.escape(channel.address))
    return re.fullmatch(f"(/.*)?{pattern}", target) is not None


def _correlated(value: JsonValue, reply: Message, sent: Message, frame: JsonValue) -> JsonValue:
    """Return a reply that carries the id of the frame that it answers."""
    start = "$message.payload#/"
    asked, answered = sent.correlation or "", reply.correlation or sent.correlation or ""
    if not (asked.startswith(start) and answered.startswith(start)):
        return value
    found: JsonValue = frame
    for token in asked.removeprefix(start).split("/"):
        found = found.get(token) if isinstance(found, dict) else None
    return value if found is None else _put(value, answered.removeprefix(start).split("/"), found)


def _put(value: JsonValue, tokens: list[str], found: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return value
    inner = found if len(tokens) == 1 else _put(value.get(tokens[0], {}), tokens[1:], found)
    return {**value, tokens[0]: inner}


def _with_topic(value: JsonValue, channel: Channel, topic: str) -> JsonValue:
    name = channel.stream.topic_field if channel.stream is not None else None
    is_named = bool(topic) and name is not None and isinstance(value, dict) and name in value
    return {**value, name: topic} if is_named else value  # type: ignore[dict-item]


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for member in value.values():
                yield from _texts(member)
        case list():
            for item in value:
                yield from _texts(item)
        case _:
            return


def _refused(problems: list[str]) -> Taken:
    body: JsonValue = {
        "code": "FRAME_DOES_NOT_FIT",
        "message": problems[0],
        "problems": [*problems],
    }
    return Taken(
        operation=None, replies=(to_json({"type": "error", "error": body}),), problems=problems
    )


def _no_sample(message: Message, problem: str) -> Finding:
    return Finding(
        rule="mock-has-no-answer",
        severity=Severity.WARNING,
        message=f"no message {message.name} passes the document's schema{problem}",
        help="give the message an example that its payload allows, or mend the schema",
        origin=message.origin,
    )
