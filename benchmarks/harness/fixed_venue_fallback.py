"""The fixed venue in Python, for machines without a C compiler: the same answers and count."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path


class Counter:
    """How many orders were answered."""

    def __init__(self) -> None:
        self.answered = 0


class Connection(asyncio.Protocol):
    """Answers each whole request on one connection."""

    def __init__(self, reply: bytes, counter: Counter) -> None:
        self._reply = reply
        self._counter = counter
        self._held = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (length := whole_request(self._held)) > 0:
            request, self._held = self._held[:length], self._held[length:]
            assert self._transport is not None
            if request.startswith(b"P"):
                self._counter.answered += 1
                self._transport.write(self._reply)
            else:
                count = b"%d" % self._counter.answered
                self._transport.write(answer(b"200 OK", count))


def whole_request(data: bytes) -> int:
    """The length of the first whole request, or 0 when more must arrive."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return 0
    at = data[:end].lower().find(b"\r\ncontent-length:")
    body = 0 if at < 0 else int(data[at + 17 : end].split(b"\r\n", 1)[0])
    return end + 4 + body if len(data) >= end + 4 + body else 0


def answer(status: bytes, body: bytes) -> bytes:
    """An answer in bytes."""
    head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


async def serve(order: bytes) -> None:
    """Listen on any port, print it, and serve until standard input is closed."""
    reply = answer(b"201 Created", order)
    counter = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(reply, counter), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]).read_bytes()))
