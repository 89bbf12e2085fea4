"""What a signature takes from the contract, as an emitted client sends it over a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from venuekit.emit.emission import Emission
from venuekit.signing.catalogue import catalogue_entry

DOCUMENT = """\
openapi: 3.1.0
info: {title: A venue that signs instructions, version: 1.0.0}
servers: [{url: "https://venue.example"}]
security: [{signed: []}]
paths:
  /api/v1/order:
    delete:
      operationId: cancelOrder
      x-effect: cancel
      x-signing-inputs: {instruction: orderCancel}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [symbol, orderId]
              properties: {symbol: {type: string}, orderId: {type: string}}
      responses: {"200": {description: Canceled}}
components:
  securitySchemes:
    signed: {type: apiKey, in: header, name: X-API-KEY, x-signing: backpack}
"""

PROGRAM = """
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Clock } from "@venuekit/runtime";
import { Client, SignedCredentials } from "./src/index.ts";

const seen = [];
const server = createServer((request, response) => {
  seen.push(request.headers);
  response.end();
}).listen(0, "127.0.0.1");
await once(server, "listening");
const client = new Client({
  baseUrl: `http://127.0.0.1:${server.address().port}`,
  clock: new Clock(() => 1614550000000),
  credentials: new SignedCredentials({ key: "key", secret: SECRET }),
});
await client.cancelOrder({ symbol: "BTC_USDT", orderId: "28" });
await client.close();
assert.equal(seen.length, 1);
assert.equal(seen[0]["x-signature"], EXPECTED);
server.close();
"""


def test_an_emitted_client_signs_the_instruction_that_the_contract_states(
    tmp_path: Path, package: Callable[..., tuple[Path, Emission]], toolchain: Any
) -> None:
    entry = catalogue_entry("backpack")
    assert entry is not None
    (vector,) = entry.scheme.vectors
    document = tmp_path / "venue.openapi.yaml"
    document.write_text(DOCUMENT, encoding="utf-8")
    folder, emission = package(document)
    assert emission.findings == ()
    for compiler in ("typescript", "typescript-5"):
        assert toolchain.compile(folder, compiler) == ""
    program = PROGRAM.replace("SECRET", json.dumps(vector.document["secret"]))
    toolchain.run(folder, program.replace("EXPECTED", json.dumps(vector.document["expected"])))
