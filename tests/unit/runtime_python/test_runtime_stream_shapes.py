"""Messages without a tag are told apart by the members that they have."""

from __future__ import annotations

from venuekit_runtime.operation import Event, StreamProtocol
from venuekit_runtime.stream.frames import EnvelopeReader, EventReader

TRADE = Event(None, ("e",), "trade")
FILL = Event(None, requires=("order", "price"))
ORDER = Event(None, requires=("order",))
ERROR = Event(None, knows=("error", "code"))
EVENTS = (TRADE, ERROR, ORDER, FILL)


def told(text: str, events: tuple[Event, ...] = EVENTS) -> Event | None:
    reader = EnvelopeReader(StreamProtocol(path="/"), EVENTS)
    return EventReader(events, reader.tag_places).match(reader.read(text.encode()))


def test_who_asks_for_most_is_asked_first() -> None:
    assert told('{"e":"trade","order":1,"price":1}') is TRADE
    assert told('{"order":1,"price":"2"}') is FILL
    assert told('{"order":1}') is ORDER
    assert told('{"order":1,"price":null}') is ORDER
    assert told('{"code":0}') is ERROR


def test_what_nothing_tells_is_nobodys() -> None:
    assert told('{"e":"other"}') is None
    assert told("{}") is None
    assert told('{"e":"trade"}', (ERROR, ORDER)) is None


def test_an_event_that_asks_for_nothing_takes_the_rest() -> None:
    anything = Event(None)
    assert told("{}", (anything, ORDER)) is anything
    assert told('{"order":1}', (anything, ORDER)) is ORDER
