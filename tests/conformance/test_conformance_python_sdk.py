"""The generated Python SDK trades on the real server, over REST and over the stream."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import meridian
from meridian import errors, models
from venuekit_runtime.stream.session import Backoff, Status

STARTS_WITHIN_S = 60.0


class Venue:
    """One server with its own journal; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready = folder / "ready.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self.facts: dict[str, Any] = {}

    def start(self) -> None:
        self._ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "meridian_server", "--data", str(self._folder / "data")]
        command += ["--demo", "--port", str(self._port), "--ready-file", str(self._ready)]
        command += ["--log-level", "warning"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not (self._ready.is_file() and self._ready.stat().st_size):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the server did not start")
            time.sleep(0.05)
        self.facts = json.loads(self._ready.read_text())
        self._port = int(self.facts["url"].rsplit(":", 1)[1])

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def url(self) -> str:
        return str(self.facts["url"])

    @property
    def stream_url(self) -> str:
        return str(self.facts["stream_url"])

    def hmac(self, account: str) -> meridian.HmacCredentials:
        held = self.facts["accounts"][account]["hmac"]
        return meridian.HmacCredentials(key=held["key"], secret=held["secret"])

    def ed25519(self, account: str) -> meridian.Ed25519Credentials:
        held = self.facts["accounts"][account]["ed25519"]
        return meridian.Ed25519Credentials(key=held["key"], secret=held["secret"])


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    one = Venue(tmp_path)
    try:
        one.start()
        yield one
    finally:
        one.kill()


def limit(client_order_id: str, side: str, quantity: str, price: str) -> dict[str, Any]:
    return {
        "client_order_id": client_order_id,
        "symbol": "BTC-USD",
        "side": side,
        "order_type": "limit",
        "quantity": Decimal(quantity),
        "price": Decimal(price),
    }


def test_every_rest_operation_answers_with_its_type(venue: Venue) -> None:
    with meridian.Client(venue.url, venue.hmac("alice")) as client:
        sent = time.time_ns()
        server_ms = client.get_time().server_time_ms
        client.clock.observe(server_ms * 1_000_000, sent, time.time_ns())
        assert abs(client.clock.offset_ms) < 10_000
        assert [i.symbol for i in client.list_instruments().instruments] == ["BTC-USD", "ETH-USD"]
        order = client.place_order(**limit("a-1", "buy", "0.25", "100.10"))
        assert (order.quantity, order.price) == (Decimal("0.25"), Decimal("100.10"))
        assert order.order_status is models.OrderStatus.NEW
        assert client.get_order(order.order_id) == order
        assert client.get_order_by_client_order_id("a-1") == order
        assert client.get_book("BTC-USD", depth=1).bids[0].quantity == Decimal("0.25")
        assert client.list_orders(symbol="BTC-USD", limit=1).orders == [order]
        smaller = client.replace_order(order.order_id, quantity=Decimal("0.2"))
        assert smaller.leaves_quantity == Decimal("0.2")
        assert client.cancel_order(order.order_id).order_status is models.OrderStatus.CANCELED
        kinds = [e.execution_type for e in client.list_executions().executions]
        assert kinds == ["new", "replaced", "canceled"]
        assert {b.currency for b in client.list_balances().balances} == {"BTC", "ETH", "USD"}
        assert client.list_trades("ETH-USD").trades == []


async def test_long_answers_are_walked_page_by_page(venue: Venue) -> None:
    async with (
        meridian.AsyncClient(venue.url, venue.hmac("alice")) as alice,
        meridian.AsyncClient(venue.url, venue.hmac("bob")) as bob,
    ):
        for number in range(5):
            await alice.place_order(**limit(f"a-{number}", "sell", "0.1", "100"))
        await bob.place_order(**limit("b", "buy", "0.5", "100"))
        executions = [e async for e in alice.iter_list_executions(limit=2)]
        assert len(executions) == 10
        assert executions == (await alice.list_executions(limit=10)).executions
        assert len([t async for t in bob.iter_list_trades("BTC-USD", limit=2)]) == 5
        assert len([t async for t in bob.iter_list_trades("BTC-USD", max_items=3)]) == 3
    with meridian.Client(venue.url, venue.hmac("alice")) as client:
        orders = list(client.iter_list_orders(symbol="BTC-USD", limit=2))
        assert {o.client_order_id for o in orders} == {f"a-{number}" for number in range(5)}
        assert orders == client.list_orders().orders


def test_refusals_are_typed(venue: Venue) -> None:
    with meridian.Client(venue.url, venue.ed25519("alice")) as client:
        client.place_order(**limit("same", "buy", "1", "100"))
        again = client.place_order(**limit("same", "buy", "1", "100"))
        assert again.client_order_id == "same"
        with pytest.raises(errors.DuplicateClientOrderIdError) as caught:
            client.place_order(**limit("same", "buy", "2", "100"))
        assert caught.value.status == 409
        assert caught.value.request_id
        with pytest.raises(errors.InsufficientBalanceError):
            client.place_order(**limit("rich", "buy", "999", "9999999"))
        with pytest.raises(errors.PriceIncrementError):
            client.place_order(**limit("odd", "buy", "1", "100.001"))
        with pytest.raises(errors.UnknownInstrumentError):
            client.get_book("XXX-USD")
        with pytest.raises(errors.UnknownOrderError):
            client.get_order("0")


def test_wrong_credentials_are_told_from_none(venue: Venue) -> None:
    nobody = meridian.Client(venue.url)
    with nobody, pytest.raises(errors.ConfigurationError, match="ed25519 or hmac"):
        nobody.list_balances()
    held = venue.facts["accounts"]["alice"]["hmac"]
    wrong = meridian.HmacCredentials(key=held["key"], secret="wrong")
    with meridian.Client(venue.url, wrong) as client, pytest.raises(errors.AuthInvalidError):
        client.list_balances()
    assert "wrong" not in repr(wrong)


async def test_two_accounts_trade_over_stream_and_rest(venue: Venue) -> None:
    async with (
        meridian.AsyncClient(venue.url, venue.hmac("bob")) as bob,
        meridian.StreamClient(venue.stream_url, venue.ed25519("alice")) as alice,
    ):
        book = alice.follow_book("BTC-USD")
        executions = alice.execution_updates()
        trades = alice.trade_updates("BTC-USD")
        await book.update()
        assert not book.is_stale
        resting = await alice.place_order(**limit("s1", "sell", "1", "200"))
        await book.update()
        best = book.asks.best()
        assert best is not None
        assert (best.price, best.quantity) == (Decimal(200), Decimal(1))
        taken = await bob.place_order(**limit("b1", "buy", "0.4", "200"))
        assert taken.order_status is models.OrderStatus.FILLED
        seen = [await anext(executions) for _ in range(2)]
        assert [e.execution_type for e in seen] == ["new", "fill"]
        assert seen[1].last_quantity == Decimal("0.4")
        assert (await anext(trades)).quantity == Decimal("0.4")
        await book.update()
        assert book.asks.levels()[0].quantity == Decimal("0.6")
        canceled = await alice.cancel_order(order_id=resting.order_id)
        assert canceled.cumulative_quantity == Decimal("0.4")
        with pytest.raises(errors.OrderClosedError):
            await alice.cancel_order(order_id=resting.order_id)


async def test_a_killed_server_leaves_no_order_in_doubt_for_good(venue: Venue) -> None:
    quick = Backoff(0.05, 0.2)
    stream = meridian.StreamClient(venue.stream_url, venue.hmac("alice"), backoff=quick)
    async with stream, meridian.AsyncClient(venue.url, venue.hmac("alice")) as client:
        orders = stream.order_updates()
        book = stream.follow_book("BTC-USD")
        await book.update()
        await stream.place_order(**limit("k1", "buy", "1", "100"))
        await anext(orders)
        await book.update()
        await asyncio.to_thread(venue.kill)
        with pytest.raises((errors.ConnectError, errors.UnknownOutcomeError)):
            await client.place_order(**limit("k2", "buy", "1", "100"))
        with pytest.raises((errors.NotConnectedError, errors.UnknownOutcomeError)):
            await stream.place_order(**limit("k3", "buy", "1", "100"))
        assert book.is_stale
        await asyncio.to_thread(venue.start)
        await book.update()
        assert not book.is_stale
        assert stream.status is Status.READY
        assert [level.quantity for level in book.bids.levels()] == [Decimal(1)]
        assert (await client.get_order_by_client_order_id("k1")).order_status == "new"
        with pytest.raises(errors.UnknownOrderError):
            await client.get_order_by_client_order_id("k2")


async def test_many_in_flight_keep_their_answers(venue: Venue) -> None:
    async with meridian.AsyncClient(venue.url, venue.hmac("bob")) as client:
        wanted = [limit(f"m-{n}", "buy", "0.1", str(100 + n)) for n in range(100)]
        found = await asyncio.gather(*(client.place_order(**one) for one in wanted))
    assert [order.client_order_id for order in found] == [one["client_order_id"] for one in wanted]
    assert len({order.order_id for order in found}) == 100


def test_importing_the_package_is_quick() -> None:
    program = "import time; t = time.process_time(); import meridian; print(time.process_time()-t)"
    times = []
    for _ in range(5):
        command = [sys.executable, "-c", program]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
        times.append(float(found.stdout))
    assert min(times) < 0.05
