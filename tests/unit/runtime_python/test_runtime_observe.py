"""Hooks and the logger see every attempt, and never a key, a signature or a secret."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from websockets.asyncio.server import ServerConnection, serve

import meridian
from venuekit_runtime import errors
from venuekit_runtime.async_client import BaseAsyncClient
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.client import BaseClient
from venuekit_runtime.core import CallOptions
from venuekit_runtime.http.httpx_transport import HttpxTransport
from venuekit_runtime.observe import ErrorView, Hooks, RequestView, ResponseView
from venuekit_runtime.operation import HttpOperation, Parameter, Response
from venuekit_runtime.retry import RetryPolicy
from venuekit_runtime.signing import api_key, bearer

SECRET = "hush-hush-hush-hush-hush-hush-hush"
KEY = "key-of-alice"

READ: HttpOperation[Any] = HttpOperation(
    name="getStream",
    method="GET",
    path="/streams/{listenKey}/{symbol}",
    effect="read",
    parameters=(
        Parameter("listen_key", "listenKey", "path", required=True, style="simple"),
        Parameter("symbol", "symbol", "path", required=True, style="simple"),
        Parameter("limit", "limit", "query"),
        Parameter("sort", "sort", "query", style="deepObject"),
        Parameter("signature", "signature", "query"),
        Parameter("trace", "X-Trace", "header"),
    ),
    responses=(Response("2XX", "application/json"),),
    security=(("key", "token"),),
)
ARGUMENTS = {
    "listen_key": "pqia91ma19a5s61cv6a81va65sdf19v8",
    "symbol": "BTC/USD",
    "limit": 5,
    "sort": {"by": "price"},
    "signature": "f00ba4",
    "trace": "t-1",
}
CREDENTIALS = (api_key("key", "query", "apiKey", KEY), bearer("token", SECRET))
HIDDEN = (SECRET, KEY, ARGUMENTS["listen_key"], "f00ba4", "extra-hush", "echoed-hush")
QUICK = RetryPolicy(base_s=0.001, cap_s=0.002)


class Handler(BaseHTTPRequestHandler):
    """Answers with the next status, and with a body that repeats what was sent."""

    protocol_version = "HTTP/1.1"
    statuses: list[int]
    heads: list[str]

    def do_GET(self) -> None:
        self.heads.append(f"{self.requestline}\n{self.headers}")
        body = json.dumps({"code": "BAD\nLINE", "message": f"echoed-hush {self.requestline}"})
        self.send_response(self.statuses.pop(0) if self.statuses else 200)
        self.send_header("X-Session-Token", "echoed-hush")
        self.send_header("X-Weight", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_GET  # noqa: N815 - the base class looks for this name

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    Handler.statuses, Handler.heads = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def call_sync(url: str, **rest: Any) -> Any:
    options = CallOptions(headers=(("x-own", "extra-hush"),))
    with BaseClient(url, CREDENTIALS, retry=QUICK, **rest) as client:
        return client.request(READ, ARGUMENTS, options)


def call_async(url: str, **rest: Any) -> Any:
    async def run() -> Any:
        options = CallOptions(headers=(("x-own", "extra-hush"),))
        async with BaseAsyncClient(url, CREDENTIALS, retry=QUICK, **rest) as client:
            return await client.request(READ, ARGUMENTS, options)

    return asyncio.run(run())


both = pytest.mark.parametrize("call", [call_sync, call_async], ids=["sync", "async"])
Call = Callable[..., Any]


@both
def test_hooks_see_each_attempt_and_nothing_secret(call: Call, url: str) -> None:
    seen: list[Any] = []
    Handler.statuses = [503]
    hooks = Hooks(on_request=seen.append, on_response=seen.append, on_error=seen.append)
    call(url, hooks=hooks)
    kinds = [type(one) for one in seen]
    assert kinds == [RequestView, ResponseView, ErrorView, RequestView, ResponseView]
    first, refused, failure, second, answered = seen
    assert first.target == (
        "/streams/[redacted]/BTC%2FUSD?limit=5&sort%5Bby%5D=price&signature=[redacted]"
        "&apiKey=[redacted]"
    )
    assert (first.operation, first.method, first.attempt) == ("getStream", "GET", 1)
    headers = dict(first.headers)
    assert headers["X-Trace"] == "t-1"
    assert (headers["authorization"], headers["x-own"]) == ("[redacted]", "[redacted]")
    assert refused.status == 503
    assert isinstance(failure.error, errors.ApiError)
    assert failure.retry_in_s is not None
    assert failure.elapsed_s > 0
    assert (second.attempt, answered.status) == (2, 200)
    assert ("x-weight", "7") in answered.headers
    shown = repr([one for one in seen if not isinstance(one, ErrorView)])
    assert not [text for text in HIDDEN if text in shown]
    assert all(SECRET in head for head in Handler.heads)


@both
def test_a_hook_that_fails_hides_no_answer(call: Call, url: str, caplog: Any) -> None:
    def fail(view: object) -> None:
        raise ValueError("my own fault")

    assert call(url, hooks=Hooks(on_response=fail, on_error=fail)).status == 200
    assert "the on_response hook failed" in caplog.text
    Handler.heads.clear()
    with pytest.raises(ValueError, match="my own fault"):
        call(url, hooks=Hooks(on_request=fail))
    assert Handler.heads == []


@both
def test_the_last_failure_says_that_no_attempt_follows(call: Call, url: str) -> None:
    failures: list[ErrorView] = []
    Handler.statuses = [503] * 5
    with pytest.raises(errors.ApiError):
        call(url, hooks=Hooks(on_error=failures.append))
    assert [one.retry_in_s is None for one in failures] == [False, False, True]


@both
def test_an_answer_that_does_not_fit_is_told_too(call: Call, url: str) -> None:
    failures: list[ErrorView] = []
    Handler.statuses = [200]
    unread: HttpOperation[Any] = HttpOperation(
        name="getTime",
        method="GET",
        path="/time",
        effect="read",
        responses=(Response("404", "application/json"),),
    )
    with (
        BaseClient(url, hooks=Hooks(on_error=failures.append)) as client,
        pytest.raises(errors.DecodeError),
    ):
        client.request(unread, {})
    assert [type(one.error) for one in failures] == [errors.DecodeError]


@both
def test_debug_lines_tell_the_attempt_and_no_level_tells_a_secret(
    call: Call, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    Handler.statuses = [503]
    with caplog.at_level(1), pytest.MonkeyPatch.context() as patch:
        for name in list(logging.root.manager.loggerDict):
            patch.setattr(logging.getLogger(name), "level", 1)
        call(url)
    assert not [text for text in HIDDEN if text in caplog.text]
    lines = [r.getMessage() for r in caplog.records if r.name == "venuekit.http"]
    assert len(lines) == 3
    assert re.fullmatch(
        r"GET /streams/\[redacted\]/\S+: 503 in \d+\.\d ms, \d+ bytes \(getStream, attempt 1\)",
        lines[0],
    )
    assert re.search(r": ApiError 'BAD\\nLINE' in .* ms, again in 0\.00\d s", lines[1])
    assert lines[2].endswith("(getStream, attempt 2)")


def test_the_httpx_transport_logs_no_target(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(1), httpx.Client() as plain:
        transport = HttpxTransport(parse_base_url(url), plain)
        call_sync(url, transport=transport)
    assert "apiKey=[redacted]" in caplog.text
    own = [r.getMessage() for r in caplog.records if not r.name.startswith("httpcore")]
    assert not [text for text in HIDDEN if text in "\n".join(own)]


def test_nothing_is_written_above_debug(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="venuekit"):
        call_sync(url)
    assert [r for r in caplog.records if r.name.startswith("venuekit")] == []


def credentials() -> meridian.HmacCredentials:
    return meridian.HmacCredentials(key=KEY, secret=SECRET)


def test_an_emitted_client_logs_no_signature(url: str, caplog: pytest.LogCaptureFixture) -> None:
    Handler.statuses = [422]
    with (
        caplog.at_level(1),
        meridian.Client(base_url=url, credentials=credentials()) as client,
        pytest.raises(errors.VenueError),
    ):
        client.place_order(
            client_order_id="a-1",
            symbol="BTC-USD",
            side="buy",
            order_type="market",
            quantity=Decimal(1),
        )
    signature = re.search(r"(?i)meridian-signature: (\w{64})", Handler.heads[0])
    nonce = re.search(r"(?i)meridian-nonce: (\w{32})", Handler.heads[0])
    assert signature is not None
    assert nonce is not None
    assert "POST /v1/orders: 422" in caplog.text
    for text in (SECRET, KEY, signature[1], nonce[1]):
        assert text not in caplog.text


async def test_an_emitted_stream_logs_no_signature(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[dict[str, Any]] = []

    async def handle(connection: ServerConnection) -> None:
        async for text in connection:
            frame = json.loads(text)
            seen.append(frame)
            reply = {"type": f"{frame['op']}_reply", "id": frame["id"], "result": {}}
            if frame["op"] == "cancel_order":
                error = {"code": "UNKNOWN_ORDER", "message": "echoed-hush"}
                reply = {"type": "error", "id": frame["id"], "error": error}
            if frame["op"] == "log_on":
                reply["result"] = {"key": "public"}
            await connection.send(json.dumps(reply))

    # The server's own lines are no business of this test, so it gets a logger that nobody reads.
    mute = logging.Logger("mute", level=logging.CRITICAL + 1)
    with caplog.at_level(1):
        async with serve(handle, "127.0.0.1", 0, logger=mute) as server:
            address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            stream = meridian.StreamClient(base_url=address, credentials=credentials())
            async with stream:
                with pytest.raises(meridian.errors.UnknownOrderError):
                    await stream.cancel_order(order_id="7")
    signed = seen[0]["params"]
    assert "a socket to 127.0.0.1" in caplog.text
    assert "cancelOrder: UnknownOrderError 'UNKNOWN_ORDER' in" in caplog.text
    for text in (SECRET, signed["key"], signed["signature"], signed["nonce"], "echoed-hush"):
        assert text not in caplog.text
