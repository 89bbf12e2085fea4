"""Frames to and from bytes: requests written with their id, arrivals told apart before decoding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Raw, Struct, ValidationError, defstruct, json

from venuekit_runtime.encoding import plain_value
from venuekit_runtime.models import decode_hook
from venuekit_runtime.operation import Event, Frame, Place, StreamOperation, StreamProtocol
from venuekit_runtime.request import FieldRow, collect, field_rows, free_members

_JSON = json.Encoder()


class RequestFrame:
    """Writes the frames of one operation."""

    __slots__ = ("_frame", "_operation", "_rows", "_whole")

    def __init__(self, operation: StreamOperation[Any]) -> None:
        self._operation = operation
        self._frame: Frame = operation.frame
        self._rows: tuple[FieldRow, ...] = field_rows(operation.fields)
        self._whole = operation.whole

    def members(self, arguments: Mapping[str, Any], identifier: str | int) -> dict[str, Any]:
        """The frame as an object; raises TypeError and ValueError like `RequestPlan.build`."""
        frame = self._frame
        out: dict[str, Any] = {}
        if self._whole is not None:
            plain = plain_value(arguments[self._whole], self._whole)
            if not isinstance(plain, dict):
                raise TypeError(f"{self._whole} must be an object to be written as a frame")
            out.update(plain)
        for place, value in frame.constants:
            put(out, place, value)
        if frame.correlation is not None:
            put(out, frame.correlation, identifier)
        fields = collect(self._rows, arguments)
        free = free_members(self._operation.free, self._operation.fields, arguments)
        inside = out
        if frame.payload and (self._rows or free):
            for name in frame.payload:
                inside = inside.setdefault(name, {})
        for name in free:
            if name in inside:
                raise ValueError(f"{name} is written by the SDK: it may not be a free member")
        inside.update(fields)
        inside.update(free)
        return out


def encode(members: Mapping[str, Any]) -> bytes:
    """The frame's bytes."""
    return _JSON.encode(members)


def put(members: dict[str, Any], place: Place, value: object) -> None:
    """Set the member at a place, making the objects on the way."""
    *parents, last = place
    for name in parents:
        members = members.setdefault(name, {})
    members[last] = value


class Envelope(Struct, frozen=True):
    """What routing needs of one arrival; ``tags`` are in the order of the reader's places.

    A list has the tags of its first element.
    """

    identifier: str | int | None
    topic: str | None
    has_error: bool
    tags: tuple[Any, ...]
    is_list: bool = False
    is_empty: bool = False


class EnvelopeReader:
    """Reads the few members that routing needs, skipping the rest at C speed."""

    __slots__ = (
        "_decoder",
        "_element",
        "_error",
        "_identifier",
        "_protocol",
        "_tags",
        "_topic",
        "tag_places",
    )

    def __init__(self, protocol: StreamProtocol, events: Iterable[Event]) -> None:
        told = [place for event in events for place in _places(event)]
        self._protocol = protocol
        self.tag_places = tuple(dict.fromkeys(told))
        places = [*self.tag_places]
        places += [p for p in (protocol.correlation, protocol.topic, protocol.error) if p]
        tree: dict[str, Any] = {}
        for place in places:
            put(tree, place, {})
        names: dict[Place, tuple[str, ...]] = {}
        shape = _shape(tree, (), (), names)
        # Of a list only the first element is looked into, whatever its length.
        self._decoder = json.Decoder(shape | list[Raw])
        self._element = json.Decoder(shape)
        self._identifier = names.get(protocol.correlation or ())
        self._topic = names.get(protocol.topic or ())
        self._error = names.get(protocol.error or ())
        self._tags = tuple(names[place] for place in self.tag_places)

    def read(self, data: bytes | str) -> Envelope:
        """Read one arrival; raises msgspec.DecodeError when it is no JSON object or list."""
        try:
            found = self._decoder.decode(data)
        except ValidationError:
            return self._unlike(data)
        if isinstance(found, list):
            return self._list(found)
        return _envelope(
            _at(found, self._identifier),
            _at(found, self._topic),
            _at(found, self._error),
            tuple([_at(found, names) for names in self._tags]),
        )

    def _unlike(self, data: bytes | str) -> Envelope:
        """Read an arrival whose members have other shapes: text where other messages have objects.

        Raises msgspec.DecodeError when it is no JSON object.
        """
        found = json.decode(data, type=dict[str, Any])
        protocol = self._protocol
        return _envelope(
            _member(found, protocol.correlation),
            _member(found, protocol.topic),
            _member(found, protocol.error),
            tuple([_member(found, place) for place in self.tag_places]),
        )

    def _list(self, found: list[Raw]) -> Envelope:
        first = bytes(found[0]).lstrip() if found else b""
        if not first.startswith(b"{"):
            return Envelope(None, None, False, (None,) * len(self._tags), True, not found)
        element = self._element.decode(first)
        tags = tuple([_at(element, names) for names in self._tags])
        return Envelope(None, None, False, tags, True)


