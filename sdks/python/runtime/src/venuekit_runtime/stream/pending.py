"""What a session knows of requests on their way: codecs by operation, and who waits for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, structs

from venuekit_runtime.errors import ApiError
from venuekit_runtime.operation import (
    ErrorTable,
    Event,
    Place,
    Refusal,
    StreamOperation,
    StreamProtocol,
)
from venuekit_runtime.response import api_error
from venuekit_runtime.stream.frames import Envelope, EventReader, RequestFrame, raw_member


class Pending(Struct):
    """One request that has been sent and not been answered."""

    ticket: int
    operation: StreamOperation[Any]
    arguments: Mapping[str, Any]
    deadline: float


def answers_of(operation: StreamOperation[Any]) -> tuple[Event, ...]:
    """What may answer an operation: its replies and its refusals."""
    return (*operation.replies, *(refusal.event for refusal in operation.refusals))


class Codec(Struct, frozen=True):
    """How the frames of one operation are written and its replies are read."""

    request: RequestFrame
    replies: EventReader
    refusals: EventReader
    tables: Mapping[Event, ErrorTable]

    def answer(self, envelope: Envelope) -> Event | None:
        """The reply, or the refusal, that an arrival is."""
        return self.replies.match(envelope) or self.refusals.match(envelope)


class Codecs:
    """The codec of each operation, made when it is first used."""

    __slots__ = ("_by_name", "_protocol", "_tag_places")

    def __init__(self, tag_places: tuple[Place, ...], protocol: StreamProtocol) -> None:
        self._tag_places = tag_places
        self._protocol = protocol
        self._by_name: dict[str, Codec] = {}

    def of(self, operation: StreamOperation[Any]) -> Codec:
        """The codec of an operation."""
        codec = self._by_name.get(operation.name)
        if codec is None:
            codec = self._by_name[operation.name] = self._made(operation)
        return codec

    def refusal(
        self, operation: StreamOperation[Any], envelope: Envelope, data: bytes | str
    ) -> ApiError | None:
        """The typed error of a reply that refuses its request; None for any other."""
        protocol, codec = self._protocol, self.of(operation)
        if envelope.has_error and protocol.error is not None:
            return api_error(protocol.errors, 0, raw_member(data, protocol.error))
        event = codec.refusals.match(envelope)
        whole = data.encode() if isinstance(data, str) else data
        return api_error(codec.tables[event], 0, whole) if event is not None else None

    def _made(self, operation: StreamOperation[Any]) -> Codec:
        tables = {one.event: self._table(one) for one in operation.refusals}
        replies = EventReader(operation.replies, self._tag_places)
        refusals = EventReader(tuple(tables), self._tag_places)
        return Codec(RequestFrame(operation), replies, refusals, tables)

    def _table(self, refusal: Refusal) -> ErrorTable:
        message = () if refusal.message is None else (refusal.message,)
        return structs.replace(self._protocol.errors, code=(refusal.code,), message=message)
