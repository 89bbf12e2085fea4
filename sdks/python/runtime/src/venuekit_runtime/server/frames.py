"""WebSocket frames (RFC 6455), a server's side of them: strict, bounded, without I/O."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import NamedTuple

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_CONTINUATION = 0
_DATA = (_CONTINUATION, TEXT, BINARY)
_KNOWN = (*_DATA, CLOSE, PING, PONG)
_ACCEPT_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
MAX_FRAGMENTS = 256

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED = 1000, 1001, 1002, 1003
BAD_DATA, POLICY, TOO_BIG = 1007, 1008, 1009


class SocketError(Exception):
    """The peer broke the protocol; the socket is closed with `code` (RFC 6455 section 7.4)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Message(NamedTuple):
    """A whole message or a control frame."""

    opcode: int
    payload: bytes


class FrameReader:
    """Collects bytes and yields whole messages of at most `max_message` bytes."""

    def __init__(self, max_message: int) -> None:
        self._max = max_message
        self._buffer = b""
        self._opcode = 0
        self._fragments: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield what is complete. Raises SocketError at the first byte out of order."""
        buffer = self._buffer + data if self._buffer else data
        position = 0
        while True:
            head = _read_head(buffer, position)
            if head is None:
                break
            opcode, is_final, start, length = head
            self._check(opcode, length)
            if len(buffer) < start + length:
                break
            mask = buffer[start - 4 : start]
            payload = _unmask(buffer[start : start + length], mask)
            position = start + length
            message = self._accept(opcode, is_final, payload)
            if message is not None:
                # Kept before the yield: the consumer may stop here for good.
                self._buffer = buffer[position:]
                yield message
        self._buffer = buffer[position:]

    def _check(self, opcode: int, length: int) -> None:
        if opcode not in _DATA:
            return
        if (opcode == _CONTINUATION) is not bool(self._fragments):
            raise SocketError(PROTOCOL_ERROR, "a fragment out of order")
        if self._size + length > self._max:
            raise SocketError(TOO_BIG, f"messages may have {self._max} bytes")

    def _accept(self, opcode: int, is_final: bool, payload: bytes) -> Message | None:
        if opcode not in _DATA:
            if opcode == CLOSE:
                _check_close(payload)
            return Message(opcode, payload)
        if opcode != _CONTINUATION:
            self._opcode = opcode
            if is_final:
                return _whole(opcode, payload)
        self._fragments.append(payload)
        self._size += len(payload)
        if len(self._fragments) > MAX_FRAGMENTS:
            raise SocketError(POLICY, f"more than {MAX_FRAGMENTS} fragments")
        if not is_final:
            return None
        joined = b"".join(self._fragments)
        self._fragments, self._size = [], 0
        return _whole(self._opcode, joined)


def _read_head(buffer: bytes, at: int) -> tuple[int, bool, int, int] | None:
    """(opcode, is_final, payload start, payload length), or None when more bytes must come."""
    if len(buffer) < at + 2:
        return None
    first, second = buffer[at], buffer[at + 1]
    opcode = first & 0x0F
    if first & 0x70 or opcode not in _KNOWN:
        raise SocketError(PROTOCOL_ERROR, "reserved bits or opcode")
    if not second & 0x80:
        raise SocketError(PROTOCOL_ERROR, "a client's frames are masked")
    is_final = bool(first & 0x80)
    length = second & 0x7F
    if opcode >= CLOSE and (not is_final or length > 125):
        raise SocketError(PROTOCOL_ERROR, "control frames are whole and have 125 bytes at most")
    if length < 126:
        return (opcode, is_final, at + 6, length) if len(buffer) >= at + 6 else None
    width = 2 if length == 126 else 8
    start = at + 2 + width + 4
    if len(buffer) < start:
        return None
    length = int.from_bytes(buffer[at + 2 : at + 2 + width], "big")
    if length < 126 or (width == 8 and length < 65_536):
        raise SocketError(PROTOCOL_ERROR, "a length in more bytes than it needs")
    return opcode, is_final, start, length


def _unmask(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return mixed.to_bytes(size, "big")


def _whole(opcode: int, payload: bytes) -> Message:
    if opcode == TEXT:
        try:
            payload.decode("utf-8")
        except UnicodeDecodeError:
            raise SocketError(BAD_DATA, "text that is not UTF-8") from None
    return Message(opcode, payload)


def _check_close(payload: bytes) -> None:
    if not payload:
        return
    code = int.from_bytes(payload[:2], "big")
    known = code in (*range(1000, 1004), *range(1007, 1012)) or 3000 <= code < 5000
    if len(payload) == 1 or not known:
        raise SocketError(PROTOCOL_ERROR, "a close code that is none")
    _whole(TEXT, payload[2:])


def encode_frame(opcode: int, payload: bytes) -> bytes:
    """One whole, unmasked frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65_536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


def close_frame(code: int, reason: str) -> bytes:
    """A close frame; the reason is cut to fit."""
    return encode_frame(CLOSE, code.to_bytes(2, "big") + reason.encode("utf-8")[:120])


def accept_key(key: bytes) -> bytes:
    """The Sec-WebSocket-Accept of a Sec-WebSocket-Key (RFC 6455 section 4.2.2)."""
    digest = hashlib.sha1(key + _ACCEPT_GUID, usedforsecurity=False).digest()
    return base64.b64encode(digest)
