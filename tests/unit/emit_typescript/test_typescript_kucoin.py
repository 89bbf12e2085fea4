"""KuCoin's token in emitted TypeScript: a real client in Node at the server that a reply names."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from venuekit.emit.emission import Emission

SESSIONS = Path(__file__).resolve().parents[1] / "sessions"
if str(SESSIONS) not in sys.path:
    sys.path.append(str(SESSIONS))

from kucoin_venue import KEY, PASSPHRASE, REFUSED, SECRET, KucoinVenue  # noqa: E402
from session_venue import serve  # noqa: E402

Joined = Callable[..., tuple[Path, Emission]]

HEAD = """
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { ApiError, ConfigurationError, SessionError } from "@venuekit/runtime";
import { setTimeout as sleep } from "node:timers/promises";
import * as sdk from "./src/index.ts";
const told = async (path) => (await fetch(`${REST}${path}`)).json();
const log = [];
const logger = { debug: (...all) => log.push(all), warn: (...all) => log.push(all) };
const timing = { firstDelayMs: 10, longestDelayMs: 50 };
const credentialsOf = (secret) => new sdk.SignedCredentials({ ...HELD, secret });
const restOf = (secret) =>
  new sdk.Client({ baseUrl: REST, logger, credentials: credentialsOf(secret) });
const streamOf = (rest, more = {}) => new sdk.StreamClient({ rest, timing, logger, ...more });
const first = (events) => events[Symbol.asyncIterator]().next();
"""

PRIVATE = """
const rest = restOf(HELD.secret);
const stream = streamOf(rest);
await stream.connect();
const events = stream.account()[Symbol.asyncIterator]();
assert.equal((await events.next()).value.data.currency, "USDT");
assert.equal((await stream.ping()).type, "pong");
assert.deepEqual(await told("/_calls"), { open: 1, connect: 1 });

// A lost socket keeps its token; one that is refused is replaced.
await told("/_drop");
await events.next();
assert.deepEqual(await told("/_calls"), { open: 1, connect: 2 });
await told("/_revoke");
await told("/_drop");
await events.next();
const calls = await told("/_calls");
assert.equal(calls.open, 2);
// After a 401 Node's own WebSocket asks once more, with the same address.
assert.ok(calls.refused <= 2 && calls.connect === 3 + calls.refused);

// An error frame is a typed refusal.
await told("/_refuse?topic=/account/balance&topic=/contractAccount/wallet&topic=ping");
const refused = async (asked, code, words) =>
  assert.rejects(asked, (error) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.code, error.status], [code, 0]);
    assert.ok(error.message.includes(words), error.message);
    return true;
  });
await refused(stream.ping(), "400", "type is not supported");
await stream.close();
const another = streamOf(rest);
await another.connect();
await refused(first(another.account()), "404", "is not found");
await another.close();
await rest.close();

// A wrong signature is the venue's refusal.
await assert.rejects(streamOf(restOf("another-secret")).connect(), (error) => {
  assert.ok(error instanceof SessionError);
  assert.deepEqual([error.scheme, error.operation], ["socketToken", "getPrivateToken"]);
  return true;
});
const shown = inspect([log, stream, rest], { depth: 20, showHidden: true });
assert.ok(shown.includes("getPrivateToken"));
for (const secret of [...await told("/_given"), HELD.secret]) assert.ok(!shown.includes(secret));
"""

PUBLIC = """
const rest = new sdk.Client({ baseUrl: REST });
const stream = streamOf(rest);
await stream.connect();
assert.equal((await stream.ping()).type, "pong");
assert.deepEqual(await told("/_calls"), { open: 1, connect: 1 });
await stream.close();
await rest.close();
"""

ELSEWHERE = """
const rest = restOf(HELD.secret);
for (const [address, words] of ADDRESSES) {
  await told(`/_endpoint?address=${encodeURIComponent(address)}`);
  await told("/_reset?lifetime_s=60");
  const fresh = restOf(HELD.secret);
  await assert.rejects(streamOf(fresh).connect(), (error) => {
    assert.ok(error instanceof SessionError, `${address}: ${error}`);
    assert.ok(error.cause instanceof ConfigurationError);
    assert.ok(error.message.includes(words), error.message);
    assert.ok(!error.message.includes("user:word"));
    return true;
  });
  assert.deepEqual(await told("/_calls"), { open: 1 });
  await fresh.close();
}
// What a caller names goes before the reply.
const stream = streamOf(rest, { baseUrl: `${SOCKET}/endpoint` });
await stream.connect();
assert.equal((await first(stream.account())).value.data.currency, "USDT");
await stream.close();
await rest.close();
"""


@pytest.fixture
def kucoin() -> Iterator[KucoinVenue]:
    """A venue of this test's own."""
    with serve(KucoinVenue) as running:
        yield running


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("spot-private", PRIVATE),
        ("futures-private", PRIVATE.replace(".account()", ".balance()")),
        ("spot-public", PUBLIC),
        ("spot-private", ELSEWHERE),
    ],
    ids=["spot", "futures", "public", "elsewhere"],
)
def test_a_token_and_its_server_are_kept_in_node(
    joined: Joined, corpus: Path, toolchain: Any, kucoin: KucoinVenue, name: str, program: str
) -> None:
    rest = name.partition("-")[0]
    documents = [
        corpus / "kucoin" / f"{one}.openapi.json" for one in (f"rest-{rest}", f"ws-{name}")
    ]
    overlays = [f"kucoin-{rest}", f"kucoin-ws-{name}", f"kucoin-{name}-session"]
    folder, emission = joined(documents, overlays)
    assert [f for f in emission.findings if f.severity == "error"] == []
    words = {
        "REST": kucoin.url,
        "SOCKET": kucoin.urls[1].replace("http", "ws", 1),
        "HELD": {"key": KEY, "secret": SECRET, "passphrase": PASSPHRASE},
        "ADDRESSES": REFUSED,
    }
    constants = "".join(f"const {key} = {json.dumps(word)};\n" for key, word in words.items())
    toolchain.run(folder, HEAD + constants + program)
