"""What comes on which socket of a mock: by its path, and unasked where nobody can subscribe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from venuekit.load import load
from venuekit.mock.stream import StreamMock


def _message(name: str) -> dict[str, Any]:
    return {"payload": {"type": "object", "required": ["e"], "properties": {"e": {"const": name}}}}


def _channel(address: str, *names: str) -> dict[str, Any]:
    return {"address": address, "messages": {name: _message(name) for name in names}}


def _operation(action: str, channel: str, message: str) -> dict[str, Any]:
    place = {"$ref": f"#/channels/{channel}"}
    named = {"$ref": f"#/channels/{channel}/messages/{message}"}
    return {"action": action, "channel": place, "messages": [named]}


@pytest.fixture
def mock(tmp_path: Path) -> StreamMock:
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Sockets", "version": "1.0.0"},
        "x-perspective": "client",
        "channels": {
            "market": _channel("/ws/{stream}", "subscribe", "trade"),
            "user": _channel("/private/{key}", "ping", "fill"),
        },
        "operations": {
            "subscribe": _operation("send", "market", "subscribe"),
            "trades": _operation("receive", "market", "trade"),
            "ping": _operation("send", "user", "ping"),
            "fills": _operation("receive", "user", "fill"),
        },
    }
    path = tmp_path / "sockets.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return StreamMock(load([path]))


def words(frames: tuple[bytes, ...]) -> list[str]:
    return [json.loads(frame)["e"] for frame in frames]


def test_a_channel_whose_requests_do_not_subscribe_sends_by_itself(mock: StreamMock) -> None:
    assert words(mock.greeting("/private/abc")) == ["fill"]
    assert words(mock.greeting("/v1/private/abc")) == ["fill"]
    assert words(mock.greeting("/ws/btc")) == []


def test_a_subscription_brings_what_its_path_has(mock: StreamMock) -> None:
    frame = b'{"e":"subscribe"}'
    assert words(mock.take(frame, "/ws/btc").replies) == ["trade"]
    assert words(mock.take(frame, "/private/abc").replies) == ["fill"]


def test_a_socket_whose_path_is_no_channel_has_everything(mock: StreamMock) -> None:
    assert words(mock.greeting("/")) == ["fill"]
    assert words(mock.take(b'{"e":"subscribe"}', "/").replies) == ["trade", "fill"]
