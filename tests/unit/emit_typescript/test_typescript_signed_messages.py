"""Messages that are signed one by one, as an emitted client sends them to a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from venuekit.emit.emission import Emission

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT.parent / "shared" / "vectors" / "signing_vectors.json"
RECIPE = ROOT / "generator" / "src" / "venuekit" / "signing" / "catalogue" / "binance-ws-api.yaml"
WS = ROOT / "sdks" / "typescript" / "node_modules" / "ws" / "wrapper.mjs"

DOCUMENT = """
asyncapi: 3.0.0
info: {title: Signed, version: 1.0.0}
servers: {main: {host: ws-api.example, protocol: wss, pathname: /ws-api/v3}}
channels:
  api:
    address: /
    messages:
      place: {$ref: '#/components/messages/place'}
      placed: {$ref: '#/components/messages/placed'}
operations:
  placeOrder:
    action: receive
    channel: {$ref: '#/channels/api'}
    messages: [{$ref: '#/channels/api/messages/place'}]
    security: [{$ref: '#/components/securitySchemes/hmac'}]
    x-effect: create
    reply:
      channel: {$ref: '#/channels/api'}
      messages: [{$ref: '#/channels/api/messages/placed'}]
components:
  securitySchemes:
    hmac: {type: userPassword, x-signing: SIGNING}
  messages:
    place:
      correlationId: {location: '$message.payload#/id'}
      payload:
        type: object
        required: [id, method, params]
        properties:
          id: {type: string}
          method: {const: order.place}
          params:
            type: object
            required: [symbol, apiKey, timestamp, signature]
            properties:
              symbol: {type: string}
              side: {type: string}
              type: {type: string}
              timeInForce: {type: string}
              quantity: {type: string, format: decimal}
              price: {type: string, format: decimal}
              recvWindow: {type: integer}
              apiKey: {type: string}
              timestamp: {type: integer, x-unit: unix-ms}
              signature: {type: string}
    placed:
      correlationId: {location: '$message.payload#/id'}
      payload:
        type: object
        required: [id, status]
        properties: {id: {type: string}, status: {type: integer}}
"""

PROGRAM = """
import assert from "node:assert/strict";
import { once } from "node:events";
import { Clock, ConfigurationError } from "@venuekit/runtime";
import { WebSocketServer } from "WS";
import { HmacCredentials, StreamClient } from "./src/index.ts";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
await once(server, "listening");
const frames = [];
server.on("connection", (socket) => socket.on("message", (data) => {
  const frame = JSON.parse(String(data));
  frames.push(frame);
  socket.send(JSON.stringify({ id: frame.id, status: 200 }));
}));
const baseUrl = `ws://127.0.0.1:${server.address().port}`;
for (const { secret, key, now, input, params, expected } of CASES) {
  const stream = new StreamClient({
    baseUrl,
    clock: new Clock(() => now),
    credentials: new HmacCredentials({ key, secret }),
  });
  await stream.connect();
  await stream.placeOrder(input);
  await stream.close();
  const { id, ...frame } = frames.pop();
  assert.ok(typeof id === "string");
  assert.deepEqual(frame, {
    method: "order.place", params: { ...params, signature: expected },
  });
}
const stranger = new StreamClient({ baseUrl });
await stranger.connect();
await assert.rejects(stranger.placeOrder({ symbol: "A" }), ConfigurationError);
await stranger.close();
assert.equal(frames.length, 0);
server.close();
"""


def test_each_message_carries_the_published_signature(
    tmp_path: Path, package: Callable[..., tuple[Path, Emission]], toolchain: Any
) -> None:
    folder, emission = package(_document(tmp_path))
    assert emission.findings == ()
    stream = emission.files["src/stream.ts"]
    assert isinstance(stream, str)
    assert 'signedBy: ["hmac"]' in stream
    assert "Omit<" in stream
    assert '"apiKey" | "signature" | "timestamp"' in stream
    for compiler in ("typescript", "typescript-5"):
        assert toolchain.compile(folder, compiler) == ""
    cases = json.dumps([_case(vector) for vector in _vectors()])
    toolchain.run(folder, PROGRAM.replace("CASES", cases).replace("WS", WS.as_uri()))


def _document(tmp_path: Path) -> Path:
    recipe = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))
    document = tmp_path / "signed.yaml"
    text = DOCUMENT.replace("SIGNING", json.dumps({"version": 1, **recipe}))
    document.write_text(text, encoding="utf-8")
    return document


def _vectors() -> list[dict[str, Any]]:
    if not VECTORS.is_file():
        pytest.skip("the published signing vectors are not at ../shared/vectors")
    published = json.loads(VECTORS.read_text(encoding="utf-8"))["published"]
    found = [
        v for v in published if v["scheme"] == "binance-ws-api" and v["algorithm"][:4] == "HMAC"
    ]
    assert len(found) == 2
    return found


def _case(vector: dict[str, Any]) -> dict[str, Any]:
    params = vector["inputs"]["params"]
    own = {name: value for name, value in params.items() if name not in ("apiKey", "timestamp")}
    return {
        "secret": vector["secret"],
        "key": params["apiKey"],
        "now": params["timestamp"],
        "input": own,
        "params": params,
        "expected": vector["expected"],
    }
