"""Both clients against a real server on a socket: retries, unknown outcomes, dead connections."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from typing import Any

import pytest

from venuekit_runtime import errors
from venuekit_runtime.async_client import BaseAsyncClient
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.client import BaseClient
from venuekit_runtime.core import CallOptions
from venuekit_runtime.http.nonblocking import AsyncSocketTransport
from venuekit_runtime.http.transport import Limits
from venuekit_runtime.models import Model
from venuekit_runtime.operation import (
    Body,
    BodyField,
    DedupKey,
    ErrorTable,
    HttpOperation,
    Parameter,
    Response,
    TypeRef,
)
from venuekit_runtime.retry import RetryPolicy
from venuekit_runtime.signing import RequestDraft


class Order(Model):
    """What the venue answers with."""

    order_id: str
    quantity: Decimal


class BalanceError(errors.ApiError):
    """A code with a class of its own."""

    retry_class = "after_fix"


class InternalError(errors.ApiError):
    """A code after which the outcome must be resolved."""

    retry_class = "resolve"


BY_CODE = {"NO_BALANCE": BalanceError, "INTERNAL": InternalError}
TABLE = ErrorTable(classes=TypeRef(__name__, "BY_CODE"))
ANSWERS = (Response("2XX", "application/json", TypeRef(__name__, "Order")),)

READ: HttpOperation[Order] = HttpOperation(
    name="getOrder",
    method="GET",
    path="/orders/{id}",
    effect="read",
    parameters=(Parameter("id", "id", "path", required=True, style="simple"),),
    responses=ANSWERS,
    errors=TABLE,
)
BODY = Body(
    "application/json",
    fields=(
        BodyField("client_order_id", "client_order_id", required=True),
        BodyField("quantity", "quantity", required=True, wire="decimal"),
    ),
)
PLACE: HttpOperation[Order] = HttpOperation(
    name="placeOrder",
    method="POST",
    path="/orders",
    effect="create",
    body=BODY,
    responses=ANSWERS,
    errors=TABLE,
    dedup_key=DedupKey("client_order_id", "client_order_id", True, "getOrderByClientOrderId"),
)
PLACE_BLINDLY: HttpOperation[Order] = HttpOperation(
    name="placeOrder",
    method="POST",
    path="/orders",
    effect="create",
    body=BODY,
    responses=ANSWERS,
)
ORDER = {"client_order_id": "a-1", "quantity": Decimal("0.5")}
OK = b'HTTP/1.1 200 OK\r\ncontent-length: 37\r\n\r\n{"order_id":"7","quantity":"1","n":2}'


def answer(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *headers, f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


class Venue:
    """Plays a list of answers, one for each request; None closes without one, a number waits."""

    def __init__(self, answers: list[bytes | float | None]) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while True:
                try:
                    data = connection.recv(65536)
                except OSError:
                    return
                if not data:
                    return
                self.requests.append(data)
                reply = self._answers.pop(0) if self._answers else OK
                if isinstance(reply, float):
                    time.sleep(reply)
                    return
                if reply is None:
                    return
                connection.sendall(reply)

    def wait_for_requests(self, count: int) -> None:
        """Wait until so many have arrived: how long that takes is the machine's business."""
        until = time.monotonic() + 20
        while len(self.requests) < count:
            assert time.monotonic() < until, "no request came in time"
            time.sleep(0.005)

    def drop_idle_connections(self) -> None:
        for connection in self._open:
            connection.shutdown(socket.SHUT_RDWR)
        time.sleep(0.02)

    def close(self) -> None:
        self._listener.close()


@contextmanager
def venue(*answers: bytes | float | None) -> Iterator[Venue]:
    with closing(Venue(list(answers))) as one:
        yield one


QUICK = RetryPolicy(base_s=0.001, cap_s=0.002)
Call = Callable[..., Any]


def call_sync(url: str, operation: HttpOperation[Any], arguments: Any, **client: Any) -> Any:
    with BaseClient(url, retry=client.pop("retry", QUICK), **client) as one:
        return one._call(operation, arguments)


def call_async(url: str, operation: HttpOperation[Any], arguments: Any, **client: Any) -> Any:
    async def run() -> Any:
        async with BaseAsyncClient(url, retry=client.pop("retry", QUICK), **client) as one:
            return await one._call(operation, arguments)

    return asyncio.run(run())


both = pytest.mark.parametrize("call", [call_sync, call_async], ids=["sync", "async"])


