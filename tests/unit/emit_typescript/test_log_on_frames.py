"""A log-on by a scheme of the catalogue: the frame of both SDKs equals the vector, to the byte."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from venuekit.emit.emission import Options
from venuekit.generating import emitter
from venuekit.load import load
from venuekit_runtime import errors
from venuekit_runtime.clock import Clock

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "tests" / "quirks" / "asyncapi-3-log-on-of-okx.yaml"
VECTORS = ROOT.parent / "shared" / "vectors" / "signing_vectors.json"
WORKSPACE = ROOT / "sdks" / "typescript"
HELD = {"key": "the-key", "passphrase": "the phrase"}

PROGRAM = """
import assert from "node:assert/strict";
import { ApiError, Clock } from "@venuekit/runtime";
import { OkxCredentials, StreamClient } from "./src/index.ts";
const clock = new Clock(() => NOW);
const streamOf = (secret) => new StreamClient({
  baseUrl: URL, clock, credentials: new OkxCredentials({ ...HELD, secret }),
});
const stream = streamOf(SECRET);
await stream.connect();
await stream.placeOrder({ args: [{ instId: "BTC-USDT" }] });
await stream.close();
await assert.rejects(streamOf("another").connect(), (error) => {
  assert.ok(error instanceof ApiError, String(error));
  assert.deepEqual([error.code, error.message], ["60007", "60007: Invalid sign"]);
  return true;
});
"""


@pytest.fixture
def vector() -> dict[str, Any]:
    if not VECTORS.is_file():
        pytest.skip("the published signing vectors are not at ../shared/vectors")
    held = json.loads(VECTORS.read_text(encoding="utf-8"))
    found: dict[str, Any] = next(one for one in held["derived"] if one["id"] == "okx-ws-login")
    return found


def wanted(vector: dict[str, Any]) -> str:
    """The frame that OKX's documentation shows, with the vector's signature."""
    own = {
        "apiKey": HELD["key"],
        "passphrase": HELD["passphrase"],
        "timestamp": vector["inputs"]["timestamp"],
        "sign": vector["expected"],
    }
    return json.dumps({"op": "login", "args": [own]}, separators=(",", ":"))


class Okx:
    """Takes the log-on of the vector alone, and orders after it."""

    def __init__(self, frame: str) -> None:
        self.frame = frame
        self.frames: list[str] = []
        self.url = ""

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            self.frames.append(message.data)
            frame = message.json()
            if frame["op"] == "order":
                await socket.send_json({"id": frame["id"], "op": "order", "code": "0"})
            elif message.data == self.frame:
                await socket.send_json({"event": "login", "code": "0", "msg": "", "connId": "a"})
            else:
                refused = {"event": "error", "code": "60007", "msg": "Invalid sign", "connId": "a"}
                await socket.send_json(refused)
        return socket


@asynccontextmanager
async def serve(vector: dict[str, Any]) -> AsyncIterator[Okx]:
    venue = Okx(wanted(vector))
    app = web.Application()
    app.router.add_get("/ws/v5/private", venue.socket)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    venue.url = f"ws://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield venue
    finally:
        await runner.cleanup()


def written(folder: Path, language: str, name: str) -> Path:
    emission = emitter(language)(load([DOCUMENT]).contract, Options(package=name))
    assert emission.findings == ()
    for path, content in emission.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        assert isinstance(content, str)
        (folder / path).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = written(tmp_path_factory.mktemp("okx"), "python", "okx_log_on")
    sys.path.insert(0, str(folder / "src"))
    return importlib.import_module("okx_log_on")


def now_ms(vector: dict[str, Any]) -> int:
    return int(vector["inputs"]["timestamp"]) * 1000


def test_python_logs_on_as_published(package: ModuleType, vector: dict[str, Any]) -> None:
    clock = Clock(lambda: now_ms(vector) * 1_000_000)

    async def run() -> None:
        async with serve(vector) as venue:
            held = package.OkxCredentials(secret=vector["secret"], **HELD)
            async with package.StreamClient(venue.url, held, clock=clock) as stream:
                await stream.place_order(args=[{"instId": "BTC-USDT"}])
            assert venue.frames[0] == wanted(vector)
            assert len(venue.frames) == 2
            held = package.OkxCredentials(secret="another", **HELD)
            with pytest.raises(errors.ApiError, match="60007: Invalid sign") as caught:
                await package.StreamClient(venue.url, held, clock=clock, timeout_s=5).connect()
            assert caught.value.code == "60007"

    asyncio.run(run())


def test_typescript_logs_on_as_published(
    tmp_path: Path, vector: dict[str, Any], toolchain: Any
) -> None:
    folder = written(tmp_path, "typescript", "@test/okx")
    modules = folder / "node_modules" / "@venuekit"
    modules.mkdir(parents=True)
    (modules / "runtime").symlink_to(WORKSPACE / "runtime")

    async def run() -> None:
        async with serve(vector) as venue:
            words = {
                "URL": venue.url,
                "SECRET": vector["secret"],
                "HELD": HELD,
                "NOW": now_ms(vector),
            }
            text = "".join(f"const {n} = {json.dumps(word)};\n" for n, word in words.items())
            await asyncio.to_thread(toolchain.run, folder, text + PROGRAM)
            assert venue.frames[0] == wanted(vector)
            assert len(venue.frames) == 3

    asyncio.run(run())