def _envelope(identifier: Any, topic: Any, error: Any, tags: tuple[Any, ...]) -> Envelope:
    return Envelope(
        identifier if isinstance(identifier, (str, int)) else None,
        topic if isinstance(topic, str) else None,
        error is not None,
        tags,
    )


def _member(found: Any, place: Place | None) -> Any:
    for name in place or ():
        found = found.get(name) if isinstance(found, dict) else None
    return found if place else None


def _places(event: Event) -> list[Place]:
    """Where one must look to tell an event apart."""
    if event.tag_place:
        return [event.tag_place]
    return [(name,) for name in (*event.requires, *event.knows)]


def _shape(
    tree: dict[str, Any], place: Place, path: tuple[str, ...], names: dict[Place, tuple[str, ...]]
) -> Any:
    """A struct type with the members of a tree, all of them optional."""
    fields: list[tuple[str, Any, Any]] = []
    wire: dict[str, str] = {}
    for index, (key, below) in enumerate(tree.items()):
        name = f"m{index}"
        names[(*place, key)] = (*path, name)
        kind = _shape(below, (*place, key), (*path, name), names) if below else None
        fields.append((name, Any if kind is None else kind | None, None))
        wire[name] = key
    return defstruct("Envelope", fields, rename=wire, gc=False)


def _at(found: Any, names: tuple[str, ...] | None) -> Any:
    if names is None:
        return None
    for name in names:
        found = getattr(found, name)
        if found is None:
            return None
    return found


class EventReader:
    """Decodes the messages of one channel or the replies of one operation, by their tags."""

    __slots__ = ("_by_tag", "_decoders", "_untagged")

    def __init__(self, events: tuple[Event, ...], tag_places: tuple[Place, ...]) -> None:
        position = {place: index for index, place in enumerate(tag_places)}
        self._by_tag = [(position[e.tag_place], e.tag, e) for e in events if e.tag_place]
        untagged = [
            (
                [position[name,] for name in event.requires],
                [position[name,] for name in event.knows],
                event,
            )
            for event in events
            if not event.tag_place
        ]
        # Who asks for most is asked first.
        self._untagged = sorted(untagged, key=lambda one: (-len(one[0]), not one[1]))
        self._decoders: dict[Event, json.Decoder[Any]] = {}

    def match(self, envelope: Envelope) -> Event | None:
        """The message that arrived, or None when none of these did."""
        form = "object" if not envelope.is_list else "list"
        tags = envelope.tags
        for index, tag, event in self._by_tag:
            if event.form in (form, "any") and (tags[index] == tag or envelope.is_empty):
                return event
        for required, known, event in self._untagged:
            if event.form not in (form, "any"):
                continue
            if envelope.is_empty:
                return event
            has_all = all(tags[index] is not None for index in required)
            if has_all and (not known or any(tags[index] is not None for index in known)):
                return event
        return None

    def decode(self, event: Event, data: bytes | str) -> Any:
        """The whole message as its type; raises msgspec.DecodeError."""
        decoder = self._decoders.get(event)
        if decoder is None:
            kind = event.type.load() if event.type is not None else Any
            decoder = json.Decoder(kind, float_hook=Decimal, dec_hook=decode_hook)
            self._decoders[event] = decoder
        return decoder.decode(data)


def result_of(event: Event, message: Any) -> Any:
    """What a caller wants of a message."""
    return message if event.result is None else getattr(message, event.result)


def member(message: Any, place: Place) -> Any:
    """The attribute at a place of a decoded message."""
    for name in place:
        message = getattr(message, name)
    return message


def raw_member(data: bytes | str, place: Place) -> bytes:
    """The JSON text at a place of an arrival, for errors; the whole when it is not there."""
    found: Any = json.decode(data)
    for name in place:
        found = found.get(name) if isinstance(found, dict) else None
    whole = data.encode() if isinstance(data, str) else data
    return whole if found is None else _JSON.encode(found)
