/** Hooks see each attempt, and neither they nor a log ever see a secret: against a real server. */

import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { ApiError, UnknownOutcomeError } from "../src/errors.ts";
import { type ClientOptions, HttpClient } from "../src/http_client.ts";
import type { Logger } from "../src/observers.ts";
import type { HttpOperation } from "../src/operation.ts";
import { apiKey, basic, bearer } from "../src/signing.ts";
import { StreamClient } from "../src/stream_client.ts";
import { until } from "./waiting.ts";

const SECRET = "s3cr3t-must-stay";
const HIDDEN = [SECRET, btoa(`me:${SECRET}`)];

let baseUrl = "";
let requests: IncomingMessage[] = [];
let status = 200;

const server = createServer((request, response) => {
  requests.push(request);
  if (status === 0) request.socket.destroy();
  else {
    // A venue may well repeat what it was sent.
    response.writeHead(status, { "x-echo": SECRET, "x-request-id": "r-1" });
    response.end(JSON.stringify({ code: SECRET, message: `bad key ${SECRET}` }));
  }
});

before(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  requests = [];
  status = 200;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const operation = (scheme: string): HttpOperation<{ id: string; pin?: string }, unknown> => ({
  name: "withdraw",
  method: "POST",
  path: "/withdrawals/{id}",
  effect: "create",
  parameters: [{ property: "id", name: "id", in: "path", isRequired: true }],
  body: { mediaType: "application/json" },
  responses: [{ status: "200", mediaType: "application/json" }],
  security: [[scheme]],
});

const schemes = {
  header: apiKey("header", "header", "x-key", SECRET),
  query: apiKey("query", "query", "key", SECRET),
  cookie: apiKey("cookie", "cookie", "key", SECRET),
  bearer: bearer("bearer", SECRET),
  basic: basic("basic", "me", SECRET),
};

const client = (options: Partial<ClientOptions>) =>
  new HttpClient({ baseUrl, credentials: Object.values(schemes), ...options });

test("a log of every outcome holds no secret", async () => {
  const lines: unknown[][] = [];
  const logger: Logger = {
    debug: (...line) => lines.push(["debug", ...line]),
    warn: (...line) => lines.push(["warn", ...line]),
  };
  const failures: unknown[] = [];
  await using one = client({ logger });
  for (const scheme of Object.keys(schemes)) {
    for (status of [200, 401, 0]) {
      const call = one.call(operation(scheme), { id: "7", pin: SECRET });
      await call.catch((error: unknown) => failures.push(error));
    }
  }
  assert.equal(lines.length, 3 * Object.keys(schemes).length);
  const shown = inspect(lines, { depth: null, showHidden: true });
  for (const hidden of HIDDEN) assert.ok(!shown.includes(hidden), shown);
  assert.ok(failures[0] instanceof ApiError && failures[1] instanceof UnknownOutcomeError);
  const facts = { operation: "withdraw", method: "POST", path: "/withdrawals/{id}", attempt: 0 };
  const bare = ([level, message, report]: unknown[] = []) => {
    const { durationMs, ...rest } = report as Record<string, unknown>;
    assert.ok(typeof durationMs === "number");
    return [level, message, rest];
  };
  assert.deepEqual(bare(lines[0]), ["debug", "withdraw: answered", { ...facts, status: 200 }]);
  assert.deepEqual(bare(lines[1]), ["warn", "withdraw: refused", { ...facts, status: 401 }]);
  const broken = { ...facts, error: "TransportError" };
  assert.deepEqual(bare(lines[2]), ["warn", "withdraw: no answer", broken]);
});

test("a client shows no secret when it is printed", () => {
  const shown = inspect(client({}), { depth: null, showHidden: true });
  for (const hidden of HIDDEN) assert.ok(!shown.includes(hidden));
});

test("a request hook adds to what is signed, and does not see the credentials", async () => {
  const drafts: string[] = [];
  const statuses: number[] = [];
  await using one = client({
    hooks: {
      onRequest: async (draft, { operation: name }) => {
        await sleep(1);
        drafts.push(inspect(draft, { depth: null }));
        draft.addHeader("x-trace", name);
        draft.addQuery("trace", "1");
      },
      onResponse: (response, { attempt }) => statuses.push(response.status + attempt),
    },
  });
  await one.call(operation("header"), { id: "7" });
  status = 500;
  await assert.rejects(one.call(operation("header"), { id: "7" }), UnknownOutcomeError);
  assert.equal(requests[0]?.headers["x-trace"], "withdraw");
  assert.equal(requests[0]?.headers["x-key"], SECRET);
  assert.equal(requests[0]?.url, "/withdrawals/7?trace=1");
  assert.deepEqual(statuses, [200, 500]);
  assert.ok(drafts.length === 2 && drafts.every((draft) => !draft.includes(SECRET)));
});

test("a request hook that throws keeps the request back", async () => {
  await using one = client({
    hooks: {
      onRequest: () => {
        throw new RangeError("not today");
      },
    },
  });
  await assert.rejects(one.call(operation("header"), { id: "7" }), RangeError);
  assert.equal(requests.length, 0);
});

test("an onlooker that throws changes no outcome, and is heard of", async () => {
  const heard: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => heard.push(error));
  const fail = () => {
    throw new RangeError("disk full");
  };
  await using one = client({ logger: { debug: fail, warn: fail }, hooks: { onResponse: fail } });
  const answer = await one.callRaw(operation("header"), { id: "7" });
  await until(() => heard.length === 2);
  process.removeAllListeners("uncaughtException");
  for (const listener of listeners) process.on("uncaughtException", listener);
  assert.equal(answer.status, 200);
  assert.equal(heard.length, 2);
});

test("a raw answer has status, headers and bytes besides its value", async () => {
  await using one = client({});
  const answer = await one.callRaw(operation("header"), { id: "7" });
  assert.equal(answer.status, 200);
  assert.equal(answer.header("x-request-id"), "r-1");
  assert.deepEqual(JSON.parse(new TextDecoder().decode(answer.body)), answer.value);
});

test("a stream's log tells its states and the class of an error", async () => {
  const lines: unknown[][] = [];
  const logger: Logger = {
    debug: (...line) => lines.push(["debug", ...line]),
    warn: (...line) => lines.push(["warn", ...line]),
  };
  const stream = new StreamClient({ path: `/${SECRET}` }, { baseUrl, logger });
  await assert.rejects(stream.connect());
  assert.deepEqual(lines, [
    ["debug", "stream: connecting", { state: "connecting" }],
    ["warn", "stream: idle", { state: "idle", error: "ConnectError" }],
  ]);
});
