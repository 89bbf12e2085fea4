"""TypeScript SDKs of published documents send what the published vectors say, to the byte.

Each package is emitted from a document of the corpus and the overlay that is shipped for it, and
its client talks to real servers, which keep what arrived: the text of each frame, the line, the
headers and the body of each request.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from venuekit.emit.emission import Emission

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT.parent / "shared" / "vectors" / "signing_vectors.json"
WS = ROOT / "sdks" / "typescript" / "node_modules" / "ws" / "wrapper.mjs"
Joined = Callable[..., tuple[Path, Emission]]

SOCKET = """
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { Clock } from "@venuekit/runtime";
import { WebSocketServer } from "WS";
import * as sdk from "./src/index.ts";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
await once(server, "listening");
const frames = [];
server.on("connection", (socket) => socket.on("message", (data, isBinary) => {
  assert.ok(!isBinary);
  frames.push(String(data));
  const { id } = JSON.parse(String(data));
  socket.send(JSON.stringify({ id, status: 400, error: { code: -1, msg: "it was seen" } }));
}));
const baseUrl = `ws://127.0.0.1:${server.address().port}`;
// Members have no order of their own in JSON: the bytes are those of sorted members.
const sorted = (value) => Object.fromEntries(Object.entries(value).sort());
const bytes = (value) => Buffer.from(JSON.stringify(value));

for (const { secret, params, expected } of CASES) {
  const { apiKey, timestamp, ...input } = params;
  const stream = new sdk.StreamClient({
    baseUrl,
    clock: new Clock(() => timestamp),
    credentials: new sdk.SignedCredentials({ key: apiKey, secret }),
  });
  await stream.connect();
  // Once as published, without the order id that the SDK's types demand, and once with it.
  for (const more of [{}, { newClientOrderId: "my-order" }]) {
    await assert.rejects(stream.orderPlace({ ...input, ...more }), /it was seen/);
    const text = frames.pop();
    const { id, method, params: sent } = JSON.parse(text);
    const all = { ...params, ...more };
    const form = Object.entries(all).sort().map(([n, v]) => `${n}=${v}`).join("&");
    const own = createHmac("sha256", secret).update(form).digest("hex");
    const signature = Object.keys(more).length === 0 ? expected : own;
    assert.equal(own, signature);
    assert.equal(method, "order.place");
    assert.deepEqual(bytes(sorted(sent)), bytes(sorted({ ...all, signature })));
    // Nothing was escaped or written otherwise on the way: the text is that of its own members.
    assert.equal(text.length, JSON.stringify({ id, method, params: sent }).length);
  }
  await stream.close();
}
assert.equal(frames.length, 0);
server.close();
"""

REST = """
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Clock } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";

