"""Sessions in emitted TypeScript: a real client in Node against a venue that enforces them."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from venuekit.emit.emission import Emission

SESSIONS = Path(__file__).resolve().parents[1] / "sessions"
if str(SESSIONS) not in sys.path:
    sys.path.append(str(SESSIONS))

from session_venue import CLIENT, CLIENT_SECRET, KEY, SECRET, Venue, serve  # noqa: E402

DOCUMENTS = SESSIONS / "documents"
PRIVATE_SECRET = base64.b64encode(b"a secret of the private socket").decode()
Package = Callable[..., tuple[Path, Emission]]

HEAD = """
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
const log = [];
const logger = { debug: (...all) => log.push(all), warn: (...all) => log.push(all) };
const told = async (path) => (await fetch(URL + path)).json();
const until = async (isSo) => {
  for (let n = 0; n < 2000; n += 1) { if (await isSo()) return; await sleep(10); }
  assert.fail("it did not happen in time");
};
"""

REST = """
import { ApiError, Client, ConfigurationError, SessionError } from "./src/index.ts";
import { OauthCredentials, SignatureCredentials } from "./src/index.ts";
const oauth = (clientSecret) => new OauthCredentials({ clientId: "CLIENT", clientSecret });
const client = (credentials) => new Client({ baseUrl: URL, credentials, logger });

// Opened once for all who call at the same time.
let trader = client(oauth("CLIENT_SECRET"));
const names = await Promise.all(Array.from({ length: 50 }, () => trader.getAccount()));
assert.ok(names.every(({ name }) => name === "me"));
assert.deepEqual(await told("/_calls"), { open: 1 });

// A read, and an order that was refused before it was placed, are sent again with a new token.
await told("/_revoke");
assert.equal((await trader.getAccount()).name, "me");
await told("/_revoke");
assert.equal((await trader.placeOrder({ clientOrderId: "a-1" })).name, "a-1");
assert.deepEqual(await told("/_calls"), { open: 3, refused: 2 });
await trader.close();

// Refreshed in time, and opened anew when nobody called until it had expired.
await told("/_reset?lifetime_s=4");
trader = client(oauth("CLIENT_SECRET"));
await until(async () => {
  await trader.getAccount();
  return (await told("/_calls")).refresh >= 2;
});
const calls = await told("/_calls");
assert.equal(calls.open, 1);
assert.equal(calls.refused, undefined);
await told("/_reset?lifetime_s=60");
await sleep(4_100);
await trader.getAccount();
assert.deepEqual(await told("/_calls"), { open: 1 });
await trader.close();

// A refused opening is named, shared and not shown.
await told("/_reset?lifetime_s=60");
trader = client(oauth("wrong-secret-do-not-show"));
const failed = await Promise.allSettled(Array.from({ length: 20 }, () => trader.getAccount()));
for (const { reason } of failed) {
  assert.ok(reason instanceof SessionError);
  assert.deepEqual([reason.scheme, reason.operation], ["oauth", "issueToken"]);
  assert.ok(reason.cause instanceof ApiError);
  assert.ok(!reason.message.includes("wrong-secret"));
}
assert.deepEqual(await told("/_calls"), { open: 1 });
await assert.rejects(client(undefined).getAccount(), ConfigurationError);
await assert.rejects(client(undefined).sendCommand({ clientOrderId: "c" }), /logIn opens/);

// A signature and a token together; the session is closed with the client.
await told("/_reset?lifetime_s=60");
trader = client(new SignatureCredentials({ key: "KEY", secret: "SECRET" }));
await trader.sendCommand({ clientOrderId: "c-0" });
await trader.sendCommand({ clientOrderId: "c-1" });
await trader.close();
assert.deepEqual(await told("/_calls"), { open: 1, close: 1 });

const { inspect } = await import("node:util");
const shown = inspect([log, trader, oauth("CLIENT_SECRET")], { depth: 20, showHidden: true });
assert.ok(shown.includes("issueToken"));
for (const secret of [...await told("/_given"), "CLIENT_SECRET"]) {
  assert.ok(!shown.includes(secret));
}
"""

USER = """
import { apiKeyCredentials, Client, ConfigurationError, SessionError, StreamClient }
  from "./src/index.ts";
const timing = { firstDelayMs: 10, longestDelayMs: 50 };
const baseUrl = URL.replace("http", "ws");
const clientOf = (key) => new Client({ baseUrl: URL, credentials: apiKeyCredentials(key), logger });
const streamOf = (rest) => new StreamClient({ baseUrl, rest, timing, logger });

assert.throws(() => new StreamClient({ baseUrl }), /session of listenKey.*rest: new Client/s);
assert.throws(() => streamOf(new Client({ baseUrl: URL })), /listenKey cannot be opened/);
await assert.rejects(streamOf(clientOf("wrong-key")).connect(), (error) => {
  assert.ok(error instanceof SessionError);
  assert.deepEqual([error.scheme, error.operation], ["listenKey", "createListenKey"]);
  return true;
});

// The socket opens at the address that the session gives, and is kept.
// The venue gives it longer than the contract, so that a busy machine does not end it.
await told("/_reset?lifetime_s=30");
let rest = clientOf("KEY");
let stream = streamOf(rest);
await stream.connect();
let events = stream.userData()[Symbol.asyncIterator]();
assert.equal(String((await events.next()).value.balance), "1.50");
await until(async () => (await told("/_calls")).refresh >= 3);
let calls = await told("/_calls");
assert.equal(calls.open, 1);
assert.equal(calls.connect, 1);

