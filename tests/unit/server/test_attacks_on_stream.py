"""Attacks on the socket (checklist H): broken frames, floods, slow readers, foreign pages."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from typing import Any

import pytest

from meridian_server.server import start
from venuekit_runtime.server.frames import encode_frame

PING, TEXT, CLOSE, BINARY = 9, 1, 8, 2


def frame(
    opcode: int, payload: bytes = b"", final: bool = True, masked: bool = True, bits: int = 0
) -> bytes:
    """A client's frame, by RFC 6455 section 5.2."""
    size = len(payload)
    head = bytes([(0x80 if final else 0) | bits | opcode])
    flag = 0x80 if masked else 0
    if size < 126:
        head += bytes([flag | size])
    elif size < 65_536:
        head += bytes([flag | 126]) + size.to_bytes(2, "big")
    else:
        head += bytes([flag | 127]) + size.to_bytes(8, "big")
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))


HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
}


async def shake(venue: Any, path: str = "/v1/stream", **changed: str | None) -> Any:
    """Send a handshake; returns the reader, the writer and the head of the answer."""
    given = {**HANDSHAKE, **{name.replace("_", "-"): v for name, v in changed.items()}}
    headers = [(name, value) for name, value in given.items() if value is not None]
    reader, writer = await venue.connect()
    writer.write(venue.request("GET", path, headers))
    return reader, writer, await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)


async def close_code(reader: asyncio.StreamReader) -> int:
    """Read the server's frames up to its close frame."""
    while True:
        first, second = await asyncio.wait_for(reader.readexactly(2), 30)
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
        payload = await asyncio.wait_for(reader.readexactly(size), 30)
        if first & 0x0F == CLOSE:
            return int.from_bytes(payload[:2], "big")


async def test_a_good_handshake(venue: Any) -> None:
    reader, writer, head = await shake(venue)
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n" in head
    writer.write(frame(CLOSE, (1000).to_bytes(2, "big")))
    assert await close_code(reader) == 1000
    assert await asyncio.wait_for(reader.read(), 30) == b""


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Sec-WebSocket-Version": "8"}, 400),
        ({"Sec-WebSocket-Key": "short"}, 400),
        ({"Sec-WebSocket-Key": None}, 400),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"path": "/v1/other"}, 404),
        ({"path": "/v1/stream?key=1"}, 400),
    ],
)
async def test_bad_handshakes(venue: Any, changed: dict[str, Any], status: int) -> None:
    _, _, head = await shake(venue, **changed)
    assert head.startswith(f"HTTP/1.1 {status} ".encode())


async def test_pages_of_the_venue_itself_and_other_upgrades(venue: Any) -> None:
    _, _, head = await shake(venue, Origin=f"http://{venue.host}")
    assert head.startswith(b"HTTP/1.1 101 ")
    _, _, head = await shake(venue, path="/v1/time", Upgrade="h2c")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in head


async def test_an_allowed_page_may_connect(venue: Any) -> None:
    await venue.server.stop()
    allowed = frozenset({"https://app.example"})
    venue.server = await start(venue.settings(allowed_origins=allowed))
    _, _, head = await shake(venue, Origin="https://app.example")
    assert head.startswith(b"HTTP/1.1 101 ")
    _, _, head = await shake(venue, Origin="https://app.example.evil")
    assert head.startswith(b"HTTP/1.1 403 ")


async def test_h76_one_address_has_so_many_sockets(venue: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("meridian_server.gateway.stream.MAX_SESSIONS_PER_IP", 3)
    heads = [(await shake(venue))[2] for _ in range(4)]
    assert [head.split()[1] for head in heads] == [b"101", b"101", b"101", b"429"]
    assert b"Retry-After: 1\r\n" in heads[3]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(TEXT, b"{}", masked=False), 1002),
        (frame(TEXT, b"{}", bits=0x40), 1002),
        (frame(TEXT, b"{}", bits=0x10), 1002),
        (frame(3, b""), 1002),
        (frame(11, b""), 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(PING, b"x", final=False), 1002),
        (frame(0, b"x"), 1002),
        (frame(TEXT, b"a", final=False) + frame(TEXT, b"b"), 1002),
        (frame(CLOSE, b"\x03"), 1002),
        (frame(CLOSE, (1005).to_bytes(2, "big")), 1002),
        (frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff"), 1007),
        (frame(TEXT, b"\xff"), 1007),
        (frame(TEXT, b"\xed\xa0\x80"), 1007),
        (frame(TEXT, b"\xe2", final=False) + frame(0, b"\x28\xa1"), 1007),
        (frame(BINARY, b"{}"), 1003),
        (frame(TEXT, b"x" * 65_537), 1009),
        (frame(TEXT, b"x" * 40_000, final=False) + frame(0, b"x" * 40_000), 1009),
        (frame(TEXT, b"", final=False) + frame(0, b"", final=False) * 300, 1008),
        (bytes([0x81, 0xFE, 0, 5]) + bytes(9), 1002),
        (bytes([0x81, 0xFF]) + (2**63).to_bytes(8, "big") + bytes(4), 1009),
    ],
)
async def test_broken_frames(venue: Any, data: bytes, code: int) -> None:
    reader, writer, _ = await shake(venue)
    writer.write(data)
    assert await close_code(reader) == code


