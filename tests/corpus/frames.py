"""Frames for every WebSocket operation that a client sends: made, and allowed by the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from venuekit.contract import (
    Action,
    Channel,
    ChannelBinding,
    JsonValue,
    Message,
    ObjectSchema,
    Schema,
)
from venuekit.contract.walk import resolve
from venuekit.load import Loaded
from venuekit.mock.answers import Answers
from venuekit.mock.raw import RawSchemas
from venuekit.mock.stream import StreamMock
from venuekit.mock.values import Maker, Wish

START = "$message.payload#/"


def frames(loaded: Loaded) -> Iterator[dict[str, Any]]:
    """Yield two frames of each operation, with all members and with what is demanded."""
    schemas = RawSchemas(loaded.resolver.documents)
    answers = Answers(loaded.contract, schemas, seed=0)
    for operation in loaded.contract.operations:
        binding = operation.binding
        if not isinstance(binding, ChannelBinding) or operation.action is Action.RECEIVE:
            continue
        message = loaded.contract.messages[binding.messages[0]]
        for is_full in (True, False):
            value, problems = _value(loaded, answers, schemas, message, is_full)
            yield {
                "operation": operation.name,
                "is_full": is_full,
                "frame": value,
                "correlation": correlation(message),
                "has_reply": binding.reply is not None,
                "topic": _topic(loaded, operation.name, value),
                "unmade": problems,
                "is_lost": bool(problems) and value is None and message.payload is not None,
            }


def subscribes(operation: str) -> bool:
    """Say whether the mock sends events when it is asked this; no rule names the operation."""
    name = operation.lower()
    return "subscribe" in name and "unsubscribe" not in name


def heard(loaded: Loaded) -> Iterator[dict[str, Any]]:
    """Yield each operation that is received, with what the mock sends on it."""
    mock = StreamMock(loaded)
    for operation in loaded.contract.operations:
        if isinstance(operation.binding, ChannelBinding) and operation.action is Action.RECEIVE:
            channel = loaded.contract.channels[operation.binding.channel]
            sent = [_named(value, channel) for value in mock.sent(operation)]
            yield {"operation": operation.name, "sent": sent}


def _named(value: JsonValue, channel: Channel) -> JsonValue:
    """Return an event as it comes where the drivers follow a channel, whose parameters are any."""
    rule = channel.stream
    name = rule.topic_field if rule is not None and rule.subscribe_operation else None
    if name is None or not isinstance(value, dict) or name not in value:
        return value
    return {**value, name: re.sub(r"\{[^{}]*\}", "any", channel.address or "")}


def _topic(loaded: Loaded, operation: str, frame: JsonValue) -> JsonValue:
    """Return the topic of a frame that an SDK sends by itself; its member is called so."""
    rules = [c.stream for c in loaded.contract.channels.values() if c.stream is not None]
    roles = {name for r in rules for name in (r.subscribe_operation, r.unsubscribe_operation)}
    return frame.get("topic") if operation in roles and isinstance(frame, dict) else None


def _value(
    loaded: Loaded, answers: Answers, schemas: RawSchemas, message: Message, is_full: bool
) -> tuple[JsonValue, list[str]]:
    if message.payload is None:
        return None, ["the message has no payload"]
    origin = message.origin.child("payload")
    written = schemas.value(origin)
    if isinstance(written, dict) and "schemaFormat" in written:
        origin = origin.child("schema")
    full, problems = answers.judged(origin, message.payload, (), "request")
    if is_full or not isinstance(full, dict):
        return full, problems
    least = {name: _least(loaded, message.payload, name, value) for name, value in full.items()}
    return least, schemas.problems(origin, least, "request")


def _least(loaded: Loaded, schema: Schema, name: str, value: JsonValue) -> JsonValue:
    """Return what an object inside a frame demands; the frame itself keeps all its members."""
    shape = resolve(loaded.contract, schema)
    fields = shape.fields if isinstance(shape, ObjectSchema) else ()
    inner = next((field.schema for field in fields if field.name == name), None)
    if inner is None or not isinstance(resolve(loaded.contract, inner), ObjectSchema):
        return value
    return Maker(loaded.contract, Wish(direction="request", is_full=False)).make(inner)


def correlation(message: Message) -> list[str]:
    """Return the place of a message's correlation id, as the names on the way to it."""
    stated = message.correlation or ""
    return stated.removeprefix(START).split("/") if stated.startswith(START) else []


def without(frame: Any, place: list[str]) -> Any:
    """Return a frame without the member at a place."""
    if not place or not isinstance(frame, dict) or place[0] not in frame:
        return frame
    if len(place) == 1:
        return {name: value for name, value in frame.items() if name != place[0]}
    return {**frame, place[0]: without(frame[place[0]], place[1:])}
