"""Catches the bytes of one request as a client sends them, to be sent again by a bare socket."""

from __future__ import annotations

import contextlib
import socket
from threading import Thread
from typing import Self

from harness.fixed_venue import ORDER
from harness.fixed_venue_fallback import answer, whole_request


class Recorder:
    """Answers every request like the fixed venue and keeps the last one."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.request = b""
        self._thread = Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # A listener that is shut down wakes the thread that accepts on it.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        reply = answer(b"201 Created", ORDER)
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with sock:
                self._talk(sock, reply)

    def _talk(self, sock: socket.socket, reply: bytes) -> None:
        held = b""
        while data := sock.recv(65536):
            held += data
            while (length := whole_request(held)) > 0:
                self.request, held = held[:length], held[length:]
                sock.sendall(reply)