const seen = [];
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const { method, url, headers } = request;
    seen.push({ method, target: url, headers, body: Buffer.concat(parts).toString("utf8") });
    response.writeHead(418, { "content-type": "application/json" }).end('{"code":"SEEN"}');
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const baseUrl = `http://127.0.0.1:${server.address().port}`;
for (const { call, input, scheme, parts, now, wanted } of CASES) {
  const credentials = new sdk[scheme](parts);
  const client = new sdk.Client({ baseUrl, credentials, clock: new Clock(() => now) });
  await assert.rejects(client[call](input), (error) => error.code === "SEEN");
  await client.close();
  const { method, target, headers, body } = seen.pop();
  const found = { method, target, body };
  for (const name of Object.keys(wanted.headers)) assert.equal(headers[name], wanted.headers[name]);
  const { headers: _headers, ...rest } = wanted;
  for (const name of Object.keys(rest)) assert.equal(found[name], rest[name]);
}
assert.equal(seen.length, 0);
server.close();
"""


def vector(name: str) -> dict[str, Any]:
    if not VECTORS.is_file():
        pytest.skip("the published signing vectors are not at ../shared/vectors")
    held = json.loads(VECTORS.read_text(encoding="utf-8"))
    both = [*held["published"], *held["derived"]]
    found: dict[str, Any] = next(one for one in both if one["id"] == name)
    return found


@pytest.mark.parametrize("product", ["spot", "umfutures", "cmfutures"])
def test_frames_are_those_of_the_published_vectors(
    joined: Joined, corpus: Path, toolchain: Any, product: str
) -> None:
    cases = [
        {"secret": v["secret"], "params": v["inputs"]["params"], "expected": v["expected"]}
        for v in (vector("binance-ws-hmac-ascii"), vector("binance-ws-hmac-utf8"))
    ]
    document = corpus / "openxapi" / f"binance-{product}.asyncapi.yaml"
    folder, _ = joined([document], [f"binance-{product}-websocket"])
    program = SOCKET.replace("WS", WS.as_uri(), 1).replace("CASES", json.dumps(cases))
    toolchain.run(folder, program)


def binance() -> list[dict[str, Any]]:
    form, query = vector("binance-rest-hmac-ascii"), vector("binance-rest-hmac-timestamp-only")
    params = dict(form["inputs"]["params"])
    now = params.pop("timestamp")
    key = form["inputs"]["api_key"]
    return [
        {
            "call": "createOrderTestV3",
            "input": params,
            "scheme": "SignedFormCredentials",
            "parts": {"key": key, "secret": form["secret"]},
            "now": now,
            "wanted": {
                "method": "POST",
                "target": "/api/v3/order/test",
                "body": f"{form['string_to_sign']}&signature={form['expected']}",
                "headers": {"x-mbx-apikey": key},
            },
        },
        {
            "call": "getAccountV3",
            "input": {},
            "scheme": "SignedCredentials",
            "parts": {"key": key, "secret": query["secret"]},
            "now": dict(query["inputs"]["params"])["timestamp"],
            "wanted": {
                "target": f"/api/v3/account?{query['string_to_sign']}"
                f"&signature={query['expected']}",
                "headers": {},
            },
        },
    ]


def okx() -> list[dict[str, Any]]:
    balance, order = vector("okx-v5-get"), vector("okx-v5-order")
    inputs = balance["inputs"]
    held = {"key": inputs["api_key"], "secret": balance["secret"]}
    return [
        {
            "call": "getAccountBalanceV5",
            "input": {},
            "scheme": "SignedCredentials",
            "parts": {**held, "passphrase": inputs["passphrase"]},
            "now": 1_607_418_537_715,
            "wanted": {
                "method": "GET",
                "target": inputs["path"],
                "body": "",
                "headers": {
                    "ok-access-key": inputs["api_key"],
                    "ok-access-passphrase": inputs["passphrase"],
                    "ok-access-sign": balance["expected"],
                    "ok-access-timestamp": inputs["timestamp"],
                },
            },
        },
        {
            "call": "createTradeOrderV5",
            "input": json.loads(order["inputs"]["body"]),
            "scheme": "SignedCredentials",
            "parts": {**held, "secret": order["secret"], "passphrase": "phrase"},
            "now": 1_700_000_000_123,
            "wanted": {
                "method": "POST",
                "target": order["inputs"]["path"],
                "body": order["inputs"]["body"],
                "headers": {
                    "ok-access-sign": order["expected"],
                    "ok-access-timestamp": order["inputs"]["timestamp"],
                },
            },
        },
    ]


def kucoin(name: str, call: str) -> list[dict[str, Any]]:
    case, phrase = vector(name), vector("kucoin-v2-passphrase")
    inputs = case["inputs"]
    secret = (
        {}
        if case["secret"] != phrase["secret"]
        else {
            "kc-api-passphrase": phrase["expected"],
        }
    )
    return [
        {
            "call": call,
            "input": json.loads(inputs["body"]),
            "scheme": "SignedCredentials",
            "parts": {
                "key": inputs.get("api_key", "key"),
                "secret": case["secret"],
                "passphrase": phrase["inputs"]["passphrase"],
            },
            "now": int(inputs["timestamp"]),
            "wanted": {
                "method": "POST",
                "target": inputs["path"],
                "body": inputs["body"],
                "headers": {
                    "kc-api-key": inputs.get("api_key", "key"),
                    "kc-api-key-version": "2",
                    "kc-api-sign": case["expected"],
                    "kc-api-timestamp": inputs["timestamp"],
                    **secret,
                },
            },
        },
    ]


REQUESTS: list[tuple[str, str, Callable[[], list[dict[str, Any]]]]] = [
    ("openxapi/binance-spot.openapi.yaml", "binance-spot", binance),
    ("openxapi/okx-rest.openapi.yaml", "okx", okx),
    (
        "kucoin/rest-account.openapi.json",
        "kucoin-account",
        lambda: kucoin("kucoin-v2-post", "addDepositAddressV1"),
    ),
    (
        "kucoin/rest-spot.openapi.json",
        "kucoin-spot",
        lambda: kucoin("kucoin-v2-order", "addOrderOld"),
    ),
]


@pytest.mark.parametrize(
    ("document", "overlay", "cases"), REQUESTS, ids=[overlay for _, overlay, _ in REQUESTS]
)
def test_requests_are_those_of_the_published_vectors(
    joined: Joined,
    corpus: Path,
    toolchain: Any,
    document: str,
    overlay: str,
    cases: Callable[[], list[dict[str, Any]]],
) -> None:
    folder, _ = joined([corpus / document], [overlay])
    toolchain.run(folder, REST.replace("CASES", json.dumps(cases())))
