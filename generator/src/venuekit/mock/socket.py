"""A WebSocket connection of the mock: RFC 6455 by `websockets`' sans-I/O protocol."""

from __future__ import annotations

import asyncio

from websockets.frames import Frame, Opcode
from websockets.http11 import Request as Handshake
from websockets.server import ServerProtocol

from venuekit.mock.record import Record
from venuekit.mock.stream import StreamMock

_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


class StreamConnection:
    """One connection, from its handshake on."""

    def __init__(self, mock: StreamMock, record: Record, transport: asyncio.Transport) -> None:
        self._mock = mock
        self._record = record
        self._transport = transport
        self._protocol = ServerProtocol()
        self._target = ""
        self._parts = bytearray()

    def receive(self, data: bytes) -> None:
        """Take bytes, answer what they hold."""
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Handshake):
                self._accept(event)
            elif isinstance(event, Frame) and event.opcode in _DATA:
                self._take(event)
        self._flush()

    def _accept(self, handshake: Handshake) -> None:
        self._target = handshake.path
        response = self._protocol.accept(handshake)
        self._protocol.send_response(response)
        if response.status_code == 101:
            for event in self._mock.greeting(self._target):
                self._protocol.send_text(event)

    def _take(self, frame: Frame) -> None:
        self._parts += frame.data
        if not frame.fin:
            return
        data = bytes(self._parts)
        self._parts.clear()
        taken = self._mock.take(data, self._target)
        self._record.frame(self._target, taken.operation, data, taken.problems)
        for reply in taken.replies:
            self._protocol.send_text(reply)

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()
        if self._protocol.close_expected():
            self._transport.close()
