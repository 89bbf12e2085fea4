"""Messages without a tag are told apart by the members that they have."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import DecodeError

from venuekit_runtime.operation import Channel, ChannelParameter, Event, StreamProtocol
from venuekit_runtime.stream.feed import Feed
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


def test_a_member_of_another_shape_hides_nothing_else() -> None:
    """The text of an error may stand where an event has an object."""
    deep = Event(None, ("data", "kind"), "stop")
    error = Event(None, ("type",), "error")
    protocol = StreamProtocol(path="/", correlation=("id",), topic=("at", "topic"))
    reader = EnvelopeReader(protocol, (deep, error))
    events = EventReader((deep, error), reader.tag_places)
    found = reader.read(b'{"id":"1","type":"error","at":3,"data":"no such topic"}')
    assert events.match(found) is error
    assert (found.identifier, found.topic, found.is_list) == ("1", None, False)
    assert events.match(reader.read(b'{"data":{"kind":"stop"}}')) is deep
    assert events.match(reader.read(b'{"at":[],"data":{"kind":"stop"}}')) is deep
    for text in (b'"text"', b"7", b"null", b"{"):
        with pytest.raises(DecodeError):
            reader.read(text)


TICKER: Channel[Any] = Channel(
    name="ticker",
    address="/ticker:{symbol}_{kind}",
    parameters=(ChannelParameter("symbol", "symbol"), ChannelParameter("kind", "kind")),
    events=(Event(None, requires=("data",)),),
    is_subscribed=True,
)


def test_values_that_commas_join_are_topics_of_their_own() -> None:
    feed = Feed(1, TICKER, {"symbol": "BTC,ETH", "kind": "1m,1h"})
    assert feed.topic == "/ticker:BTC,ETH_1m,1h"
    heard = ["/ticker:BTC,ETH_1m,1h", "/ticker:BTC_1m", "/ticker:ETH_1h"]
    assert all(map(feed.hears, heard))
    assert not any(map(feed.hears, ["/ticker:XRP_1m", "/ticker:BTC", "BTC_1m", ""]))


def test_more_topics_than_can_be_followed_are_refused() -> None:
    with pytest.raises(ValueError, match="ticker follows at most 10000 topics"):
        Feed(1, TICKER, {name: ",".join(map(str, range(101))) for name in ("symbol", "kind")})