@both
def test_an_answer_becomes_an_exact_typed_value(call: Call) -> None:
    with venue() as one:
        order = call(one.url, READ, {"id": "7"})
    assert order == Order(order_id="7", quantity=Decimal(1))
    assert one.requests[0].startswith(b"GET /orders/7 HTTP/1.1\r\nhost: 127.0.0.1:")


@both
def test_a_read_is_tried_again_after_what_passes(call: Call) -> None:
    with venue(answer(503, b""), None, OK) as one:
        assert call(one.url, READ, {"id": "7"}).order_id == "7"
    assert len(one.requests) == 3


@both
def test_a_read_gives_up_after_its_attempts(call: Call) -> None:
    with venue(*[answer(503, b"{}")] * 5) as one, pytest.raises(errors.ApiError) as caught:
        call(one.url, READ, {"id": "7"})
    assert caught.value.status == 503
    assert len(one.requests) == 3


@both
@pytest.mark.parametrize("operation", [PLACE, PLACE_BLINDLY], ids=["with key", "without key"])
@pytest.mark.parametrize("failure", [None, answer(502, b"<html>"), answer(500, b"")])
def test_an_order_without_an_answer_is_sent_once_and_unknown(
    call: Call, operation: HttpOperation[Any], failure: bytes | None
) -> None:
    with venue(failure) as one, pytest.raises(errors.UnknownOutcomeError) as caught:
        call(one.url, operation, ORDER)
    assert len(one.requests) == 1
    if operation is PLACE:
        assert caught.value.client_order_id == "a-1"
        assert caught.value.resolver == "getOrderByClientOrderId"
        assert "client_order_id=a-1" in str(caught.value)
    assert caught.value.__cause__ is not None


@both
def test_an_order_is_resent_only_when_asked_and_only_with_a_key(call: Call) -> None:
    policy = RetryPolicy(base_s=0.001, resends_creates=True)
    with venue(None, OK) as one:
        assert call(one.url, PLACE, ORDER, retry=policy).order_id == "7"
    assert len(one.requests) == 2
    with venue(None, OK) as one, pytest.raises(errors.UnknownOutcomeError):
        call(one.url, PLACE_BLINDLY, ORDER, retry=policy)
    assert len(one.requests) == 1


@both
def test_a_late_answer_to_an_order_is_an_unknown_outcome(call: Call) -> None:
    with venue(5.0) as one, pytest.raises(errors.UnknownOutcomeError) as caught:
        call(one.url, PLACE, ORDER, timeout_s=0.8)
    assert isinstance(caught.value.__cause__, errors.TimeoutError)
    assert len(one.requests) == 1


@both
def test_a_refusal_is_typed_and_certain(call: Call) -> None:
    body = b'{"code":"NO_BALANCE","message":"too much","details":{"need":1.10},"request_id":"r1"}'
    with venue(answer(422, body)) as one, pytest.raises(BalanceError) as caught:
        call(one.url, PLACE, ORDER)
    error = caught.value
    assert (error.code, error.status, error.request_id) == ("NO_BALANCE", 422, "r1")
    assert error.details == {"need": Decimal("1.10")}
    assert str(error) == "NO_BALANCE: too much (status 422, request r1)"
    assert len(one.requests) == 1


@both
def test_an_error_that_must_be_resolved_leaves_an_order_unknown(call: Call) -> None:
    with (
        venue(answer(500, b'{"code":"INTERNAL"}')) as one,
        pytest.raises(errors.UnknownOutcomeError) as caught,
    ):
        call(one.url, PLACE, ORDER)
    assert isinstance(caught.value.__cause__, InternalError)


@both
def test_retry_after_is_obeyed_up_to_the_cap(call: Call) -> None:
    with (
        venue(answer(429, b"{}", "retry-after: 3600")) as one,
        pytest.raises(errors.ApiError) as caught,
    ):
        call(one.url, READ, {"id": "7"})
    assert caught.value.retry_after_s == 3600
    assert len(one.requests) == 1


@both
def test_an_answer_that_does_not_fit_keeps_its_bytes(call: Call) -> None:
    with (
        venue(answer(200, b'{"order_id":5,"quantity":"1"}')) as one,
        pytest.raises(errors.DecodeError, match=r"order_id") as caught,
    ):
        call(one.url, PLACE, ORDER)
    assert caught.value.raw == b'{"order_id":5,"quantity":"1"}'
    assert caught.value.status == 200


