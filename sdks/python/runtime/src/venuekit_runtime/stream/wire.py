"""A WebSocket over asyncio: the `websockets` library decides the protocol, this moves its bytes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

from venuekit_runtime.base_url import BaseUrl
from venuekit_runtime.errors import ConnectError
from venuekit_runtime.http.tls import default_context

MAX_MESSAGE_BYTES = 16 * 1024 * 1024

Headers = tuple[tuple[str, str], ...]

# The library's debug lines show frames whole, log-on and all; this logger never speaks.
_SILENT = logging.Logger("venuekit_runtime.stream", level=logging.CRITICAL + 1)


class Wire(asyncio.Protocol):
    """One socket. ``on_message`` gets whole text messages, ``on_lost`` one reason, once."""

    def __init__(
        self,
        url: str,
        on_message: Callable[[bytes], None],
        on_lost: Callable[[str], None],
        headers: Headers = (),
    ) -> None:
        self._on_message = on_message
        self._on_lost = on_lost
        self._socket = ClientProtocol(parse_uri(url), max_size=MAX_MESSAGE_BYTES, logger=_SILENT)
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._reason = ""
        self._headers = headers
        self._status = 0
        self._is_over = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def send(self, data: bytes) -> None:
        """Write one text message; the caller knows that the socket is open."""
        self._socket.send_text(data)
        self._flush()

    def drop(self, reason: str) -> None:
        """Close: politely if the socket is open, and at once in any case."""
        self._reason = self._reason or reason
        if self._socket.state is State.OPEN:
            self._socket.send_close(1000)
            self._flush()
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        request = self._socket.connect()
        for name, value in self._headers:
            request.headers[name] = value
        self._socket.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._socket.receive_data(data)
        self._flush()
        for event in self._socket.events_received():
            if isinstance(event, Response):
                self._status = event.status_code
                self._answered()
            elif isinstance(event, Frame):
                self._take(event)

    def eof_received(self) -> bool:
        self._socket.receive_eof()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._is_over:
            return
        self._is_over = True
        reason = self._reason or str(exc or "") or "the venue closed the connection"
        if not self.opened.done():
            error = ConnectError(f"no WebSocket: {reason}", status=self._status)
            self.opened.set_exception(error)
            return
        self._on_lost(reason)

    def _answered(self) -> None:
        error = self._socket.handshake_exc
        if error is not None:
            self._reason = f"the handshake was refused: {error}"
            if self._transport is not None:
                self._transport.close()
        elif not self.opened.done():
            self.opened.set_result(None)

    def _take(self, frame: Frame) -> None:
        match frame.opcode:
            case Opcode.TEXT | Opcode.BINARY | Opcode.CONT:
                if frame.fin and not self._parts:
                    self._on_message(bytes(frame.data))
                    return
                self._parts.append(bytes(frame.data))
                if frame.fin:
                    whole, self._parts = b"".join(self._parts), []
                    self._on_message(whole)
            case Opcode.CLOSE:
                code = self._socket.close_code
                why = self._socket.close_reason or "no reason given"
                self._reason = f"the venue closed the socket with {code} ({why})"
            case _:
                # The library answers pings by itself, and pongs prove nothing about data.
                return

    def _flush(self) -> None:
        transport = self._transport
        if transport is None:
            return
        for data in self._socket.data_to_send():
            if data:
                transport.write(data)
            else:
                transport.close()


async def open_wire(
    base: BaseUrl,
    path: str,
    on_message: Callable[[bytes], None],
    on_lost: Callable[[str], None],
    timeout_s: float,
    headers: Headers = (),
) -> Wire:
    """Open a socket and shake hands within ``timeout_s`` seconds.

    Raises ConnectError when that fails for any reason.
    """
    loop = asyncio.get_running_loop()
    scheme = "wss" if base.is_secure else "ws"
    url = f"{scheme}://{base.authority}{path}"
    wire: Wire | None = None
    try:
        async with asyncio.timeout(timeout_s):
            _, wire = await loop.create_connection(
                lambda: Wire(url, on_message, on_lost, headers),
                base.host,
                base.port,
                ssl=default_context() if base.is_secure else None,
            )
            await wire.opened
    except BaseException as error:
        if wire is not None:
            wire.opened.cancel()
            wire.drop("the connection was given up")
        if isinstance(error, OSError):
            reason = str(error) or f"no connection within {timeout_s:g} s"
            raise ConnectError(f"cannot connect to {base.authority}: {reason}") from error
        raise
    return wire
