/** Each attempt is signed anew by an emitted signer, with the clock as it was measured. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { HmacCredentials } from "../../meridian/src/signing.ts";
import { Clock } from "../src/clock.ts";
import { ConfigurationError } from "../src/errors.ts";
import { HttpClient } from "../src/http_client.ts";
import { IncreasingNonce, UuidNonce } from "../src/nonce.ts";
import type { HttpOperation } from "../src/operation.ts";
import { RequestDraft } from "../src/signing.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW_MS = 1_767_225_600_123;

const getOrders: HttpOperation<Record<string, never>, unknown> = {
  name: "getOrders",
  method: "GET",
  path: "/v1/orders",
  effect: "read",
  security: [["hmac"]],
  responses: [{ status: "200", mediaType: "application/json" }],
};

interface Signed {
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
  readonly expected: string;
}

/** What came, and the signature that Meridian's guide asks for, by the platform alone. */
const read = ({ headers, method, url }: IncomingMessage): Signed => {
  const timestamp = String(headers["meridian-timestamp"]);
  const nonce = String(headers["meridian-nonce"]);
  const digest = createHash("sha256").update("").digest("hex");
  const host = String(headers.host).toLowerCase();
  const lines = ["MERIDIAN-1", method, host, url, digest, timestamp, nonce, "demo"];
  const expected = createHmac("sha256", SECRET).update(lines.join("\n")).digest("hex");
  return { timestamp, nonce, signature: String(headers["meridian-signature"]), expected };
};

test("each attempt has its own time and nonce, and a signature over them", async () => {
  const seen: Signed[] = [];
  const server = createServer((request, response) => {
    seen.push(read(request));
    // The first answer is lost, the second says to come again, the third is good.
    if (seen.length === 1) response.destroy();
    else response.writeHead(seen.length === 2 ? 503 : 200, JSON_TYPE).end("{}");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  let now = NOW_MS;
  const client = new HttpClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: new HmacCredentials({ key: "demo", secret: SECRET }),
    // Each reading is a millisecond later, as if the attempts were that far apart.
    clock: new Clock(() => now++),
    retry: { firstDelayMs: 1 },
  });
  await client.call(getOrders, {});
  await client.close();
  server.closeAllConnections();
  server.close();
  assert.equal(seen.length, 3);
  for (const one of seen) assert.equal(one.signature, one.expected);
  for (const name of ["timestamp", "nonce", "signature"] as const) {
    assert.equal(new Set(seen.map((one) => one[name])).size, 3, name);
  }
});

const JSON_TYPE = { "content-type": "application/json" };

test("a measured offset is applied and shown with its doubt, and signs the next request", () => {
  const clock = new Clock(() => NOW_MS);
  assert.deepEqual(clock.observe(NOW_MS + 2_000, NOW_MS - 5, NOW_MS + 5), {
    offsetMs: 2_000,
    uncertaintyMs: 5,
  });
  assert.deepEqual([clock.offsetMs, clock.uncertaintyMs], [2_000, 5]);
  assert.deepEqual([clock.localMs(), clock.nowMs()], [NOW_MS, NOW_MS + 2_000]);
  assert.equal(clock.nowS(), Math.floor((NOW_MS + 2_000) / 1_000));
  assert.equal(clock.nowUs(), BigInt(NOW_MS + 2_000) * 1_000n);
  assert.equal(clock.nowNs(), BigInt(NOW_MS + 2_000) * 1_000_000n);
  const draft = new RequestDraft("GET", "api.example", "/v1/orders");
  new HmacCredentials({ key: "demo", secret: SECRET }).signer(clock).sign(draft);
  assert.equal(new Map(draft.headers).get("MERIDIAN-TIMESTAMP"), String(NOW_MS + 2_000));
});

test("a clock that steps back while it is measured is refused", () => {
  const clock = new Clock(() => NOW_MS);
  assert.throws(() => clock.observe(1, 3, 2), ConfigurationError);
  assert.equal(clock.offsetMs, 0);
});

test("increasing nonces follow the clock and never fall, whatever the clock does", () => {
  const times = [5, 5, 3, 9];
  const source = new IncreasingNonce(new Clock(() => times.shift() ?? 0), 1n);
  const drawn = [source.next(), source.next(), source.next(), source.next(), source.next()];
  assert.deepEqual(drawn, [5n, 6n, 7n, 9n, 10n]);
});

test("increasing nonces of one key are one sequence, however many clients draw them", () => {
  const clock = new Clock(() => 5);
  const sources = Array.from({ length: 8 }, () => new IncreasingNonce(clock, 1n, "one key"));
  const drawn = Array.from({ length: 800 }, (_, at) => sources[at % 8]?.next());
  assert.deepEqual(
    drawn,
    Array.from({ length: 800 }, (_, at) => BigInt(at + 5)),
  );
  assert.equal(new IncreasingNonce(clock, 1n, "another key").next(), 5n);
  assert.equal(new IncreasingNonce(clock, 1n).next(), 5n);
});

test("a restart goes on above what was drawn", () => {
  const place = new URL("../src/", import.meta.url);
  const program = `
    import { Clock } from "${new URL("clock.ts", place)}";
    import { IncreasingNonce } from "${new URL("nonce.ts", place)}";
    const source = new IncreasingNonce(new Clock(), 1_000n, "key");
    console.log(Array.from({ length: 500 }, () => source.next()).join(" "));`;
  const command = ["--no-warnings", "--input-type=module", "-e", program];
  const runs = Array.from({ length: 3 }, () => execFileSync(process.execPath, command).toString());
  const drawn = runs.flatMap((text) => text.trim().split(" ").map(BigInt));
  assert.equal(drawn.length, 1_500);
  assert.ok(drawn.every((one, at) => at === 0 || one > (drawn[at - 1] ?? 0n)));
});

test("UUIDs have version and variant, and all differ", () => {
  const source = new UuidNonce();
  const drawn = Array.from({ length: 500 }, () => source.next());
  for (const one of drawn) {
    assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.equal(new Set(drawn).size, 500);
});
