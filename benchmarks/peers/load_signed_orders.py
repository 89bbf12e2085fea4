"""Load for a venue: signed orders over keep-alive connections, one in flight on each.

usage: load_signed_orders.py PORT CONNECTIONS KEYS_FILE
Orders are signed in batches just before they are sent, because a venue refuses an old timestamp;
only the sending is timed. Orders go round the accounts, sell and buy in turn at one price, so
that every second order trades. An answer other than 201 ends the program.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import secrets
import select
import socket
import sys
import time
from pathlib import Path

BATCH_PER_S = 4_000
TARGET = "/v1/orders"
BODY = (
    '{"client_order_id":"%s","symbol":"BTC-USD","side":"%s","order_type":"limit",'
    '"quantity":"0.01","price":"64250.5"}'
)
REQUEST = (
    "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\n"
    "MERIDIAN-KEY: %s\r\nMERIDIAN-TIMESTAMP: %s\r\nMERIDIAN-NONCE: %s\r\n"
    "MERIDIAN-SIGNATURE: %s\r\ncontent-length: %d\r\n\r\n%s"
)


class Orders:
    """Signed requests, each with an id of its own."""

    def __init__(self, host: str, keys: list[tuple[str, str]]) -> None:
        self._host = host
        self._keys = itertools.cycle(keys)
        self._numbers = itertools.count()
        self._run = secrets.token_hex(4)

    def batch(self, seconds: float) -> list[bytes]:
        """The next requests, signed now: about as many as a round of so many seconds needs."""
        timestamp = str(time.time_ns() // 1_000_000)
        return [self._request(timestamp) for _ in range(max(100, int(BATCH_PER_S * seconds)))]

    def _request(self, timestamp: str) -> bytes:
        number = next(self._numbers)
        key, secret = next(self._keys)
        body = BODY % (f"{self._run}-{number}", "buy" if number % 2 else "sell")
        nonce = secrets.token_hex(16)
        digest = hashlib.sha256(body.encode()).hexdigest()
        parts = ("MERIDIAN-1", "POST", self._host, TARGET, digest, timestamp, nonce, key)
        signature = hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256)
        filled = (TARGET, self._host, key, timestamp, nonce, signature.hexdigest(), len(body), body)
        return (REQUEST % filled).encode()


class Connections:
    """Keep-alive connections to one venue, and the poll that waits on them."""

    def __init__(self, port: int, number: int) -> None:
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        for _ in range(number):
            sock = socket.create_connection(("127.0.0.1", port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[sock.fileno()] = sock
            self._poll.register(sock.fileno(), select.EPOLLIN)

    def close(self) -> None:
        """Close them all."""
        self._poll.close()
        for sock in self._sockets.values():
            sock.close()

    def send_all(self, requests: list[bytes]) -> None:
        """Send every request once, and wait for every answer."""
        waiting = iter(requests)
        in_flight = 0
        for sock in self._sockets.values():
            request = next(waiting, None)
            if request is not None:
                sock.sendall(request)
                in_flight += 1
        while in_flight:
            for number, _ in self._poll.poll():
                sock = self._sockets[number]
                read_answer(sock)
                request = next(waiting, None)
                if request is None:
                    in_flight -= 1
                else:
                    sock.sendall(request)


def read_answer(sock: socket.socket) -> None:
    """Read one whole answer, which must be 201 and say how long it is."""
    data = sock.recv(65536)
    while (end := data.find(b"\r\n\r\n")) < 0:
        if not (more := sock.recv(65536)):
            sys.exit(f"the venue closed the connection: {data!r}")
        data += more
    if data[9:12] != b"201":
        sys.exit(f"expected 201, found {data.decode(errors='replace')}")
    head = data[:end].lower()
    at = head.index(b"content-length:") + 15
    length = end + 4 + int(head[at:].split(b"\r", 1)[0])
    while len(data) < length:
        data += sock.recv(65536)


def main(port: str, connections: str, keys_file: str) -> None:
    """Send batches until their sending has taken as long as the round shall last."""
    keys = [(key, secret) for key, secret in json.loads(Path(keys_file).read_text())]
    orders = Orders(f"127.0.0.1:{port}", keys)
    print("ready", flush=True)
    for line in sys.stdin:
        seconds = float(line)
        # New ones for each round: a venue closes what was idle while the others had their turn.
        lines = Connections(int(port), int(connections))
        wall_s = 0.0
        operations = 0
        while wall_s < seconds:
            requests = orders.batch(min(seconds, 1.0))
            began = time.perf_counter()
            lines.send_all(requests)
            wall_s += time.perf_counter() - began
            operations += len(requests)
        lines.close()
        print(json.dumps({"operations": operations, "wall_s": wall_s, "cpu_s": 0.0}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
