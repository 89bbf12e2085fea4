"""The opening handshake of a WebSocket (RFC 6455 section 4.2), judged and answered."""

from __future__ import annotations

import base64
import binascii

from venuekit_runtime.server.frames import accept_key
from venuekit_runtime.server.refusal import malformed
from venuekit_runtime.server.requests import Request


def handshake_key(request: Request) -> bytes:
    """The client's key. Raises MALFORMED_REQUEST for what is no handshake."""
    connection = (request.header(b"connection") or b"").lower()
    if request.method != "GET" or b"upgrade" not in connection:
        raise malformed("a stream opens with GET and Connection: Upgrade")
    if request.header(b"sec-websocket-version") != b"13":
        raise malformed("Sec-WebSocket-Version must be 13")
    key = request.header(b"sec-websocket-key") or b""
    try:
        is_good = len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        is_good = False
    if not is_good or request.body:
        raise malformed("Sec-WebSocket-Key must be 16 bytes in base64, and no body may follow")
    return key


def switching(key: bytes) -> bytes:
    """The answer that opens the socket."""
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept_key(key) + b"\r\n\r\n"
    )
