"""A real server on a real socket for each test, and a client that signs by its own recipe."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from meridian_server.accounts import AccountSeed, KeySeed
from meridian_server.contracts import IN_REPOSITORY, load_contract
from meridian_server.server import Server, Settings, start
from venuekit.contract import Contract, Wire

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Credentials:
    """What one user of the tests holds."""

    key: str
    secret: str
    is_ed25519: bool = False

    def sign(self, text: str) -> str:
        """Meridian's recipe, written a second time from the words of the contract."""
        if self.is_ed25519:
            private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(self.secret))
            return base64.b64encode(private.sign(text.encode())).decode()
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def canonical(
        self, method: str, host: str, target: str, body: bytes, timestamp: str, nonce: str
    ) -> str:
        digest = hashlib.sha256(body).hexdigest()
        parts = ["MERIDIAN-1", method, host, target, digest, timestamp, nonce, self.key]
        return "\n".join(parts)


def _user(name: str, kind: str = "hmac") -> Credentials:
    digest = hashlib.sha256(f"{name} {kind}".encode()).digest()
    if kind == "ed25519":
        return Credentials(f"{name}-{kind}", base64.b64encode(digest).decode(), True)
    return Credentials(f"{name}-{kind}", digest.hex())


ALICE, BOB, CAROL = _user("alice"), _user("bob"), _user("carol")
ALICE_ED25519 = _user("alice", "ed25519")
ALICE_READER = _user("alice", "reader")
ALICE_REVOKED = _user("alice", "revoked")
BALANCES = {"USD": Decimal(1_000_000), "BTC": Decimal(100), "ETH": Decimal(100)}


def _seeds() -> list[AccountSeed]:
    def seed(user: Credentials, **more: Any) -> KeySeed:
        scheme = "ed25519" if user.is_ed25519 else "hmac"
        return KeySeed(key=user.key, scheme=scheme, secret=user.secret, **more)

    alice = [
        seed(ALICE),
        seed(ALICE_ED25519),
        seed(ALICE_READER, rights=("read",)),
        seed(ALICE_REVOKED, is_revoked=True),
    ]
    return [
        AccountSeed("alice", BALANCES, alice),
        AccountSeed("bob", BALANCES, [seed(BOB)]),
        AccountSeed("carol", {"USD": Decimal(1000)}, [seed(CAROL)]),
    ]


ORDER = json.dumps(
    {
        "client_order_id": "attack",
        "symbol": "BTC-USD",
        "side": "buy",
        "order_type": "limit",
        "quantity": "1",
        "price": "100",
    }
).encode()


@dataclass
class Clock:
    """The real time, moved by what a test says."""

    shift_ms: int = 0
    shift_ns: int = 0
    stopped_ms: int | None = None
    stopped_ns: int | None = None

    def stop(self) -> None:
        """Let no time pass but what the shifts say: on a busy machine calls take long enough to
        fill a bucket again, or to make a timestamp too old."""
        self.stopped_ms = time.time_ns() // 1_000_000
        self.stopped_ns = time.monotonic_ns()

    def ms(self) -> int:
        now = time.time_ns() // 1_000_000 if self.stopped_ms is None else self.stopped_ms
        return now + self.shift_ms

    def ns(self) -> int:
        now = time.monotonic_ns() if self.stopped_ns is None else self.stopped_ns
        return now + self.shift_ns


@dataclass
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str | None:
        return self.body.get("code")


