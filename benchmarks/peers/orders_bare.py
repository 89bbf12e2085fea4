"""The limit of a sequential client: one blocking socket that sends the SDK's own bytes again.

usage: orders_bare.py PORT FILE, where FILE holds one whole request
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import rounds


def main(port: str, file: str) -> None:
    """Send, and read until the announced body is there; nothing is signed or decoded."""
    request = Path(file).read_bytes()
    sock = socket.create_connection(("127.0.0.1", int(port)))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def place() -> None:
        sock.sendall(request)
        data = sock.recv(65536)
        end = data.find(b"\r\n\r\n")
        at = data.find(b"Content-Length:", 0, end)
        length = end + 4 + int(data[at + 15 : data.find(b"\r", at)])
        while len(data) < length:
            data += sock.recv(65536)

    rounds.play(place)


if __name__ == "__main__":
    main(*sys.argv[1:])