// A lost socket comes back with the same key.
await told("/_drop");
await until(async () => (await told("/_calls")).connect === 2 && stream.state === "ready");
assert.equal((await told("/_calls")).open, 1);
await sleep(300);

// Its end is told on the stream: a new key, a new socket, and events again. A refresh may meet
// the end before the stream tells of it, so that more than one is brought about.
const seen = [];
const watch = async () => {
  for await (const event of stream.userData()) seen.push(event.e);
};
watch().catch(() => undefined);
for (let n = 0; n < 20 && !seen.includes("listenKeyExpired"); n += 1) {
  await told("/_revoke");
  await sleep(700);
}
assert.ok(seen.includes("listenKeyExpired"));
await until(async () => (await told("/_calls")).open >= 2 && stream.state === "ready");
const count = seen.length;
await until(() => seen.length > count && seen.at(-1) === "ACCOUNT_UPDATE");
await stream.close();
await rest.close();
assert.equal((await told("/_calls")).close, 1);

// Refreshes that fail until it expires lead to a new one as well.
await told("/_reset?lifetime_s=1&keep=-1");
rest = clientOf("KEY");
stream = streamOf(rest);
await stream.connect();
await until(async () => (await told("/_calls")).open >= 3 && stream.state === "ready");
await stream.close();
await rest.close();

const { inspect } = await import("node:util");
const shown = inspect([log, stream, rest], { depth: 20, showHidden: true });
assert.ok(shown.includes("createListenKey"));
for (const secret of [...await told("/_given"), "KEY"]) assert.ok(!shown.includes(secret));
"""

KRAKEN = """
import { ApiKeyCredentials, Client, StreamClient } from "./src/index.ts";
const timing = { firstDelayMs: 10, longestDelayMs: 50 };
const baseUrl = URL.replace("http", "ws");
const credentials = new ApiKeyCredentials({ key: "KEY", secret: "PRIVATE_SECRET" });
const rest = new Client({ baseUrl: `${URL}/0`, credentials });
const opened = async () => {
  const stream = new StreamClient({ baseUrl, rest, timing, logger });
  await stream.connect();
  return stream;
};
let stream = await opened();
const events = stream.executions()[Symbol.asyncIterator]();
assert.equal((await events.next()).value.data[0].execId, "1");
await stream.addOrder({ clOrdId: "a-1" });
await told("/_drop");
await until(async () => (await told("/_calls")).connect === 2 && stream.state === "ready");
assert.deepEqual(await told("/_calls"), { open: 1, connect: 2 });

// A message that the end of its session refused is sent again, a subscription comes back.
await told("/_revoke");
await stream.addOrder({ clOrdId: "a-2" });
assert.deepEqual(await told("/_calls"), { open: 2, connect: 2, refused: 1 });
await told("/_revoke");
const more = stream.executions()[Symbol.asyncIterator]();
assert.equal((await more.next()).value.data[0].execId, "1");
// The event may be one of the subscription before.
await until(async () => (await told("/_calls")).open === 3);
await stream.close();

const stranger = new StreamClient({ baseUrl });
await stranger.connect();
await assert.rejects(stranger.addOrder({ clOrdId: "a-3" }), /socketToken.*rest: new Client/s);
await stranger.close();
await rest.close();
"""


UPGRADE = """
import { Client, SignatureCredentials, StreamClient } from "./src/index.ts";
const credentials = new SignatureCredentials({ key: "KEY", secret: "SECRET" });
const rest = new Client({ baseUrl: URL, credentials });
const stream = new StreamClient({ baseUrl: URL.replace("http", "ws"), rest });
await stream.connect();
const events = stream.accountUpdates()[Symbol.asyncIterator]();
assert.equal((await events.next()).value.e, "ACCOUNT_UPDATE");
assert.equal((await told("/_calls")).open, 1);
await stream.close();
await rest.close();
"""


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A venue of this test's own."""
    with serve(Venue) as running:
        yield running


@pytest.mark.parametrize(
    ("documents", "program"),
    [
        (("rest.openapi.yaml",), REST),
        (("rest.openapi.yaml", "user.asyncapi.yaml"), USER),
        (("kraken.openapi.yaml", "kraken.asyncapi.yaml"), KRAKEN),
        (("rest.openapi.yaml", "upgrade.asyncapi.yaml"), UPGRADE),
    ],
    ids=["rest", "user", "kraken", "upgrade"],
)
def test_a_session_is_kept_in_node(
    package: Package, toolchain: Any, venue: Venue, documents: tuple[str, ...], program: str
) -> None:
    folder, emission = package(*(DOCUMENTS / name for name in documents))
    assert [f for f in emission.findings if f.severity == "error"] == []
    for compiler in ("typescript", "typescript-5"):
        assert toolchain.compile(folder, compiler) == ""
    words = {
        "PRIVATE_SECRET": PRIVATE_SECRET,
        "CLIENT_SECRET": CLIENT_SECRET,
        '"CLIENT"': f'"{CLIENT}"',
        '"SECRET"': f'"{SECRET}"',
        '"KEY"': f'"{KEY}"',
    }
    text = HEAD + f'const URL = "{venue.url}";\n' + program
    for word, value in words.items():
        text = text.replace(word, value)
    toolchain.run(folder, text)