async def test_frames_in_pieces(venue: Any) -> None:
    """One byte at a time, a ping between two fragments: all is understood."""
    command = b'{"op":"subscribe","id":"1","params":{"topic":"trades.BTC-USD"}}'
    data = frame(TEXT, command[:20], final=False) + frame(PING, b"hi") + frame(0, command[20:])
    reader, writer, _ = await shake(venue)
    for number in range(len(data)):
        writer.write(data[number : number + 1])
        await asyncio.sleep(0)
    assert await asyncio.wait_for(reader.readexactly(4), 30) == b"\x8a\x02hi"
    _, size = await reader.readexactly(2)
    assert json.loads(await reader.readexactly(size))["type"] == "subscribe_reply"


async def test_bytes_behind_the_handshake_are_frames(venue: Any) -> None:
    headers = list(HANDSHAKE.items())
    reader, writer = await venue.connect()
    writer.write(venue.request("GET", "/v1/stream", headers) + frame(PING, b"early"))
    await reader.readuntil(b"\r\n\r\n")
    assert await asyncio.wait_for(reader.readexactly(7), 30) == b"\x8a\x05early"


async def test_ping_floods_and_nonsense_floods_end(venue: Any) -> None:
    reader, writer, _ = await shake(venue)
    writer.write(frame(PING) * 1100)
    assert await close_code(reader) == 1008
    reader, writer, _ = await shake(venue)
    writer.write(frame(TEXT, b"nonsense") * 150)
    assert await close_code(reader) == 1008


async def test_a_silent_peer_is_dropped(venue: Any) -> None:
    reader, _, _ = await shake(venue)
    for _ in range(8):
        venue.server.streams.beat()
        await asyncio.sleep(0.01)
    assert await close_code(reader) == 1008


async def test_who_does_not_read_is_closed_and_others_are_not(venue: Any, users: Any) -> None:
    lazy_reader, lazy, _ = await shake(venue)
    keen_reader, keen, _ = await shake(venue)
    subscribe = b'{"op":"subscribe","id":"1","params":{"topic":"book.BTC-USD"}}'
    for writer in (lazy, keen):
        writer.write(frame(TEXT, subscribe))
    lazy_reader._transport.pause_reading()
    keen_bytes = 0

    async def read() -> None:
        nonlocal keen_bytes
        while data := await keen_reader.read(1 << 20):
            keen_bytes += len(data)

    reading = asyncio.create_task(read())
    big = b"x" * 60_000
    (slow, fast) = sorted(venue.server.streams.sessions, key=lambda s: s.number)
    for _ in range(400):
        for session in (slow, fast):
            session.send(encode_frame(TEXT, big))
        await asyncio.sleep(0.001)
        if slow not in venue.server.streams.sessions or slow._is_closing:
            break
    assert slow._is_closing
    assert slow._transport.get_write_buffer_size() < 5 * 1024 * 1024
    assert not fast._is_closing
    assert keen_bytes > 1_000_000
    lazy_reader._transport.resume_reading()
    assert await close_code(lazy_reader) == 4408
    reading.cancel()


async def test_topics_and_commands_are_limited(venue: Any) -> None:
    venue.clock.stop()
    reader, writer, _ = await shake(venue)
    subscribe = b'{"op":"subscribe","id":"1","params":{"topic":"trades.BTC-USD"}}'
    writer.write(frame(TEXT, subscribe) * 250)
    kinds = []
    for _ in range(250):
        _, size = await asyncio.wait_for(reader.readexactly(2), 30)
        if size == 126:
            size = int.from_bytes(await reader.readexactly(2), "big")
        body = json.loads(await reader.readexactly(size))
        kinds.append(body.get("error", {}).get("code", body["type"]))
    assert kinds.count("subscribe_reply") == 200
    assert kinds[-1] == "RATE_LIMITED"
    assert len(venue.server.streams._services.feeds._topics[("trades.BTC-USD", None)]) == 1


async def test_a_lost_socket_leaves_nothing_behind(venue: Any) -> None:
    reader, writer, _ = await shake(venue)
    writer.write(frame(TEXT, b'{"op":"subscribe","id":"1","params":{"topic":"book.BTC-USD"}}'))
    await asyncio.wait_for(reader.readexactly(2), 30)
    writer.transport.abort()
    for _ in range(2_000):
        await asyncio.sleep(0.01)
        if not venue.server.streams.sessions:
            break
    assert not venue.server.streams.sessions
    assert not venue.server.streams._services.feeds._topics
