"""The server: journal, engine, gateways and time, put together and taken apart again."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import msgspec

from meridian_server.accounts import (
    AccountSeed,
    AccountsError,
    demo_accounts,
    read_accounts,
    register,
    seeding,
)
from meridian_server.engine import Engine
from meridian_server.events import Rejected
from meridian_server.gateway.feeds import Feeds
from meridian_server.gateway.gate import Gate
from meridian_server.gateway.keys import Keyring
from meridian_server.gateway.plans import compile_contract
from meridian_server.gateway.rest import RestGateway
from meridian_server.gateway.stream import StreamGateway, StreamServices
from meridian_server.gateway.verify import NONCES_PER_KEY, Verification, newest_skew_ms
from meridian_server.gateway.wire import check_shapes
from meridian_server.genesis import listings
from meridian_server.journal import Journal, open_journal
from meridian_server.journal.replay import recover
from meridian_server.venue import Venue
from venuekit.contract import Contract
from venuekit_runtime.server.connection import HttpConnection

log = logging.getLogger(__name__)
MAX_CONNECTIONS = 10_000
STOP_STEPS = 500


def wall_clock_ms() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one run is given. Clocks are there to be set by tests."""

    contract: Contract
    data: Path
    host: str = "127.0.0.1"
    port: int = 0
    is_demo: bool = False
    accounts_file: Path | None = None
    allowed_origins: frozenset[str] = frozenset()
    nonces_per_key: int = NONCES_PER_KEY
    clock_ms: Callable[[], int] = wall_clock_ms
    clock_ns: Callable[[], int] = time.monotonic_ns
    accounts: list[AccountSeed] = field(default_factory=list)


