"""The fallback transport: targets go out as signed; failures say whether bytes may have left."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from venuekit_runtime import errors
from venuekit_runtime.base_url import BaseUrl, parse_base_url
from venuekit_runtime.http.httpx_transport import AsyncHttpxTransport, HttpxTransport
from venuekit_runtime.signing import WireRequest


class Handler(BaseHTTPRequestHandler):
    """Answers with the request line that arrived; `/slow` first waits."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/slow":
            time.sleep(3.0)
        self.send_response(201)
        self.send_header("X-Twice", "a")
        self.end_headers()
        self.wfile.write(self.requestline.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[BaseUrl]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield parse_base_url(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def request(target: str) -> WireRequest:
    return WireRequest("POST", target, (("host", "h"), ("x", "1")), b"{}")


@pytest.mark.parametrize("target", ["/orders/a%2Fb?x=%7E~&y=a,b", "/%e4?q=%2f"])
async def test_the_target_goes_out_exactly_as_it_was_signed(base: BaseUrl, target: str) -> None:
    with httpx.Client() as plain:
        once = HttpxTransport(base, plain).send(request(target), 2.0)
    other = AsyncHttpxTransport(base, httpx.AsyncClient())
    again = await other.send(request(target), 2.0)
    await other.aclose()
    for response in (once, again):
        assert response.body == f"POST {target} HTTP/1.1".encode()
        assert response.status == 201
        assert response.header("x-twice") == "a"


def test_nothing_listening_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = parse_base_url(f"http://127.0.0.1:{taken.getsockname()[1]}")
    with httpx.Client() as plain, pytest.raises(errors.ConnectError) as caught:
        HttpxTransport(dead, plain).send(request("/"), 1.0)
    assert not caught.value.maybe_sent


def test_a_late_answer_may_have_been_sent(base: BaseUrl) -> None:
    transport = HttpxTransport(base, httpx.Client())
    with pytest.raises(errors.TimeoutError) as caught:
        transport.send(request("/slow"), 0.5)
    assert caught.value.maybe_sent
    transport.close()