class Judge:
    """Holds every answer to the contract's own JSON Schemas."""

    def __init__(self) -> None:
        self._file = IN_REPOSITORY / "rest.openapi.yaml"
        self._registry = Registry(retrieve=self._retrieve)
        self._files: dict[str, Resource[Any]] = {}
        self.seen: set[tuple[str, int]] = set()

    def _retrieve(self, uri: str) -> Resource[Any]:
        if uri not in self._files:
            document = yaml.safe_load(Path(uri.removeprefix("file://")).read_text())
            self._files[uri] = Resource(contents=document, specification=DRAFT202012)
        return self._files[uri]

    def check(self, method: str, template: str, reply: Reply) -> None:
        """Fail when the operation does not promise this answer."""
        pointer = f"paths/{template.replace('/', '~1')}/{method.lower()}/responses/{reply.status}"
        at, schema = self._walk(f"file://{self._file}#/{pointer}/content/application~1json/schema")
        validator = jsonschema.Draft202012Validator({"$ref": at}, registry=self._registry)
        assert schema is not None
        validator.validate(reply.body)
        self.seen.add((f"{method} {template}", reply.status))

    def _walk(self, uri: str) -> tuple[str, Any]:
        file, _, pointer = uri.partition("#")
        node: Any = self._retrieve(file).contents
        at = ""
        for token in pointer.split("/")[1:]:
            if isinstance(node, dict) and "$ref" in node:
                target, _, rest = node["$ref"].partition("#")
                base = f"file://{(Path(file.removeprefix('file://')).parent / target).resolve()}"
                file = base if target else file
                at, node = self._resolved(file, rest)
            assert isinstance(node, dict), f"{uri}: nothing promised at {token}"
            key = token.replace("~1", "/")
            key = key if key in node else int(key) if key.isdigit() else key
            assert key in node, f"{uri}: the contract promises no {key}"
            node, at = node[key], f"{at}/{token}"
        return f"{file}#{at}", node

    def _resolved(self, file: str, pointer: str) -> tuple[str, Any]:
        node = self._retrieve(file).contents
        for token in pointer.split("/")[1:]:
            node = node[token.replace("~1", "/")]
        return pointer, node


