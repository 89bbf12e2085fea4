"""The engine against a slow, obvious model: same executions, same balances, same book."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from meridian_server import commands as c
from meridian_server.engine import Engine
from meridian_server.events import Execution, Rejected, Unchanged

D = Decimal
ZERO = D(0)
MAKER, TAKER = D("0.001"), D("0.0025")
ACCOUNTS = ("ann", "ben", "cat")


@dataclass(eq=False)
class ModelOrder:
    """An order in plain decimals; `rank` is its place in time."""

    order_id: int
    account: str
    terms: tuple[Any, ...]
    side: str
    is_limit: bool
    tif: str
    post_only: bool
    quantity: Decimal
    price: Decimal | None
    filled: Decimal = ZERO
    status: str = "new"
    rank: int = 0

    @property
    def leaves(self) -> Decimal:
        return self.quantity - self.filled

    @property
    def is_resting(self) -> bool:
        return self.status in ("new", "partially_filled")


@dataclass
class Model:
    """Every answer is recomputed from the full list of orders, in decimals, without indexes."""

    total: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    orders: list[ModelOrder] = field(default_factory=list)
    log: list[tuple[Any, ...]] = field(default_factory=list)
    fees: Decimal = ZERO
    clock: int = 0

    def available(self, account: str, currency: str) -> Decimal:
        held = D(0)
        for order in self.orders:
            if order.account == account and order.is_resting:
                held += self.hold(order, currency)
        return self.total.get((account, currency), D(0)) - held

    def hold(self, order: ModelOrder, currency: str) -> Decimal:
        if order.side == "sell":
            return order.leaves if currency == "BTC" else D(0)
        if order.price is None or currency != "USD":
            return D(0)
        return order.leaves * order.price * (1 + TAKER)

    def meets(self, order: ModelOrder) -> list[tuple[ModelOrder, Decimal]] | None:
        """Fills in priority order; ends with a quantity of 0 where an own order is next."""
        sign = 1 if order.side == "buy" else -1
        rivals = [
            o
            for o in self.orders
            if o is not order
            and o.is_resting
            and o.side != order.side
            and (order.price is None or (o.price - order.price) * sign <= 0)
        ]
        rivals.sort(key=lambda o: (o.price * sign, o.rank))
        left, fills = order.leaves, []
        for rival in rivals:
            if left == 0:
                break
            if rival.account == order.account:
                fills.append((rival, D(0)))
                break
            take = min(left, rival.leaves)
            fills.append((rival, take))
            left -= take
        return fills

    def place(self, order: ModelOrder) -> str | None:
        for old in self.orders:
            if old.account == order.account and old.terms[0] == order.terms[0]:
                return "again" if old.terms == order.terms else "DUPLICATE_CLIENT_ORDER_ID"
        refusal = self.refuse_terms(order)
        if refusal:
            return refusal
        fills = self.meets(order)
        traded = sum((q for _, q in fills), D(0))
        if not order.is_limit and traded == 0:
            return "NO_LIQUIDITY"
        if order.post_only and fills:
            return "POST_ONLY_WOULD_TAKE"
        if order.side == "buy" and not order.is_limit:
            needed = sum(q * o.price for o, q in fills) * (1 + TAKER)
        else:
            needed = self.hold(order, "USD" if order.side == "buy" else "BTC")
        if needed > self.available(order.account, "USD" if order.side == "buy" else "BTC"):
            return "INSUFFICIENT_BALANCE"
        self.orders.append(order)
        self.log.append((order.order_id, "new", None, None))
        self.enter(order, fills)
        return None

    def refuse_terms(self, order: ModelOrder) -> str | None:
        if not order.is_limit:
            return "VALIDATION_FAILED" if order.price is not None or order.post_only else None
        if order.price is None or (order.post_only and order.tif != "good_till_cancel"):
            return "VALIDATION_FAILED"
        return "NOTIONAL_TOO_SMALL" if order.price * order.quantity < 10 else None

    def enter(self, order: ModelOrder, fills: list[tuple[ModelOrder, Decimal]]) -> None:
        self.clock += 1
        order.rank = self.clock
        traded = sum((q for _, q in fills), D(0))
        if order.tif == "fill_or_kill" and traded < order.leaves:
            self.end(order, "expired")
            return
        for rival, quantity in fills:
            if quantity:
                self.trade(order, rival, quantity)
        if order.leaves and fills and fills[-1][1] == 0:
            self.end(order, "canceled")
        elif order.leaves and not (order.is_limit and order.tif == "good_till_cancel"):
            self.end(order, "expired")

    def trade(self, taker: ModelOrder, maker: ModelOrder, quantity: Decimal) -> None:
        value = quantity * maker.price
        for order, rate in ((maker, MAKER), (taker, TAKER)):
            sign = 1 if order.side == "buy" else -1
            self.total[order.account, "BTC"] += sign * quantity
            self.total[order.account, "USD"] -= sign * value + value * rate
            self.fees += value * rate
            order.filled += quantity
            order.status = "partially_filled" if order.leaves else "filled"
            self.log.append((order.order_id, "fill", quantity, maker.price))

    def end(self, order: ModelOrder, status: str) -> None:
        order.status = status
        self.log.append((order.order_id, status, None, None))

    def find(self, account: str, order_id: int) -> ModelOrder | str:
        for order in self.orders:
            if order.account == account and order.order_id == order_id:
                return order if order.is_resting else "ORDER_CLOSED"
        return "UNKNOWN_ORDER"

    def cancel(self, account: str, order_id: int) -> str | None:
        order = self.find(account, order_id)
        if isinstance(order, str):
            return order
        self.end(order, "canceled")
        return None

    def replace(self, account: str, order_id: int, quantity: Decimal, price: Decimal) -> str | None:
        order = self.find(account, order_id)
        if isinstance(order, str):
            return order
        if (order.quantity, order.price) == (quantity, price):
            return "again"
        if quantity <= order.filled:
            return "QUANTITY_RANGE"
        if quantity * price < 10:
            return "NOTIONAL_TOO_SMALL"
        old = (order.quantity, order.price)
        currency = "USD" if order.side == "buy" else "BTC"
        free = self.available(account, currency) + self.hold(order, currency)
        order.quantity, order.price = quantity, price
        fills = self.meets(order)
        refusal = None
        if order.post_only and fills:
            refusal = "POST_ONLY_WOULD_TAKE"
        elif self.hold(order, currency) > free:
            refusal = "INSUFFICIENT_BALANCE"
        if refusal:
            order.quantity, order.price = old
            return refusal
        self.log.append((order.order_id, "replaced", None, None))
        if price != old[1] or quantity > old[0]:
            self.enter(order, fills)
        return None


def listed_engine(deposits: dict[str, tuple[int, int]]) -> Engine:
    engine = Engine()
    queue: list[Any] = [
        c.ListCurrency(0, 1, "USD", 8),
        c.ListCurrency(0, 1, "BTC", 4),
        c.ListInstrument(
            0, 1, "BTC-USD", "BTC", "USD", D("0.5"), D("0.1"), D("0.1"), D(100), D(10), MAKER, TAKER
        ),
    ]
    for account, (usd, btc) in deposits.items():
        queue.append(c.OpenAccount(0, 1, account))
        queue.append(c.Deposit(0, 1, f"{account}-usd", account, "USD", D(usd)))
        queue.append(c.Deposit(0, 1, f"{account}-btc", account, "BTC", D(btc)))
    for command in queue:
        apply(engine, command)
    return engine


def apply(engine: Engine, command: Any, log: list[Any] | None = None) -> list[Any]:
    numbered = msgspec.structs.replace(command, sequence=engine.state.sequence + 1)
    events = engine.apply(numbered)
    if log is not None and not isinstance(events[0], Rejected | Unchanged):
        log.append(numbered)
    return events


halves = st.integers(19, 25)  # price in halves: 9.5 to 12.5
tenths = st.integers(8, 40)  # quantity in tenths
account_ids = st.sampled_from(ACCOUNTS)
kinds = st.sampled_from(["limit"] * 5 + ["market"])
tifs = st.sampled_from(["good_till_cancel"] * 5 + ["immediate_or_cancel", "fill_or_kill"])
rarely = st.sampled_from([False] * 7 + [True])


@st.composite
def any_step(draw: st.DrawFn) -> tuple[Any, ...]:
    """Mostly placing; a replace or cancel is mostly by the order's owner."""
    what = draw(st.sampled_from(["place"] * 4 + ["replace", "cancel"]))
    quantity, price = draw(tenths), draw(halves)
    if what != "place":
        stranger = draw(account_ids) if draw(rarely) else None
        return (what, stranger, draw(st.integers(0, 40)), quantity, price)
    side, kind = draw(st.sampled_from(["buy", "sell"])), draw(kinds)
    bare = price if draw(rarely) is (kind == "market") else None
    key = draw(st.integers(0, 10_000) if draw(st.booleans()) else st.integers(0, 5))
    return (what, draw(account_ids), key, side, kind, draw(tifs), draw(rarely), quantity, bare)


