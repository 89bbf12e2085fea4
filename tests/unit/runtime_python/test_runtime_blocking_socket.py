"""The blocking transport's own waiting: large bodies, silent venues, and signals in between."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.errors import TimeoutError
from venuekit_runtime.http.blocking import SocketTransport
from venuekit_runtime.signing import WireRequest

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
LARGE = b"x" * 8_000_000
OVER_S = 10.0
"""When a venue ends by itself: what ends before that was ended by the transport."""


@contextmanager
def venue(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[SocketTransport]:
    """A transport to a venue that talks on one connection until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            sock, _ = listener.accept()
            with sock:
                talk(sock, over)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        transport = SocketTransport(parse_base_url(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        try:
            yield transport
        finally:
            over.set()
            transport.close()
            thread.join(5)


def post(body: bytes) -> WireRequest:
    return WireRequest("POST", "/", (("host", "h"),), body)


def read_to(sock: socket.socket, size: int) -> None:
    """Read a head and so many bytes of body, slowly at first."""
    time.sleep(0.1)
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(1_000)
    left = size - len(data.partition(b"\r\n\r\n")[2])
    while left > 0:
        left -= len(sock.recv(1_000_000))


def test_a_body_larger_than_the_socket_takes_is_written_whole() -> None:
    def talk(sock: socket.socket, _: threading.Event) -> None:
        for _ in range(2):
            read_to(sock, len(LARGE))
            sock.sendall(ANSWER)

    with venue(talk) as transport:
        assert transport.send(post(LARGE), 10.0).body == b"ok"
        # The connection is kept and still never blocks.
        assert transport.send(post(LARGE), 10.0).body == b"ok"


@pytest.mark.parametrize("body", [b"{}", LARGE])
def test_a_silent_venue_meets_the_deadline(body: bytes) -> None:
    with venue(lambda _, over: over.wait(OVER_S) and None) as transport:
        began = time.monotonic()
        with pytest.raises(TimeoutError) as raised:
            transport.send(post(body), 0.2)
        assert 0.15 < time.monotonic() - began < OVER_S
        assert raised.value.maybe_sent


def test_an_answer_that_trickles_meets_the_deadline_too() -> None:
    def talk(sock: socket.socket, over: threading.Event) -> None:
        for byte in ANSWER[:-1]:
            sock.sendall(bytes([byte]))
            if over.wait(0.05):
                return

    with venue(talk) as transport, pytest.raises(TimeoutError):
        transport.send(post(b""), 0.3)


def test_an_answer_in_pieces_is_whole() -> None:
    def talk(sock: socket.socket, _: threading.Event) -> None:
        sock.recv(1_000)
        for piece in (ANSWER[:10], ANSWER[10:-1], ANSWER[-1:]):
            sock.sendall(piece)
            time.sleep(0.02)

    with venue(talk) as transport:
        response = transport.send(post(b""), 5.0)
    assert (response.status, response.body) == (200, b"ok")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no interval timers")
def test_signals_neither_end_nor_stretch_the_wait() -> None:
    seen = []
    before = signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    try:
        with venue(lambda _, over: over.wait(OVER_S) and None) as transport:
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                transport.send(post(b"{}"), 0.3)
            assert 0.25 < time.monotonic() - began < OVER_S
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    assert seen
