"""What a session knows of requests on their way: codecs by operation, and who waits for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from venuekit_runtime.operation import Place, StreamOperation
from venuekit_runtime.stream.frames import EventReader, RequestFrame


class Pending(Struct):
    """One request that has been sent and not been answered."""

    ticket: int
    operation: StreamOperation[Any]
    arguments: Mapping[str, Any]
    deadline: float


class Codec(Struct, frozen=True):
    """How the frames of one operation are written and its replies are read."""

    request: RequestFrame
    replies: EventReader


class Codecs:
    """The codec of each operation, made when it is first used."""

    __slots__ = ("_by_name", "_tag_places")

    def __init__(self, tag_places: tuple[Place, ...]) -> None:
        self._tag_places = tag_places
        self._by_name: dict[str, Codec] = {}

    def of(self, operation: StreamOperation[Any]) -> Codec:
        """The codec of an operation."""
        codec = self._by_name.get(operation.name)
        if codec is None:
            replies = EventReader(operation.replies, self._tag_places)
            codec = self._by_name[operation.name] = Codec(RequestFrame(operation), replies)
        return codec
