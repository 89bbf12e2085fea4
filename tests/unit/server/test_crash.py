"""Kill -9 under load: nothing that was acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "meridian_server"]


@dataclass
class Process:
    """A server in a process of its own, with the demo's accounts."""

    data: Path
    host: str = ""
    accounts: dict[str, Any] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        ready = self.data.parent / "ready.json"
        ready.unlink(missing_ok=True)
        arguments = ["--port", "0", "--demo", "--data", str(self.data), "--ready-file", str(ready)]
        self.spawn(arguments)
        for _ in range(1000):
            await asyncio.sleep(0.02)
            if ready.exists():
                break
            assert self.running is not None
            assert self.running.poll() is None, (self.data.parent / "log.txt").read_text()
        told = json.loads(ready.read_text())
        assert ready.stat().st_mode & 0o777 == 0o600
        self.host = told["url"].removeprefix("http://")
        self.accounts = told["accounts"]

    def spawn(self, arguments: list[str]) -> None:
        with open(self.data.parent / "log.txt", "ab") as log:
            self.running = subprocess.Popen(
                [*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=log
            )

    def end(self, number: int) -> int:
        assert self.running is not None
        self.running.send_signal(number)
        return self.running.wait(60)

    def state_hash(self) -> str:
        done = subprocess.run(
            [*COMMAND, "state-hash", "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    made = Process(tmp_path / "data")
    yield made
    if made.running is not None and made.running.poll() is None:
        made.running.kill()
        made.running.wait()


class Client:
    """One keep-alive connection of one account."""

    def __init__(self, process: Process, account: str, users: Any, reading: Any) -> None:
        keys = process.accounts[account]["hmac"]
        self.user = type(users["alice"])(keys["key"], keys["secret"])
        self.process = process
        self.reading = reading
        self.streams: Any = None

    def request(self, method: str, target: str, body: Any = None) -> bytes:
        """A signed request."""
        data = b"" if body is None else json.dumps(body).encode()
        stamp, nonce = str(time.time_ns() // 1_000_000), os.urandom(16).hex()
        host = self.process.host
        text = self.user.canonical(method, host, target, data, stamp, nonce)
        lines = [
            f"{method} {target} HTTP/1.1",
            f"Host: {host}",
            f"MERIDIAN-KEY: {self.user.key}",
            f"MERIDIAN-TIMESTAMP: {stamp}",
            f"MERIDIAN-NONCE: {nonce}",
            f"MERIDIAN-SIGNATURE: {self.user.sign(text)}",
            f"Content-Length: {len(data)}",
            "Content-Type: application/json",
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data

    async def call(self, method: str, target: str, body: Any = None) -> Any:
        """The answer, or None when the connection broke before one came."""
        return await self.send(self.request(method, target, body))

    async def send(self, request: bytes) -> Any:
        try:
            if self.streams is None:
                address, port = self.process.host.split(":")
                self.streams = await asyncio.open_connection(address, int(port))
            reader, writer = self.streams
            writer.write(request)
            return await self.reading(reader)
        except (OSError, asyncio.IncompleteReadError):
            return None

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()


@dataclass
class Ledger:
    """What the clients were told, and what they asked without being told."""

    placed: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    canceled: dict[str, str] = field(default_factory=dict)
    open_questions: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def has(self, placed: int, canceled: int) -> bool:
        """Whether at least so many were told of: what that takes is the machine's business."""
        return len(self.placed) >= placed and len(self.canceled) >= canceled


async def hammer(client: Client, account: str, name: str, ledger: Ledger) -> None:
    """Place and cancel until the connection breaks."""
    chance = random.Random(name)
    for number in range(1_000_000):
        client_order_id = f"{name}-{number}"
        order = {
            "client_order_id": client_order_id,
            "symbol": "BTC-USD",
            "side": "buy" if account == "alice" else "sell",
            "order_type": "limit",
            "quantity": f"0.00{chance.randint(1, 9)}",
            "price": str(chance.randint(1000, 1020)),
        }
        reply = await client.call("POST", "/v1/orders", order)
        if reply is None:
            ledger.open_questions[client_order_id] = (account, order)
            return
        assert reply.status == 201, reply.body
        ledger.placed[client_order_id] = (account, reply.body)
        if number % 3 == 0:
            reply = await client.call("DELETE", f"/v1/orders/{reply.body['order_id']}")
            if reply is None:
                return
            if reply.status == 200:
                ledger.canceled[client_order_id] = reply.body["order_id"]
            else:
                assert reply.body["code"] == "ORDER_CLOSED"


async def listed(client: Client, what: str) -> list[dict[str, Any]]:
    """All of the account's orders or executions."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = (await client.call("GET", f"/v1/{what}?limit=1000{cursor}")).body
        found += page[what]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def check(process: Process, ledger: Ledger, make: Callable[[str], Client]) -> None:
    clients = {account: make(account) for account in ("alice", "bob")}
    fills: dict[str, list[dict[str, Any]]] = {}
    totals: dict[str, Decimal] = {}
    fees = Decimal(0)
    orders: dict[str, dict[str, Any]] = {}
    by_order: dict[str, list[dict[str, Any]]] = {}
    for client in clients.values():
        executions = await listed(client, "executions")
        orders.update({entry["order_id"]: entry for entry in await listed(client, "orders")})
        assert [e["sequence"] for e in executions] == list(range(1, len(executions) + 1))
        for execution in executions:
            by_order.setdefault(execution["order_id"], []).append(execution)
            if execution["execution_type"] == "fill":
                fills.setdefault(execution["trade_id"], []).append(execution)
                fees += Decimal(execution["fee"])
        for entry in (await client.call("GET", "/v1/balances")).body["balances"]:
            total = totals.get(entry["currency"], Decimal(0))
            totals[entry["currency"]] = total + Decimal(entry["total"])
    assert totals["BTC"] == 2 * 1000
    assert totals["USD"] + fees == 2 * 10_000_000
    assert all(len(pair) == 2 for pair in fills.values())
    for client_order_id, (_, order) in ledger.placed.items():
        now = orders[order["order_id"]]
        assert now["client_order_id"] == client_order_id
        assert Decimal(now["cumulative_quantity"]) >= Decimal(order["cumulative_quantity"])
        assert now["sequence"] >= order["sequence"]
        filled = sum(Decimal(e["last_quantity"] or 0) for e in by_order[order["order_id"]])
        assert filled == Decimal(now["cumulative_quantity"])
        if client_order_id in ledger.canceled:
            assert now["order_status"] == "canceled"
    for client_order_id, (account, order) in ledger.open_questions.items():
        target = f"/v1/orders/by-client-order-id/{client_order_id}"
        found = await clients[account].call("GET", target)
        again = await clients[account].call("POST", "/v1/orders", order)
        assert (found.status, again.status) in ((200, 200), (404, 201))
        if found.status == 200:
            assert again.body["order_id"] == found.body["order_id"]
        ledger.placed[client_order_id] = (account, again.body)
    ledger.open_questions.clear()
    for client in clients.values():
        client.close()


async def test_nothing_acknowledged_is_lost(process: Process, users: Any, reading: Any) -> None:
    ledger = Ledger()

    def make(account: str) -> Client:
        return Client(process, account, users, reading)

    for kill in range(3):
        await process.start()
        if kill:
            await check(process, ledger, make)
        clients = [(make(account), account) for account in ("alice", "bob") * 4]
        tasks = [
            asyncio.create_task(hammer(client, account, f"{kill}-{index}", ledger))
            for index, (client, account) in enumerate(clients)
        ]
        async with asyncio.timeout(120):
            while not ledger.has(110 * (kill + 1), 11 * (kill + 1)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.02 * kill)
        assert process.end(signal.SIGKILL) == -signal.SIGKILL
        await asyncio.gather(*tasks)
        for client, _ in clients:
            client.close()
        assert len(process.state_hash()) == 64
    await process.start()
    await check(process, ledger, make)
    assert len(ledger.placed) > 300, "the load was too light to prove anything"
    assert len(ledger.canceled) > 30
    assert process.end(signal.SIGTERM) == 0
    stopped = process.state_hash()
    await process.start()
    assert process.end(signal.SIGTERM) == 0
    assert process.state_hash() == stopped


async def test_a_killed_server_lets_no_replay_through(
    process: Process, users: Any, reading: Any
) -> None:
    await process.start()
    client = Client(process, "alice", users, reading)
    signed = client.request("GET", "/v1/balances")
    assert (await client.send(signed)).status == 200
    assert (await client.send(signed)).body["code"] == "AUTH_REPLAY"
    client.close()
    process.end(signal.SIGKILL)
    await process.start()
    again = Client(process, "alice", users, reading)
    answer = await again.send(signed)
    assert (answer.status, answer.body["code"]) == (401, "AUTH_TIMESTAMP")
    assert (await again.call("GET", "/v1/balances")).status == 200
    again.close()