steps = st.lists(any_step(), min_size=10, max_size=60)
funds = st.fixed_dictionaries(
    {a: st.tuples(st.integers(1, 900), st.integers(1, 90)) for a in ACCOUNTS}
)


def target(model: Model, ids: list[int], index: int, stranger: str | None) -> tuple[int, str]:
    order_id = ids[-1 - index % len(ids)] if ids else 999_999
    owner = next((o.account for o in model.orders if o.order_id == order_id), "ann")
    return order_id, stranger or owner


def drive(engine: Engine, model: Model, step: tuple[Any, ...], ids: list[int], log: list[Any]):
    """Do one step on both; returns what each refused with, if it did, and the executions."""
    now = engine.state.timestamp_ms + 1
    if step[0] == "place":
        _, account, key, side, kind, tif, post, quantity, price = step
        order_id = engine.state.sequence + 1
        tokens = (str(key), side, kind, tif, post, quantity, price)
        units = None if price is None else price * 5
        command = c.PlaceOrder(
            0, now, account, str(key), "BTC-USD", side, kind, tif, post, quantity, units
        )
        expected = model.place(
            ModelOrder(
                order_id, account, tokens, side, kind == "limit", tif, post,
                D(quantity) / 10, None if price is None else D(price) / 2,
            )
        )  # fmt: skip
        if expected is None:
            ids.append(order_id)
    elif step[0] == "replace":
        _, stranger, index, quantity, price = step
        order_id, account = target(model, ids, index, stranger)
        command = c.ReplaceOrder(0, now, account, order_id, quantity, price * 5)
        expected = model.replace(account, order_id, D(quantity) / 10, D(price) / 2)
    else:
        _, stranger, index, _, _ = step
        order_id, account = target(model, ids, index, stranger)
        command = c.CancelOrder(0, now, account, order_id)
        expected = model.cancel(account, order_id)
    events = apply(engine, command, log)
    found = {Rejected: lambda e: e.code, Unchanged: lambda e: "again"}
    told = found.get(type(events[0]), lambda e: None)(events[0])
    return expected, told, [e for e in events if isinstance(e, Execution)]


