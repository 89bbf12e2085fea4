"""OpenAPI `trace` paths with `x-topic` are WebSocket channels, with every part's own place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from venuekit.contract import Action, ChannelBinding, Counts, RefSchema, Wire
from venuekit.emit.typescript.model import make_model
from venuekit.emit.typescript.sockets import sockets
from venuekit.emit.typescript.stream import StreamWriter
from venuekit.finding import FindingsError, Severity
from venuekit.load import Loaded, load
from venuekit.overlays import overlay_files

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "kucoin"


def topic(address: str, **members: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Ticker"}}}
    answer = {"200": {"description": "", "content": content}}
    return {"trace": {"x-topic": address, "responses": answer, **members}}


def loaded(folder: Path, paths: dict[str, Any], **top: Any) -> Loaded:
    path = folder / "topics.json"
    schemas = {"Ticker": {"type": "object", "properties": {"price": {"type": "string"}}}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "Streams", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
        **top,
    }
    path.write_bytes(msgspec.json.encode(document))
    return load([path])


def test_a_topic_is_a_channel_whose_message_is_received(tmp_path: Path) -> None:
    written = topic("/market/ticker:{symbol}", summary="Ticker", **{"x-sdk-method-name": "ticker"})
    found = loaded(
        tmp_path,
        {"/ticker/market/ticker:_symbol_": written},
        servers=[{"url": "wss://ws.venue.example/endpoint"}],
    )
    assert found.findings == ()
    assert found.read == Counts(operations=1, channels=1, messages=1, schemas=1)
    contract = found.contract
    (operation,) = contract.operations
    assert (operation.name, operation.action, operation.wire) == (
        "ticker",
        Action.RECEIVE,
        Wire.WEBSOCKET,
    )
    assert operation.summary == "Ticker"
    assert isinstance(operation.binding, ChannelBinding)
    channel = contract.channels[operation.binding.channel]
    assert channel.address == "/market/ticker:{symbol}"
    assert [parameter.name for parameter in channel.parameters] == ["symbol"]
    payload = contract.messages[operation.binding.messages[0]].payload
    assert isinstance(payload, RefSchema)
    assert payload.name == "Ticker"
    assert contract.servers[0].url == "wss://ws.venue.example/endpoint"
    assert contract.documents[0].format_version == "3.0.1"


def test_places_are_those_of_the_document(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"/a": topic("/a"), "/b": topic("/b")})
    lines = (tmp_path / "topics.json").read_text("utf-8")
    for operation, address in zip(found.contract.operations, ("/a", "/b"), strict=True):
        place = operation.origin.place
        assert place.file.endswith("topics.json")
        assert lines[place.column - 1 :].startswith('{"x-topic":"' + address)


def test_a_repeated_parameter_takes_a_list(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"/a": topic("/market/match:{symbol},{symbol}")})
    (channel,) = found.contract.channels.values()
    assert channel.address == "/market/match:{symbol}"
    (parameter,) = channel.parameters
    assert parameter.description == "One, or several joined by commas."


def test_names_that_meet_stay_apart(tmp_path: Path) -> None:
    same = {"x-sdk-method-name": "order"}
    found = loaded(tmp_path, {"/a": topic("/a", **same), "/b": topic("/b", **same)})
    assert [operation.name for operation in found.contract.operations] == ["order", "order2"]


def test_a_topic_beside_http_is_refused(tmp_path: Path) -> None:
    plain = {"get": {"operationId": "time", "responses": {"200": {"description": "Now."}}}}
    found = loaded(tmp_path, {"/a": topic("/a"), "/time": plain})
    errors = [f.rule for f in found.findings if f.severity is Severity.ERROR]
    assert errors == ["topic-not-carried"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
def test_kucoins_streams_are_channels() -> None:
    overlays = overlay_files([Path("kucoin-ws-spot-public")])
    found = load([CORPUS / "ws-spot-public.openapi.json"], overlays)
    assert found.read == found.contract.counts
    # The topics, and the channel on which the overlay has a client subscribe.
    assert found.read.channels == 13
    addresses = [channel.address for channel in found.contract.channels.values()]
    assert "/market/candles:{symbol}_{type}" in addresses
    actions = {o.action for o in found.contract.operations}
    assert actions == {Action.RECEIVE, Action.REQUEST}


PARTS = {
    "channels": {
        "control": {
            "messages": {
                name: {"payload": {"type": "object", "properties": {"type": {"const": name}}}}
                for name in ("subscribe", "ack")
            }
        }
    },
    "operations": {
        "subscribe": {
            "action": "receive",
            "channel": {"$ref": "#/channels/control"},
            "messages": [{"$ref": "#/channels/control/messages/subscribe"}],
            "reply": {
                "channel": {"$ref": "#/channels/control"},
                "messages": [{"$ref": "#/channels/control/messages/ack"}],
            },
        }
    },
}


def test_how_to_subscribe_is_stated_beside_the_topics(tmp_path: Path) -> None:
    rule = {
        "subscribe": "subscribe",
        "topic_field": "topic",
        "sequence": {"rule": "none", "reason": "no order is stated"},
    }
    paths = {"/a": topic("/market/ticker:{symbol}", **{"x-stream": rule, "operationId": "a"})}
    found = loaded(tmp_path, paths, **{"x-asyncapi": PARTS})
    assert [one for one in found.findings if one.severity is Severity.ERROR] == []
    assert found.read == Counts(operations=2, channels=2, messages=3, schemas=1)
    actions = {operation.name: operation.action for operation in found.contract.operations}
    assert actions == {"subscribe": Action.REQUEST, "a": Action.RECEIVE}
    (stream,) = [c.stream for c in found.contract.channels.values() if c.stream is not None]
    assert (stream.subscribe_operation, stream.topic_field) == ("subscribe", "topic")


def test_kucoin_subscribes_on_one_socket_in_both_languages() -> None:
    file = CORPUS / "ws-spot-public.openapi.json"
    found = load([file], overlay_files([Path("kucoin-ws-spot-public")]))
    assert found.findings == ()
    model = make_model(found.contract)
    (socket,) = sockets(model)
    assert (socket.name, socket.path, len(socket.operations)) == ("StreamClient", "/", 15)
    names = {id(operation): operation.name for operation in socket.operations}
    protocol = StreamWriter(model, names, socket).protocol()
    assert (protocol["topicField"], protocol["topicProperty"]) == ("topic", "topic")


STATED: dict[str, Any] = {
    "channels": {
        "control": {"address": "/", "messages": {"ping": {"payload": {"type": "object"}}}}
    },
    "operations": {"ping": {"action": "receive", "channel": {"$ref": "#/channels/control"}}},
}


def refused(folder: Path, parts: Any) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        loaded(folder, {"/t": topic("/t")}, **{"x-asyncapi": parts})
    assert all(
        f.origin is not None and f.origin.pointer[0] == "x-asyncapi" for f in caught.value.findings
    )
    return [(f.rule, f.message) for f in caught.value.findings]


def test_parts_are_taken_in_beside_the_topics(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"/t": topic("/t")}, **{"x-asyncapi": STATED})
    assert found.findings == ()
    assert [o.name for o in found.contract.operations] == ["ping", "t"]


@pytest.mark.parametrize(
    ("parts", "rule", "said"),
    [
        ([], "invalid-extension", "of type object"),
        ({"chanels": {}}, "unknown-extension-field", "'chanels'"),
        ({"channels": {"a": 1}}, "invalid-extension", "of type object"),
        ({"operations": {"a": {"action": "receive"}}}, "invalid-extension", "'channel'"),
        (
            {"operations": {"a": {"action": "ask", "channel": {"$ref": "#/channels/a"}}}},
            "invalid-extension",
            "ask",
        ),
    ],
)
def test_parts_of_another_shape_are_refused_at_their_place(
    tmp_path: Path, parts: Any, rule: str, said: str
) -> None:
    ((found, message),) = refused(tmp_path, parts)
    assert found == rule
    assert said in message


def test_parts_without_topics_have_no_effect_and_are_an_error(tmp_path: Path) -> None:
    answer = {"200": {"description": ""}}
    get = {"get": {"operationId": "a", "responses": answer}}
    (found,) = loaded(tmp_path, {"/a": get}, **{"x-asyncapi": STATED}).findings
    assert (found.rule, found.severity) == ("extension-without-effect", Severity.ERROR)
    foreign = loaded(tmp_path, {"/a": get}, **{"x-asyncapi": {"file": "streams.yaml"}})
    assert [f.rule for f in foreign.findings] == ["foreign-extension"]
