"""Operations that are served elsewhere: each goes to its own place, and to none by accident."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from venuekit_runtime.async_client import BaseAsyncClient
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.client import BaseClient
from venuekit_runtime.errors import ConfigurationError
from venuekit_runtime.http.blocking import SocketTransport
from venuekit_runtime.operation import HttpOperation, Response

ANSWERS = (Response("204"),)
STATED = "http://files.venue.example/v2"
HERE: HttpOperation[None] = HttpOperation(
    name="here", method="GET", path="/here", effect="read", responses=ANSWERS
)
ELSEWHERE: HttpOperation[None] = HttpOperation(
    name="elsewhere",
    method="GET",
    path="/there",
    effect="read",
    base_url=STATED,
    responses=ANSWERS,
)


class Server:
    """A real server that notes what it was asked, and by which name."""

    def __init__(self) -> None:
        noted: list[tuple[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            asked: ClassVar = noted

            def do_GET(self) -> None:
                self.asked.append((self.headers["host"], self.path))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.asked = noted
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.authority = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.authority}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    made = (Server(), Server())
    yield made
    for one in made:
        one.stop()


def test_each_operation_goes_to_its_own_place(servers: tuple[Server, Server]) -> None:
    main, other = servers
    with BaseClient(f"{main.url}/v1", base_urls={STATED: f"{other.url}/v2"}) as client:
        for operation in (HERE, ELSEWHERE, HERE, ELSEWHERE):
            assert client.request(operation, {}).status == 204
    assert main.asked == [(main.authority, "/v1/here")] * 2
    assert other.asked == [(other.authority, "/v2/there")] * 2


def test_the_asynchronous_client_does_the_same(servers: tuple[Server, Server]) -> None:
    main, other = servers

    async def run() -> None:
        async with BaseAsyncClient(main.url, base_urls={STATED: other.url}) as client:
            for operation in (HERE, ELSEWHERE):
                assert (await client.request(operation, {})).status == 204

    asyncio.run(run())
    assert main.asked == [(main.authority, "/here")]
    assert other.asked == [(other.authority, "/there")]


def test_the_contracts_place_is_taken_only_beside_the_contracts_default(
    servers: tuple[Server, Server],
) -> None:
    main, other = servers

    class Generated(BaseClient):
        _default_base_url = main.url

    own: HttpOperation[None] = HttpOperation(
        name="own", method="GET", path="/x", effect="read", base_url=other.url, responses=ANSWERS
    )
    with Generated() as client:
        assert client.request(own, {}).status == 204
    assert other.asked == [(other.authority, "/x")]
    # Pointed at a sandbox, the client must not call production for one operation.
    with (
        Generated(f"{main.url}/sandbox") as client,
        pytest.raises(ConfigurationError, match="pointed elsewhere: say with base_urls"),
    ):
        client.request(own, {})
    assert len(other.asked) == 1


def test_nothing_goes_around_a_given_transport(servers: tuple[Server, Server]) -> None:
    main, other = servers
    moved = {STATED: other.url}
    proxy = SocketTransport(parse_base_url(main.url))
    with (
        BaseClient(main.url, transport=proxy, base_urls=moved) as client,
        pytest.raises(ConfigurationError, match="give one for it in transports"),
    ):
        client.request(ELSEWHERE, {})
    assert other.asked == []
    given = {STATED: SocketTransport(parse_base_url(other.url))}
    proxy = SocketTransport(parse_base_url(main.url))
    with BaseClient(main.url, transport=proxy, base_urls=moved, transports=given) as client:
        client.request(ELSEWHERE, {})
    assert other.asked == [(other.authority, "/there")]


def test_a_wrong_place_is_refused_when_the_client_is_made() -> None:
    with pytest.raises(ConfigurationError, match="expected a base URL"):
        BaseClient("http://localhost", base_urls={STATED: "nowhere"})