@dataclass
class Venue:
    """A running server with its clock, and calls to it."""

    server: Server
    clock: Clock
    judge: Judge
    contract: Contract
    data: Path
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def signed(
        self,
        user: Credentials,
        method: str,
        target: str,
        body: bytes = b"",
        timestamp: str | None = None,
        nonce: str | None = None,
        host: str | None = None,
    ) -> Headers:
        """The four headers of a signature."""
        timestamp = timestamp or str(self.clock.ms())
        nonce = nonce or secrets.token_hex(16)
        text = user.canonical(method, host or self.host, target, body, timestamp, nonce)
        return [
            ("MERIDIAN-KEY", user.key),
            ("MERIDIAN-TIMESTAMP", timestamp),
            ("MERIDIAN-NONCE", nonce),
            ("MERIDIAN-SIGNATURE", user.sign(text)),
        ]

    def request(self, method: str, target: str, headers: Headers, body: bytes = b"") -> bytes:
        """The bytes of a request."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in headers]
        if body:
            names = {name.lower() for name, _ in headers}
            if "content-type" not in names:
                lines.append("Content-Type: application/json")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        self.writers.append(writer)
        return reader, writer

    async def raw(self, data: bytes, timeout_s: float = 30) -> Reply | None:
        """Send bytes on a connection of their own; None when it closed without an answer."""
        reader, writer = await self.connect()
        writer.write(data)
        try:
            return await asyncio.wait_for(read_reply(reader), timeout_s)
        finally:
            writer.close()

    async def send(
        self, headers: Headers, body: bytes = ORDER, method: str = "POST", target: str = ""
    ) -> Reply:
        """Send exactly these headers and bytes, by default to place `ORDER`."""
        reply = await self.raw(self.request(method, target or "/v1/orders", headers, body))
        assert reply is not None
        return reply

    async def call(
        self,
        method: str,
        target: str,
        user: Credentials | None = None,
        body: Any = None,
        template: str | None = None,
    ) -> Reply:
        """A well-made call; the answer is held to the contract when `template` names the path
        (by default the target is the path)."""
        data = b"" if body is None else json.dumps(body).encode()
        headers = [] if user is None else self.signed(user, method, target, data)
        reply = await self.raw(self.request(method, target, headers, data))
        assert reply is not None
        path = template or target.partition("?")[0]
        self.judge.check(method, path, reply)
        if reply.status >= 400:
            assert reply.code in self.promised_errors(method, path)
        return reply

    def promised_errors(self, method: str, path: str) -> tuple[str, ...]:
        """The codes that the contract names for an operation."""
        (errors,) = (
            operation.errors
            for operation in self.contract.operations
            if operation.wire is Wire.REST
            and (operation.binding.method, operation.binding.path) == (method, path)
        )
        return errors

    async def place(self, user: Credentials, **terms: Any) -> Reply:
        """Place a limit order of 1 BTC at 100 unless told otherwise; None leaves a term out."""
        order = {
            "client_order_id": secrets.token_hex(8),
            "symbol": "BTC-USD",
            "side": "buy",
            "order_type": "limit",
            "quantity": "1",
            "price": "100",
            **terms,
        }
        given = {name: value for name, value in order.items() if value is not None}
        return await self.call("POST", "/v1/orders", user, given)

    async def balances(self, user: Credentials) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
        """Total, available and reserved by currency."""
        reply = await self.call("GET", "/v1/balances", user)
        return {
            entry["currency"]: tuple(Decimal(entry[k]) for k in ("total", "available", "reserved"))
            for entry in reply.body["balances"]
        }

    async def restart(self, same_port: bool = False) -> None:
        """Stop cleanly and start again on the same data."""
        await self.server.stop()
        port = self.server.port if same_port else 0
        self.server = await start(self.settings(port=port))

    async def restart_after_stop(self) -> None:
        """Start again what a test has stopped."""
        self.server = await start(self.settings())

    def settings(self, **more: Any) -> Settings:
        given: dict[str, Any] = {
            "contract": self.contract,
            "data": self.data,
            "accounts": _seeds(),
            "clock_ms": self.clock.ms,
            "clock_ns": self.clock.ns,
        }
        return Settings(**{**given, **more})


async def read_reply(reader: asyncio.StreamReader) -> Reply | None:
    """One HTTP answer, or None at the end of the connection."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = await reader.readline()
        if not line:
            return None
        head += line
    status_line, *lines = head.decode("latin-1").split("\r\n")[:-2]
    headers = dict(line.split(": ", 1) for line in lines)
    body = await reader.readexactly(int(headers["Content-Length"]))
    return Reply(int(status_line.split()[1]), headers, json.loads(body) if body else None)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "changes: the test is meant to change the venue's state")


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract(IN_REPOSITORY)


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge()


@pytest.fixture
async def venue(contract: Contract, judge: Judge, tmp_path: Path) -> AsyncIterator[Venue]:
    clock = Clock()
    made = Venue(None, clock, judge, contract, tmp_path / "data")  # type: ignore[arg-type]
    made.server = await start(made.settings())
    yield made
    for writer in made.writers:
        writer.close()
    await made.server.stop()


@pytest.fixture
async def nothing_changes(venue: Venue, request: Any) -> AsyncIterator[None]:
    """Unless a test says otherwise, the state after it is the state before it."""
    before = venue.server.venue.engine.state_hash()
    yield
    if "changes" not in request.keywords:
        assert venue.server.venue.engine.state_hash() == before


@pytest.fixture(scope="session")
def order() -> bytes:
    """A body that places an order."""
    return ORDER


@pytest.fixture(scope="session")
def users() -> dict[str, Credentials]:
    return {
        "alice": ALICE,
        "bob": BOB,
        "carol": CAROL,
        "ed25519": ALICE_ED25519,
        "reader": ALICE_READER,
        "revoked": ALICE_REVOKED,
    }


@pytest.fixture(scope="session")
def reading() -> Callable[[asyncio.StreamReader], Any]:
    return read_reply
