"""Limits and contention: exact waits, buckets of their own for cancels, balances under load."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from meridian_server.gateway.limits import Bucket
from venuekit_runtime.server.refusal import RefusalError


@pytest.fixture
def moment() -> Iterator[list[int]]:
    return [10**12]


def waits(bucket: Bucket, owner: str = "ann", weight: int = 1) -> int:
    """How many whole seconds a call must wait; 0 when it is let in."""
    try:
        bucket.charge(owner, weight)
    except RefusalError as refusal:
        return refusal.retry_after_s or -1
    return 0


def test_a_bucket_holds_what_the_contract_says(moment: list[int]) -> None:
    bucket = Bucket("test", 10, 10_000, lambda: moment[0])
    assert [waits(bucket) for _ in range(11)] == [0] * 10 + [1]
    assert waits(bucket, "ben") == 0
    moment[0] += 999_999_999
    assert waits(bucket) == 1
    moment[0] += 1
    assert waits(bucket) == 0
    assert waits(bucket, weight=5) == 5
    moment[0] += 5_000_000_000
    assert waits(bucket, weight=5) == 0


def test_the_wait_that_is_told_is_enough(moment: list[int]) -> None:
    bucket = Bucket("test", 7, 1_000, lambda: moment[0])
    for weight in (3, 1, 7, 2, 5, 4):
        wait = waits(bucket, weight=weight)
        moment[0] += wait * 10**9
        if wait:
            assert waits(bucket, weight=weight) == 0


def test_what_is_left_counts_down(moment: list[int]) -> None:
    bucket = Bucket("test", 5, 1_000, lambda: moment[0])
    assert [bucket.charge("ann", 1).remaining for _ in range(5)] == [4, 3, 2, 1, 0]
    assert waits(bucket, weight=6) > 0


def test_owners_are_forgotten_when_full(moment: list[int], monkeypatch: Any) -> None:
    monkeypatch.setattr("meridian_server.gateway.limits.OWNERS_KEPT", 100)
    bucket = Bucket("test", 5, 1_000, lambda: moment[0])
    for number in range(1000):
        moment[0] += 1_000_000
        bucket.charge(f"owner-{number}", 1)
        assert len(bucket._full_at) <= 100


async def test_public_limit_over_rest(venue: Any) -> None:
    venue.clock.stop()
    venue.server._plans.buckets["public"].capacity = 3
    replies = [await venue.call("GET", "/v1/time") for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert replies[0].headers["RateLimit-Limit"] == "3"
    assert [r.headers.get("RateLimit-Remaining") for r in replies[:3]] == ["2", "1", "0"]
    wait = int(replies[3].headers["Retry-After"])
    assert wait == 20
    venue.clock.shift_ns = (wait - 1) * 10**9
    assert (await venue.call("GET", "/v1/time")).status == 429
    venue.clock.shift_ns = wait * 10**9
    assert (await venue.call("GET", "/v1/time")).status == 200


async def test_a_flood_of_orders_never_starves_a_cancel(venue: Any, users: Any) -> None:
    venue.clock.stop()
    order = (await venue.place(users["alice"])).body
    venue.server._plans.buckets["orders"].capacity = 1
    assert [(await venue.place(users["alice"])).status for _ in range(2)].count(429) >= 1
    assert (await venue.place(users["ed25519"])).code == "RATE_LIMITED"
    assert (await venue.place(users["bob"])).status == 201
    canceled = await venue.call(
        "DELETE",
        f"/v1/orders/{order['order_id']}",
        users["alice"],
        template="/v1/orders/{order_id}",
    )
    assert canceled.status == 200


async def test_e47_a_balance_is_spent_once(venue: Any, users: Any) -> None:
    """100 orders at once, each for all of the money."""
    replies = await asyncio.gather(
        *(venue.place(users["carol"], quantity="9.9", price="100") for _ in range(100))
    )
    statuses = [reply.status for reply in replies]
    assert (statuses.count(201), statuses.count(422)) == (1, 99)
    total, available, reserved = (await venue.balances(users["carol"]))["USD"]
    assert (total, reserved) == (Decimal(1000), Decimal("990") * Decimal("1.0005"))
    assert available == total - reserved


async def test_e48_one_cancel_of_many_wins(venue: Any, users: Any) -> None:
    order = (await venue.place(users["alice"])).body
    path = f"/v1/orders/{order['order_id']}"
    calls = [
        venue.call("DELETE", path, users["alice"], template="/v1/orders/{order_id}")
        for _ in range(20)
    ]
    replies = await asyncio.gather(*calls, venue.place(users["bob"], side="sell", quantity="1"))
    assert sum(reply.status == 200 for reply in replies[:20]) <= 1
    found = await venue.call("GET", path, users["alice"], template="/v1/orders/{order_id}")
    assert found.body["order_status"] in ("canceled", "filled")
    assert found.body["leaves_quantity"] == "0"


async def test_e49_one_id_makes_one_order(venue: Any, users: Any) -> None:
    replies = await asyncio.gather(
        *(venue.place(users["alice"], client_order_id="same") for _ in range(30))
    )
    assert sorted(r.status for r in replies) == [200] * 29 + [201]
    assert len({r.body["order_id"] for r in replies}) == 1


async def test_sums_hold_under_load(venue: Any, users: Any) -> None:
    alice, bob = users["alice"], users["bob"]
    await asyncio.gather(
        *(
            venue.place(
                (alice, bob)[n % 2],
                side=("buy", "sell")[n % 3 % 2],
                price=str(100 + n % 5),
                quantity=f"0.{n % 9 + 1}",
            )
            for n in range(200)
        )
    )
    state = venue.server.venue.engine.state
    assert state.last_trade_id > 10
    for currency, scale in state.currencies.items():
        held = sum(a.total.get(currency, 0) for a in state.accounts.values())
        put_in = sum(d.amount for d in state.deposits.values() if d.currency == currency)
        assert Decimal(held + state.fees.get(currency, 0)).scaleb(-scale) == put_in
        for account in state.accounts.values():
            assert account.available(currency) >= 0
            expected = sum(
                order.leaves_quantity * order.reserve_per_unit
                for order in account.open_orders.values()
                if order.reserve_currency == currency
            )
            assert account.reserved.get(currency, 0) == expected
