"""Each REST operation's good path, and each error that a request can cause."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest


async def test_public_operations(venue: Any) -> None:
    time_reply = await venue.call("GET", "/v1/time")
    assert abs(time_reply.body["server_time_ms"] - venue.clock.ms()) < 30_000
    listed = (await venue.call("GET", "/v1/instruments")).body["instruments"]
    assert [entry["symbol"] for entry in listed] == ["BTC-USD", "ETH-USD"]
    assert listed[0]["price_increment"] == "0.01"
    assert len(time_reply.headers["X-Request-Id"]) == 32


@pytest.mark.parametrize("name", ["alice", "ed25519"])
async def test_an_order_lives_and_dies(venue: Any, users: Any, name: str) -> None:
    user = users[name]
    placed = await venue.place(user, client_order_id="one", price="100.50", quantity="2")
    assert placed.status == 201
    order = placed.body
    assert order["price"] == "100.5"
    assert order["order_status"] == "new"
    path = f"/v1/orders/{order['order_id']}"
    template = "/v1/orders/{order_id}"
    found = await venue.call("GET", path, user, template=template)
    by_client_id = await venue.call(
        "GET",
        "/v1/orders/by-client-order-id/one",
        user,
        template="/v1/orders/by-client-order-id/{client_order_id}",
    )
    assert found.body == by_client_id.body == order
    replaced = await venue.call("PUT", path, user, {"quantity": "1.5"}, template)
    assert (replaced.status, replaced.body["leaves_quantity"]) == (200, "1.5")
    assert replaced.body["order_id"] == order["order_id"]
    canceled = await venue.call("DELETE", path, user, template=template)
    assert (canceled.status, canceled.body["order_status"]) == (200, "canceled")
    again = await venue.call("DELETE", path, user, template=template)
    assert (again.status, again.code) == (409, "ORDER_CLOSED")
    kinds = (await venue.call("GET", "/v1/executions", user)).body["executions"]
    assert [entry["execution_type"] for entry in kinds] == ["new", "replaced", "canceled"]
    assert [entry["sequence"] for entry in kinds] == [1, 2, 3]


async def test_a_trade_is_exact_everywhere(venue: Any, users: Any) -> None:
    alice, bob = users["alice"], users["bob"]
    await venue.place(alice, side="sell", quantity="0.3", price="64250.55")
    taken = await venue.place(bob, quantity="0.1", price="70000")
    assert taken.body["order_status"] == "filled"
    assert taken.body["average_price"] == "64250.55"
    fee = Decimal("6425.055") * Decimal("0.0005")
    bobs = await venue.balances(bob)
    assert bobs["USD"][0] == Decimal(1_000_000) - Decimal("6425.055") - fee
    assert bobs["USD"][2] == 0
    alices = await venue.balances(alice)
    assert alices["USD"][0] == Decimal(1_000_000) + Decimal("6425.055") * Decimal("0.9998")
    assert alices["BTC"] == (Decimal("99.9"), Decimal("99.7"), Decimal("0.2"))
    trade = (await venue.call(
        "GET", "/v1/instruments/BTC-USD/trades", template="/v1/instruments/{symbol}/trades"
    )).body["trades"][0]  # fmt: skip
    execution = (await venue.call("GET", "/v1/executions", bob)).body["executions"][-1]
    assert execution["trade_id"] == trade["trade_id"]
    assert (execution["liquidity"], Decimal(execution["fee"])) == ("taker", fee)
    assert (trade["side"], trade["price"]) == ("buy", "64250.55")
    book = await venue.call(
        "GET", "/v1/instruments/BTC-USD/book?depth=5", template="/v1/instruments/{symbol}/book"
    )
    assert book.body["asks"] == [{"price": "64250.55", "quantity": "0.2"}]
    assert book.body["bids"] == []


async def test_lists_turn_their_pages(venue: Any, users: Any) -> None:
    alice = users["alice"]
    for number in range(7):
        await venue.place(alice, client_order_id=f"page-{number}", price=str(100 + number))
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        page = (await venue.call("GET", f"/v1/orders?limit=2{cursor}", alice)).body
        seen += [order["client_order_id"] for order in page["orders"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"page-{number}" for number in range(6, -1, -1)]
    first = (await venue.call("GET", "/v1/executions?limit=3", alice)).body
    rest = await venue.call("GET", f"/v1/executions?cursor={first['next_cursor']}", alice)
    assert [e["sequence"] for e in rest.body["executions"]] == [4, 5, 6, 7]
    none = await venue.call("GET", "/v1/orders?order_status=filled&symbol=BTC-USD", alice)
    assert none.body == {"orders": [], "next_cursor": None}
    order_id = rest.body["executions"][0]["order_id"]
    one = await venue.call("GET", f"/v1/executions?order_id={order_id}", alice)
    assert [e["order_id"] for e in one.body["executions"]] == [order_id]


async def test_a_repeat_gives_the_same_order(venue: Any, users: Any) -> None:
    alice = users["alice"]
    first = await venue.place(alice, client_order_id="twice")
    again = await venue.place(alice, client_order_id="twice", price="100.00")
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body
    other = await venue.place(alice, client_order_id="twice", quantity="2")
    assert (other.status, other.code) == (409, "DUPLICATE_CLIENT_ORDER_ID")
    bobs = await venue.place(users["bob"], client_order_id="twice", quantity="2")
    assert bobs.status == 201
    await venue.restart()
    after = await venue.place(alice, client_order_id="twice")
    assert (after.status, after.body) == (200, first.body)


@pytest.mark.parametrize(
    ("terms", "status", "code", "field"),
    [
        ({"symbol": None}, 400, "VALIDATION_FAILED", "symbol"),
        ({"symbol": "XXX-USD"}, 404, "UNKNOWN_INSTRUMENT", None),
        ({"side": "hold"}, 400, "VALIDATION_FAILED", "side"),
        ({"quantity": 1}, 400, "VALIDATION_FAILED", "quantity"),
        ({"quantity": "1e3"}, 400, "VALIDATION_FAILED", "quantity"),
        ({"quantity": "-1"}, 400, "VALIDATION_FAILED", "quantity"),
        ({"quantity": "1\n"}, 400, "VALIDATION_FAILED", "quantity"),
        ({"quantity": "0"}, 422, "QUANTITY_RANGE", "quantity"),
        ({"quantity": "900000"}, 422, "QUANTITY_RANGE", "quantity"),
        ({"quantity": "0.000001"}, 422, "QUANTITY_INCREMENT", "quantity"),
        ({"price": "100.001"}, 422, "PRICE_INCREMENT", "price"),
        ({"price": "0"}, 422, "PRICE_INCREMENT", "price"),
        ({"price": None}, 400, "VALIDATION_FAILED", "price"),
        ({"order_type": "market"}, 400, "VALIDATION_FAILED", "price"),
        ({"price": "0.01", "quantity": "0.00001"}, 422, "NOTIONAL_TOO_SMALL", "quantity"),
        ({"price": "999999", "quantity": "999"}, 422, "INSUFFICIENT_BALANCE", "quantity"),
        ({"order_type": "market", "price": None}, 422, "NO_LIQUIDITY", None),
        ({"status": "filled"}, 400, "VALIDATION_FAILED", "status"),
        ({"client_order_id": "with space"}, 400, "VALIDATION_FAILED", "client_order_id"),
        ({"client_order_id": "x" * 37}, 400, "VALIDATION_FAILED", "client_order_id"),
        ({"post_only": "yes"}, 400, "VALIDATION_FAILED", "post_only"),
        (
            {"post_only": True, "time_in_force": "fill_or_kill"},
            400,
            "VALIDATION_FAILED",
            "post_only",
        ),
    ],
)
async def test_orders_that_are_refused(
    venue: Any, users: Any, terms: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    before = venue.server.venue.engine.state_hash()
    reply = await venue.place(users["alice"], **terms)
    assert (reply.status, reply.code) == (status, code)
    assert reply.body.get("details", {}).get("field") == field
    assert venue.server.venue.engine.state_hash() == before


async def test_post_only_does_not_take(venue: Any, users: Any) -> None:
    await venue.place(users["bob"], side="sell", price="100")
    reply = await venue.place(users["alice"], price="100", post_only=True)
    assert (reply.status, reply.code) == (422, "POST_ONLY_WOULD_TAKE")
    assert (await venue.place(users["alice"], price="99", post_only=True)).status == 201


async def test_time_in_force_and_self_trade(venue: Any, users: Any) -> None:
    alice, bob = users["alice"], users["bob"]
    await venue.place(bob, side="sell", quantity="1")
    killed = await venue.place(alice, quantity="2", time_in_force="fill_or_kill")
    assert (killed.body["order_status"], killed.body["cumulative_quantity"]) == ("expired", "0")
    partly = await venue.place(alice, quantity="2", time_in_force="immediate_or_cancel")
    assert (partly.body["order_status"], partly.body["cumulative_quantity"]) == ("expired", "1")
    await venue.place(alice, side="sell", price="101")
    own = await venue.place(alice, price="101")
    assert own.body["order_status"] == "canceled"
    assert own.body["cumulative_quantity"] == "0"


async def test_a_replace_keeps_the_id_and_checks_everything(venue: Any, users: Any) -> None:
    alice, bob = users["alice"], users["bob"]
    order = (await venue.place(alice, quantity="2")).body
    path, template = f"/v1/orders/{order['order_id']}", "/v1/orders/{order_id}"

    async def replace(body: dict[str, Any]) -> Any:
        return await venue.call("PUT", path, alice, body, template)

    assert (await replace({})).code == "VALIDATION_FAILED"
    assert (await replace({"price": "100.001"})).code == "PRICE_INCREMENT"
    assert (await replace({"quantity": "1000000"})).code == "QUANTITY_RANGE"
    assert (await replace({"quantity": "1000", "price": "9999"})).code == "INSUFFICIENT_BALANCE"
    assert (await replace({"price": "0.01"})).code == "NOTIONAL_TOO_SMALL"
    await venue.place(bob, side="sell", price="105", quantity="0.5")
    moved = await replace({"price": "105"})
    assert moved.body["order_id"] == order["order_id"]
    assert moved.body["cumulative_quantity"] == "0.5"
    assert moved.body["average_price"] == "105"
    assert (await replace({"quantity": "0.5"})).code == "QUANTITY_RANGE"
    same = await replace({"price": "105", "quantity": "2"})
    assert same.body == moved.body


@pytest.mark.parametrize("order_id", ["0", "999999", "abc", "01", "9" * 36])
async def test_unknown_orders(venue: Any, users: Any, order_id: str) -> None:
    template = "/v1/orders/{order_id}"
    for method in ("GET", "DELETE"):
        reply = await venue.call(method, f"/v1/orders/{order_id}", users["alice"], None, template)
        assert (reply.status, reply.code) == (404, "UNKNOWN_ORDER")


async def test_other_accounts_orders_do_not_exist(venue: Any, users: Any) -> None:
    mine = (await venue.place(users["alice"], client_order_id="mine")).body
    path, template = f"/v1/orders/{mine['order_id']}", "/v1/orders/{order_id}"
    bob = users["bob"]
    theirs = [
        await venue.call("GET", path, bob, template=template),
        await venue.call("DELETE", path, bob, template=template),
        await venue.call("PUT", path, bob, {"quantity": "0.5"}, template),
        await venue.call(
            "GET",
            "/v1/orders/by-client-order-id/mine",
            bob,
            template="/v1/orders/by-client-order-id/{client_order_id}",
        ),
    ]
    assert {reply.code for reply in theirs} == {"UNKNOWN_ORDER"}
    assert {reply.body["message"] for reply in theirs} == {"the account has no such order"}
    assert (await venue.call("GET", path, users["alice"], template=template)).body == mine


@pytest.mark.parametrize(
    "target",
    [
        "/v1/orders?limit=0",
        "/v1/orders?limit=1001",
        "/v1/orders?limit=+5",
        "/v1/orders?limit=1_0",
        "/v1/orders?limit=%D9%A1",
        "/v1/orders?cursor=abc",
        "/v1/orders?order_status=gone",
        "/v1/orders?symbol=btc-usd",
        "/v1/orders?account_id=bob",
        "/v1/executions?order_id=a%20b",
    ],
)
async def test_bad_parameters(venue: Any, users: Any, target: str) -> None:
    reply = await venue.call("GET", target, users["alice"])
    assert (reply.status, reply.code) == (400, "VALIDATION_FAILED")


async def test_a_read_only_key_may_read_only(venue: Any, users: Any) -> None:
    reader = users["reader"]
    assert (await venue.call("GET", "/v1/balances", reader)).status == 200
    assert (await venue.place(reader)).code == "FORBIDDEN"
    order = (await venue.place(users["alice"])).body
    path, template = f"/v1/orders/{order['order_id']}", "/v1/orders/{order_id}"
    assert (await venue.call("DELETE", path, reader, template=template)).code == "FORBIDDEN"


async def test_a_stopping_venue_says_so(venue: Any, users: Any) -> None:
    venue.server._rest.is_stopping = True
    for reply in (await venue.call("GET", "/v1/time"), await venue.place(users["alice"])):
        assert (reply.status, reply.code) == (503, "UNAVAILABLE")
        assert reply.headers["Retry-After"] == "1"
    venue.server._rest.is_stopping = False


async def test_a_fault_of_the_venue_tells_nothing_but_its_id(
    venue: Any, users: Any, monkeypatch: Any, caplog: Any
) -> None:
    def break_it(*_: Any) -> None:
        raise RuntimeError("a secret of the venue")

    monkeypatch.setattr(venue.server.venue, "next_sequence", break_it)
    reply = await venue.place(users["alice"])
    assert (reply.status, reply.code) == (500, "INTERNAL")
    assert "secret" not in str(reply)
    assert reply.body["request_id"] in caplog.text
    assert reply.body["request_id"] == reply.headers["X-Request-Id"]


async def test_what_is_nowhere(venue: Any) -> None:
    reply = await venue.raw(venue.request("GET", "/v1/nothing", []))
    assert (reply.status, reply.code) == (404, "NOT_FOUND")
