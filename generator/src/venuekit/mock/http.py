"""HTTP/1.1 on a socket for the mock: bytes to requests, answers to bytes, upgrades handed on."""

from __future__ import annotations

import asyncio
import http
from collections.abc import Callable
from typing import Protocol, cast

import httptools

from venuekit.mock.exchange import Answer, Request

MAX_BODY = 64 * 1024 * 1024
MAX_HEAD = 64 * 1024

Handle = Callable[[Request], Answer]


class Stream(Protocol):
    """What takes a connection over after an upgrade."""

    def receive(self, data: bytes) -> None:
        """Bytes came in, the first of them being the handshake."""


OpenStream = Callable[[asyncio.Transport], Stream]


class HttpConnection(asyncio.Protocol):
    """One connection; requests are answered in their order, at once."""

    def __init__(self, handle: Handle, open_stream: OpenStream) -> None:
        self._handle = handle
        self._open_stream = open_stream
        self._parser = httptools.HttpRequestParser(self)
        self._stream: Stream | None = None
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._begin()

    def _begin(self) -> None:
        self._url = b""
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._head_bytes = 0

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._stream is not None:
            self._stream.receive(data)
            return
        # The bytes of an unfinished head are kept, because an upgrade wants them all.
        self._received = (self._received + data)[-MAX_HEAD:] if not self._body else b""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            assert self._transport is not None
            self._stream = self._open_stream(self._transport)
            self._stream.receive(self._received)
        except httptools.HttpParserError as error:
            cause = error.__context__ or error
            self._write(_unreadable(str(cause)), is_last=True, is_head=False)

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._begin()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > MAX_HEAD:
            raise ValueError(f"the head has more than {MAX_HEAD} bytes")
        self._headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        if ("expect", "100-continue") in self._headers and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > MAX_BODY:
            raise ValueError(f"the body has more than {MAX_BODY} bytes")

    def on_message_complete(self) -> None:
        upgrade = dict(self._headers).get("upgrade", "").lower()
        if self._parser.should_upgrade() and upgrade == "websocket":
            return
        self._received = b""
        request = Request(
            method=self._parser.get_method().decode("ascii"),
            target=self._url.decode("latin-1"),
            headers=tuple(self._headers),
            body=bytes(self._body),
        )
        is_last = not self._parser.should_keep_alive()
        self._write(self._handle(request), is_last, is_head=request.method == "HEAD")

    def _write(self, answer: Answer, is_last: bool, is_head: bool) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(encode(answer, is_last, is_head))
        if is_last:
            transport.close()


def encode(answer: Answer, is_last: bool, is_head: bool) -> bytes:
    """Return an answer as it goes out (RFC 9112 section 4)."""
    phrases = {status.value: status.phrase for status in http.HTTPStatus}
    lines = [f"HTTP/1.1 {answer.status} {phrases.get(answer.status, '')}"]
    lines += [f"{name}: {_line(value)}" for name, value in answer.headers]
    if answer.status != 204 and answer.status >= 200:
        lines.append(f"Content-Length: {len(answer.body)}")
    if is_last:
        lines.append("Connection: close")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
    return head if is_head else head + answer.body


def _line(value: str) -> str:
    """Return a header's value without what would end its line."""
    return "".join(c if c.isprintable() else " " for c in value)


def _unreadable(reason: str) -> Answer:
    body = f'{{"code":"NOT_HTTP","message":"the request cannot be read: {reason!a}"}}'
    headers = (("Content-Type", "application/json"),)
    return Answer(status=400, headers=headers, body=body.replace("\\", "/").encode())