class Server:
    """A running venue. Made by `start`, ended by `stop`."""

    def __init__(self, settings: Settings, venue: Venue, verification: Verification) -> None:
        self.settings = settings
        self.venue = venue
        venue.on_failure = self.fail
        self.accounts: list[AccountSeed] = []
        self.failed = asyncio.Event()
        self._verification = verification
        self._connections: set[HttpConnection] = set()
        self._tasks: list[asyncio.Task[None]] = []
        plans = compile_contract(settings.contract, settings.clock_ns)
        self._plans = plans
        gate = Gate(verification, settings.clock_ns)
        request_ids = _request_ids()
        services = StreamServices(
            venue, plans, gate, Feeds(venue, plans.feeds), request_ids, settings.allowed_origins
        )
        self.streams = StreamGateway(services)
        self._rest = RestGateway(venue, plans, gate, request_ids, self.streams.open)
        self._listener: asyncio.Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The base URL of REST."""
        return f"http://{_in_url(self.settings.host)}:{self.port}"

    @property
    def stream_url(self) -> str:
        """The URL of the stream."""
        return f"ws://{_in_url(self.settings.host)}:{self.port}{self._plans.stream_path}"

    async def listen(self) -> None:
        """Open the port and start what time demands."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            self._connection, self.settings.host, self.settings.port, backlog=1024
        )
        self.port = self._listener.sockets[0].getsockname()[1]
        self._tasks = [
            loop.create_task(self._every(1.0, self._check_deadlines)),
            loop.create_task(self._every(self._plans.heartbeat_s, self.streams.beat)),
        ]
        gc.collect()
        gc.freeze()

    def _connection(self) -> asyncio.Protocol:
        if len(self._connections) >= MAX_CONNECTIONS:
            return _Closed()
        return HttpConnection(self._rest, self._connections)

    async def _every(self, seconds: float, action: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                action()
            except Exception:
                log.exception("a periodic task failed")

    def _check_deadlines(self) -> None:
        now = asyncio.get_running_loop().time()
        for connection in tuple(self._connections):
            connection.check_deadlines(now)

    def fail(self) -> None:
        """The journal failed: cut every line, so that nobody gets an answer."""
        if self._listener is not None:
            self._listener.close()
        for connection in tuple(self._connections):
            if connection.transport is not None:
                connection.transport.abort()
        self.failed.set()

    async def stop(self) -> None:
        """Answer what was accepted, refuse what comes, close, and leave the journal clean."""
        self._rest.is_stopping = True
        if self._listener is not None:
            self._listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.venue.settle()
        self.streams.shut_down()
        for connection in tuple(self._connections):
            connection.shut_down()
        for _ in range(STOP_STEPS):
            if not self._connections:
                break
            await asyncio.sleep(0.01)
        if not self.venue.has_failed:
            _mark_stopped(self.venue, self._verification)
        self.venue.close()


async def start(settings: Settings) -> Server:
    """Recover the journal, seed what is missing, and open the port.

    Raises JournalError, ContractError or AccountsError with what to do about it."""
    if settings.is_demo and not is_loopback(settings.host):
        raise AccountsError(
            f"demo keys are only for loopback, not for {settings.host}; "
            "leave --demo out and give --accounts"
        )
    check_shapes(settings.contract)
    journal = open_journal(str(settings.data))
    try:
        engine = Engine()
        chain = recover(journal, engine)
        floor_ms = _floor_ms(settings, journal, engine)
    except BaseException:
        journal.close()
        raise
    venue = Venue(engine, journal, chain, settings.clock_ms)
    try:
        server = await _open(settings, venue, floor_ms)
    except BaseException:
        venue.abandon()
        venue.close()
        raise
    # What a killed run may have accepted is older than the moment when the port opens.
    await asyncio.sleep(max(0, floor_ms + 1 - venue.now_ms()) / 1000 if floor_ms else 0)
    await server.listen()
    return server


def _floor_ms(settings: Settings, journal: Journal, engine: Engine) -> int:
    """The newest timestamp that a former run may have accepted without noting its nonce."""
    if journal.note("running") is None:
        return 0
    now_ms = max(settings.clock_ms(), engine.state.timestamp_ms)
    return now_ms + newest_skew_ms(settings.contract)


async def _open(settings: Settings, venue: Venue, floor_ms: int) -> Server:
    """The server with its keys and accounts, all on disk, and nothing listening yet."""
    keyring = Keyring()
    verification = Verification(
        settings.contract, keyring, venue.now_ms, floor_ms, settings.nonces_per_key
    )
    server = Server(settings, venue, verification)
    server.accounts = _accounts(settings)
    register(server.accounts, verification, keyring)
    _seed(venue, server.accounts)
    await venue.settle()
    kept = venue.journal.note("nonces")
    if kept is not None:
        verification.nonces.restore([tuple(record) for record in json.loads(kept)])
    venue.journal.set_note("running", "1")
    venue.journal.set_note("nonces", None)
    return server


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _accounts(settings: Settings) -> list[AccountSeed]:
    accounts = list(settings.accounts)
    if settings.accounts_file is not None:
        accounts += read_accounts(settings.accounts_file)
    if settings.is_demo:
        accounts += demo_accounts(settings.data)
    return accounts


def _seed(venue: Venue, accounts: list[AccountSeed]) -> None:
    for command in (*listings(), *seeding(accounts)):
        numbered = msgspec.structs.replace(
            command, sequence=venue.next_sequence(), timestamp_ms=venue.now_ms()
        )
        first = venue.execute(numbered)[0]
        if isinstance(first, Rejected):
            raise AccountsError(
                f"{first.message}; the data directory was made with other accounts or listings"
            )


def _mark_stopped(venue: Venue, verification: Verification) -> None:
    """Note that this was no crash, and what a replay would look like after it."""
    records = [list(record) for record in verification.nonces.records()]
    venue.journal.set_note("nonces", json.dumps(records))
    venue.journal.set_note("running", None)


def _request_ids() -> Callable[[], str]:
    prefix = secrets.token_hex(8)
    numbers = count(1)
    return lambda: f"{prefix}{next(numbers):016x}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _Closed(asyncio.Protocol):
    """A connection beyond the limit."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