@both
def test_nothing_listening_is_not_an_unknown_outcome(call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(errors.ConnectError, match="cannot connect to 127"):
        call(f"http://127.0.0.1:{port}", PLACE, ORDER)


def test_connections_are_kept_and_dead_ones_are_not_written_to() -> None:
    with venue() as one, BaseClient(one.url) as client:
        client._call(READ, {"id": "1"})
        client._call(READ, {"id": "2"})
        assert one.connections == 1
        one.drop_idle_connections()
        client._call(PLACE, ORDER)
    assert one.connections == 2
    assert len(one.requests) == 3


async def test_the_async_pool_keeps_connections_and_leaves_dead_ones() -> None:
    with venue() as one:
        async with BaseAsyncClient(one.url) as client:
            await client._call(READ, {"id": "1"})
            await client._call(READ, {"id": "2"})
            assert one.connections == 1
            await asyncio.to_thread(one.drop_idle_connections)
            await client._call(PLACE, ORDER)
    assert one.connections == 2


async def test_more_requests_than_connections_wait_in_order() -> None:
    with venue() as one:
        transport = AsyncSocketTransport(parse_base_url(one.url), Limits(max_connections=2))
        async with BaseAsyncClient(one.url, transport=transport) as client:
            calls = [client._call(READ, {"id": str(n)}) for n in range(40)]
            assert len(await asyncio.gather(*calls)) == 40
    assert one.connections <= 2


async def test_a_cancelled_request_never_answers_the_next_one() -> None:
    first = answer(200, b'{"order_id":"first","quantity":"1"}')
    with venue(5.0, first) as one:
        transport = AsyncSocketTransport(parse_base_url(one.url), Limits(max_connections=1))
        async with BaseAsyncClient(one.url, transport=transport) as client:
            slow = asyncio.create_task(client._call(READ, {"id": "slow"}))
            queued = asyncio.create_task(client._call(READ, {"id": "queued"}))
            await asyncio.to_thread(one.wait_for_requests, 1)
            slow.cancel()
            assert (await queued).order_id == "first"
            with pytest.raises(asyncio.CancelledError):
                await slow
    assert one.connections == 2


async def test_waiting_for_a_connection_is_not_an_unknown_outcome() -> None:
    with venue(5.0) as one:
        transport = AsyncSocketTransport(parse_base_url(one.url), Limits(max_connections=1))
        async with BaseAsyncClient(one.url, transport=transport, retry=QUICK) as client:
            slow = asyncio.create_task(client._call(READ, {"id": "slow"}))
            await asyncio.to_thread(one.wait_for_requests, 1)
            with pytest.raises(errors.TimeoutError, match="came free") as caught:
                await client.request(PLACE, ORDER, CallOptions(timeout_s=0.1))
            assert not caught.value.maybe_sent
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow


def test_the_raw_reply_keeps_what_the_contract_does_not_know() -> None:
    body = b'{"order_id":"7","quantity":"1.10","new":1.10}'
    with venue(answer(200, body, "X-Id: 9")) as one, BaseClient(one.url) as client:
        reply = client.request(READ, {"id": "7"}, CallOptions(headers=(("x-a", "b"),)))
    assert reply.value.quantity == Decimal("1.10")
    assert reply.json()["new"] == Decimal("1.10")
    assert reply.header("x-ID") == "9"
    assert b"\r\nx-a: b\r\n" in one.requests[0]


class CountingSigner:
    """Signs each attempt with the next number."""

    scheme = "count"

    def __init__(self) -> None:
        self.count = 0

    def signer(self, clock: object) -> CountingSigner:
        return self

    def sign(self, draft: RequestDraft) -> None:
        self.count += 1
        draft.add_header("x-attempt", str(self.count))

    def sign_message(self, draft: RequestDraft) -> None:
        draft.add_field("attempt", self.count)


def test_each_attempt_is_signed_anew() -> None:
    signed: HttpOperation[Order] = HttpOperation(
        name="getOrder",
        method="GET",
        path="/orders",
        effect="read",
        responses=ANSWERS,
        security=(("other",), ("count",)),
    )
    with venue(None, OK) as one:
        call_sync(one.url, signed, {}, credentials=CountingSigner())
    assert b"x-attempt: 1" in one.requests[0]
    assert b"x-attempt: 2" in one.requests[1]
    with pytest.raises(errors.ConfigurationError, match="other or count; found no credentials"):
        call_sync("http://127.0.0.1:1", signed, {})
