"""Attacks on what was sent and how much of it (checklist C and G): refused, nothing changes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("nothing_changes")

# C: what was signed.


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body + b" ",
        lambda body: json.dumps(dict(reversed(json.loads(body).items()))).encode(),
        lambda body: body.replace(b"attack", b"attac\\u006b"),
        lambda body: body.replace(b'"1"', b'"2"'),
        lambda body: b"",
    ],
)
async def test_c23_another_body(venue: Any, order: bytes, users: Any, change: Any) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    assert (await venue.send(headers, change(order))).code == "AUTH_INVALID"


@pytest.mark.parametrize(
    "target",
    [
        "/v1/orders?limit=5&symbol=BTC-USD&cursor=9",
        "/v1/orders?limit=5",
        "/v1/orders?symbol=BTC-USD&limit=5",
        "/v1/orders?limit=5&symbol=BTC%2DUSD",
        "/v1/executions?limit=5&symbol=BTC-USD",
    ],
)
async def test_c24_another_target(venue: Any, users: Any, target: str) -> None:
    headers = venue.signed(users["alice"], "GET", "/v1/orders?limit=5&symbol=BTC-USD")
    assert (await venue.send(headers, b"", method="GET", target=target)).code == "AUTH_INVALID"


async def test_c25_doubles(venue: Any, order: bytes, users: Any) -> None:
    target = "/v1/orders?limit=5&limit=6"
    headers = venue.signed(users["alice"], "GET", target)
    reply = await venue.send(headers, b"", method="GET", target=target)
    assert (reply.status, reply.code) == (400, "MALFORMED_REQUEST")
    for double in (b'"side":"sell",', b'"si\\u0064e":"sell",', b'"side" : "buy",'):
        body = b"{" + double + order[1:]
        reply = await venue.send(venue.signed(users["alice"], "POST", "/v1/orders", body), body)
        assert (reply.status, reply.code) == (400, "MALFORMED_REQUEST")


async def test_c26_another_method(venue: Any, users: Any) -> None:
    headers = venue.signed(users["alice"], "GET", "/v1/orders/1")
    reply = await venue.send(headers, b"", method="DELETE", target="/v1/orders/1")
    assert reply.code == "AUTH_INVALID"
    headers = venue.signed(users["alice"], "GET", "/v1/orders/1")
    headers.append(("X-HTTP-Method-Override", "DELETE"))
    reply = await venue.send(headers, b"", method="GET", target="/v1/orders/1")
    assert reply.code == "UNKNOWN_ORDER"


@pytest.mark.parametrize(
    "target",
    [
        "/v1//orders",
        "/v1/./orders",
        "/v1/x/../orders",
        "/v1/%6frders",
        "/v1%2Forders",
        "/v1/orders;p=1",
        "/V1/orders",
        "/v1/orders/",
        "//v1/orders",
        "/v1/%2e%2e/v1/orders",
        "http://127.0.0.1/v1/orders",
        "/v1/orders#frag",
        "/v1/orders?",
        "/v1/orders?a=é",
        "/v1/orders%00",
        "/v1/orders?limit=%zz",
        "/v1/orders?symbol=%00",
        "/v1/orders?symbol=%ff",
        "*",
        "v1/orders",
        "/v1/methods",
        "/v1/orders/methods/x/y",
        "/{}/orders",
    ],
)
async def test_c27_c28_targets_in_other_clothes(venue: Any, users: Any, target: str) -> None:
    headers = venue.signed(users["alice"], "GET", target)
    reply = await venue.send(headers, b"", method="GET", target=target)
    assert reply.status in (400, 404)


async def test_c29_a_newline_in_a_signed_part(venue: Any, order: bytes, users: Any) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    headers[2] = (headers[2][0], headers[2][1] + "\n" + users["alice"].key)
    assert (await venue.send(headers)).status == 400


async def test_c30_another_host(venue: Any, order: bytes, users: Any) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order, host="api.meridian.example")
    assert (await venue.send(headers)).code == "AUTH_INVALID"


@pytest.mark.parametrize(
    "header",
    [
        ("Content-Type", "text/plain"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Type", "application/json; charset=utf-16"),
        ("Content-Encoding", "gzip"),
    ],
)
async def test_c32_c33_other_media(venue: Any, order: bytes, users: Any, header: Any) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    reply = await venue.send([*headers, header])
    assert (reply.status, reply.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "make",
    [
        lambda order: b"{",
        lambda order: b"",
        lambda order: b"[]",
        lambda order: b"null",
        lambda order: b"\xef\xbb\xbf" + order,
        lambda order: order + b"x",
        lambda order: order.replace(b'"1"', b"NaN"),
        lambda order: order.replace(b'"1"', b"1e400"),
        lambda order: order.replace(b'"1"', b"9223372036854775808"),
        lambda order: order.replace(b'"1"', b'"-0"'),
        lambda order: order.replace(b'"1"', b'"1e0"'),
        lambda order: order.replace(b'"1"', b'"0.10000000000000000001"'),
        lambda order: order.replace(b'"1"', b'" 1"'),
        lambda order: order.replace(b'"1"', '"١"'.encode()),
        lambda order: order.replace(b"attack", b"\\ud800"),
        lambda order: order.replace(b"attack", b"\xff"),
        lambda order: b"[" * 60_000,
        lambda order: b'{"a":' * 10_000,
        lambda order: b'{"quantity":' + b"9" * 60_000 + b"}",
        lambda order: json.dumps({f"k{n}": 1 for n in range(5000)}).encode(),
    ],
)
async def test_c34_json_that_parsers_quarrel_about(
    venue: Any, order: bytes, users: Any, make: Any
) -> None:
    body = make(order)
    headers = venue.signed(users["alice"], "POST", "/v1/orders", body)
    headers.append(("Content-Length", "0")) if not body else None
    headers.append(("Content-Type", "application/json"))
    reply = await venue.send(headers, body)
    assert reply.status == 400
    assert reply.code in ("MALFORMED_REQUEST", "VALIDATION_FAILED")


HEAD = b"POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        HEAD + b"Content-Length: +2\r\n\r\n{}",
        HEAD + b"Content-Length: 2, 2\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        HEAD + b"X-A: 1\r\n folded\r\nContent-Length: 2\r\n\r\n{}",
        HEAD + b"X-A : 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /v1/orders HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}",
        b"GET /v1/time HTTP/1.1\r\n\r\n",
        b"GET /v1/time HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /v1/time HTTP/1.0\r\nHost: a\r\n\r\n",
        b"GET /v1/time HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET /v1/time\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/time HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_c35_smuggling(venue: Any, data: bytes) -> None:
    reader, writer = await venue.connect()
    writer.write(data + b"GET /v1/time HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 30)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 4") + answer.count(b"HTTP/1.1 2") == 1
    assert b"Connection: close" in answer


# G: too much.


async def test_g59_a_body_one_byte_too_large(venue: Any, order: bytes, users: Any) -> None:
    body = order + b" " * (65_537 - len(order))
    reply = await venue.send(venue.signed(users["alice"], "POST", "/v1/orders", body), body)
    assert (reply.status, reply.code) == (413, "BODY_TOO_LARGE")
    chunk = b"2000\r\n" + b" " * 0x2000 + b"\r\n"
    reader, writer = await venue.connect()
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 9)
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "data",
    [
        b"GET /v1/time HTTP/1.1\r\nHost: a\r\n" + b"X-%d: 1\r\n" * 100 % tuple(range(100)),
        b"GET /v1/time HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 70_000,
        b"GET /v1/time?" + b"a" * 70_000,
        b"GET /v1/time HTTP/1.1\r\nHost: a\r\n" + (b"X: " + b"y" * 3000 + b"\r\n") * 10,
    ],
)
async def test_g62_heads_that_never_end(venue: Any, data: bytes) -> None:
    reader, writer = await venue.connect()
    writer.write(data)
    assert (await asyncio.wait_for(reader.readline(), 30)).startswith(b"HTTP/1.1 400 ")


async def test_g59_slow_requests_are_cut(venue: Any) -> None:
    reader, writer = await venue.connect()
    writer.write(b"GET /v1/time HTTP/1.1\r\nHost:")
    async with asyncio.timeout(30):
        while not any(one._is_busy for one in venue.server._connections):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    now = asyncio.get_running_loop().time()
    for connection in tuple(venue.server._connections):
        connection.check_deadlines(now + 11)
    assert (await asyncio.wait_for(reader.readline(), 30)).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("method", ["DELETE", "TRACE", "OPTIONS", "HEAD", "PATCH", "POST"])
async def test_g63_undeclared_methods(venue: Any, method: str) -> None:
    reader, writer = await venue.connect()
    request = venue.request(method, "/v1/time", [])
    writer.write(request + venue.request("GET", "/v1/time", []))
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert b"Allow: GET\r\n" in answer
    rest = await asyncio.wait_for(reader.readuntil(b"server_time_ms"), 30)
    assert (b"METHOD_NOT_ALLOWED" in rest) is (method != "HEAD")


async def test_g64_no_page_of_another_origin(venue: Any) -> None:
    headers = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]
    reply = await venue.send(headers, b"", method="OPTIONS")
    assert not any(name.lower().startswith("access-control") for name in reply.headers)


async def test_g65_nothing_secret_is_told(
    venue: Any, order: bytes, users: Any, caplog: Any
) -> None:
    alice = users["alice"]
    wrong = venue.signed(alice, "POST", "/v1/orders", order)
    wrong[3] = (wrong[3][0], "0" * 64)
    reply = await venue.send(wrong)
    texts = json.dumps(reply.body) + str(reply.headers) + caplog.text
    good = alice.sign("x")
    for secret in (alice.secret, good, "Traceback", "SELECT", "/src/"):
        assert secret not in texts
    key = venue.server._verification._keyring.find(alice.key)
    assert alice.secret not in repr(key) + repr(venue.server.accounts)


async def test_pipelined_requests_are_answered_in_order(venue: Any, users: Any) -> None:
    reader, writer = await venue.connect()
    targets = ["/v1/time", "/v1/nothing", "/v1/balances", "/v1/instruments"] * 20
    requests = []
    for target in targets:
        headers = venue.signed(users["alice"], "GET", target)
        requests.append(venue.request("GET", target, headers))
    writer.write(b"".join(requests))
    members = []
    for _ in targets:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        members.append(next(iter(json.loads(await reader.readexactly(length)))))
    assert members == ["server_time_ms", "code", "balances", "instruments"] * 20