def check_state(engine: Engine, model: Model, deposits: dict[str, tuple[int, int]]) -> None:
    state = engine.state
    usd = state.fees.get("USD", 0)
    btc = 0
    for name, account in state.accounts.items():
        for currency, scale in (("USD", 8), ("BTC", 4)):
            total = D(account.total[currency]).scaleb(-scale)
            assert total == model.total[name, currency]
            free = D(account.available(currency)).scaleb(-scale)
            assert free == model.available(name, currency)
            assert 0 <= free <= total
        usd += account.total["USD"]
        btc += account.total["BTC"]
        assert [e.sequence for e in account.executions] == [n + 1 for n in range(account.sequence)]
    assert D(usd).scaleb(-8) == sum(d[0] for d in deposits.values())
    assert D(btc).scaleb(-4) == sum(d[1] for d in deposits.values())
    assert D(state.fees.get("USD", 0)).scaleb(-8) == model.fees
    book = state.markets["BTC-USD"].book
    for side, resting in (("buy", book.bids), ("sell", book.asks)):
        levels: dict[int, int] = {}
        for order in model.orders:
            if order.side == side and order.is_resting:
                price = int(order.price * 10)
                levels[price] = levels.get(price, 0) + int(order.leaves * 10)
        assert resting.depth(1000) == sorted(levels.items(), reverse=side == "buy")
    if book.bids.keys and book.asks.keys:
        assert book.bids.keys[-1] < -book.asks.keys[-1]


@settings(max_examples=150, deadline=None)
@given(funds, steps)
def test_engine_does_what_the_model_does(
    deposits: dict[str, tuple[int, int]], todo: list[tuple[Any, ...]]
) -> None:
    engine = listed_engine(deposits)
    model = Model()
    for account, (usd, btc) in deposits.items():
        model.total[account, "USD"], model.total[account, "BTC"] = D(usd), D(btc)
    ids: list[int] = []
    for step in todo:
        model.log.clear()
        expected, told, executions = drive(engine, model, step, ids, [])
        assert told == expected
        found = [
            (
                e.order_id,
                e.execution_type,
                None if e.last_quantity is None else D(e.last_quantity) / 10,
                None if e.last_price is None else D(e.last_price) / 10,
            )
            for e in executions
        ]
        assert found == model.log
        check_state(engine, model, deposits)


@settings(max_examples=60, deadline=None)
@given(funds, steps)
def test_replaying_the_commands_gives_the_same_hash(
    deposits: dict[str, tuple[int, int]], todo: list[tuple[Any, ...]]
) -> None:
    engine, log = listed_engine(deposits), []
    model = Model()
    for account, (usd, btc) in deposits.items():
        model.total[account, "USD"], model.total[account, "BTC"] = D(usd), D(btc)
    ids: list[int] = []
    hashes = [engine.state_hash()]
    for step in todo:
        before = engine.state_hash()
        _, told, _ = drive(engine, model, step, ids, log)
        assert (engine.state_hash() == before) == (told is not None)
        hashes.append(engine.state_hash())
    twin = listed_engine(deposits)
    for command in log:
        twin.apply(command)
    assert twin.state_hash() == hashes[-1]
