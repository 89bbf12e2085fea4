/** The client against a real HTTP server: exact bytes, typed errors, retries, unknown outcomes. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import undici from "undici";
import { Decimal } from "../src/decimal.ts";
import {
  ApiError,
  ConfigurationError,
  ConnectError,
  DecodeError,
  ProtocolError,
  SigningError,
  TimeoutError,
  UnknownOutcomeError,
} from "../src/errors.ts";
import { HttpClient } from "../src/http_client.ts";
import type { HttpOperation } from "../src/operation.ts";
import { apiKey, basic, bearer } from "../src/signing.ts";
import type { TransportFactory } from "../src/transport.ts";
import { FetchTransport } from "../src/transport_fetch.ts";
import { type Undici, UndiciTransport } from "../src/transport_undici.ts";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let seen: Seen[] = [];
let answer: (request: Seen, response: ServerResponse) => void;
let baseUrl = "";

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    const { method = "", url = "", headers } = request;
    const one = { method, url, headers, body };
    seen.push(one);
    answer(one, response);
  });
});

before(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const json = (response: ServerResponse, status: number, value: unknown, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
};

class GoneError extends ApiError {
  override name = "GoneError";
}

class RefusedError extends ApiError {
  override name = "RefusedError";
  static readonly retry = "after_delay";
}

const errors = {
  classes: { GONE: GoneError, REFUSED: RefusedError },
  code: ["error.code", "code"],
  message: ["error.message", "message"],
  details: ["details"],
  requestId: ["request_id"],
};

const getOrder: HttpOperation<
  { orderId: string; depth?: number; tags?: readonly string[] },
  { price: Decimal }
> = {
  name: "getOrder",
  method: "GET",
  path: "/orders/{order_id}",
  effect: "read",
  parameters: [
    { property: "orderId", name: "order_id", in: "path", isRequired: true },
    { property: "depth", name: "depth", in: "query" },
    { property: "tags", name: "tags", in: "query" },
  ],
  responses: [
    {
      status: "200",
      mediaType: "application/json",
      schema: { kind: "object", fields: [["price", "price", "decimal"]] },
    },
  ],
  errors,
};

const placeOrder: HttpOperation<{ clientOrderId: string; price: Decimal | string }, unknown> = {
  name: "placeOrder",
  method: "POST",
  path: "/orders",
  effect: "create",
  body: {
    mediaType: "application/json",
    isRequired: true,
    schema: {
      kind: "object",
      fields: [
        ["clientOrderId", "client_order_id"],
        ["price", "price", "decimal"],
      ],
    },
  },
  responses: [{ status: "201", mediaType: "application/json" }],
  security: [["key"]],
  dedupKey: { property: "clientOrderId", resolver: "getOrderByClientOrderId" },
  errors,
};

const transports: readonly (readonly [string, TransportFactory | undefined])[] = [
  ["sockets", undefined],
  ["undici", (origin, limits) => new UndiciTransport(origin, limits, undici as unknown as Undici)],
  ["fetch", (origin, limits) => new FetchTransport(origin, limits)],
];

for (const [name, transport] of transports) {
  const make = (options = {}) => {
    seen = [];
    return new HttpClient({
      baseUrl,
      credentials: apiKey("key", "header", "x-key", "secret"),
      retry: { firstDelayMs: 1 },
      ...(transport !== undefined && { transport }),
      ...options,
    });
  };

  test(`${name}: sends the exact target, headers and body`, async () => {
    await using client = make();
    answer = (_request, response) => json(response, 200, { price: "0.10" });
    const order = await client.call(getOrder, { orderId: "a/b c", depth: 5, tags: ["x+y", "z"] });
    assert.equal(order.price.toString(), "0.10");
    assert.equal(seen[0]?.url, "/base/orders/a%2Fb%20c?depth=5&tags=x%2By&tags=z");
    assert.equal(seen[0]?.headers["x-key"], undefined);
    answer = (_request, response) => json(response, 201, { ok: true });
    await client.call(placeOrder, { clientOrderId: "c-1", price: Decimal.of("1.50") });
    assert.equal(seen[1]?.body, '{"client_order_id":"c-1","price":"1.50"}');
    assert.equal(seen[1]?.headers["x-key"], "secret");
    assert.equal(seen[1]?.headers["content-type"], "application/json");
    assert.equal(seen[1]?.headers.host, new URL(baseUrl).host);
  });

  test(`${name}: a read is retried, a write is not`, async () => {
    await using client = make();
    answer = (_request, response) =>
      seen.length < 3 ? json(response, 503, {}) : json(response, 200, { price: "1" });
    await client.call(getOrder, { orderId: "1" });
    assert.equal(seen.length, 3);
    seen = [];
    answer = (_request, response) => json(response, 503, {});
    await assert.rejects(client.call(placeOrder, { clientOrderId: "c-1", price: "1" }), (error) => {
      assert.ok(error instanceof UnknownOutcomeError);
      assert.equal(error.clientOrderId, "c-1");
      assert.equal(error.resolver, "getOrderByClientOrderId");
      assert.ok(error.cause instanceof ApiError);
      return true;
    });
    assert.equal(seen.length, 1);
  });

  test(`${name}: a code that says "nothing was done" is a refusal, even with a 5xx`, async () => {
    await using client = make();
    answer = (_request, response) => json(response, 503, { code: "REFUSED" });
    const call = client.call(placeOrder, { clientOrderId: "c-1", price: "1" });
    await assert.rejects(call, RefusedError);
  });

  test(`${name}: errors are typed by the contract's table`, async () => {
    await using client = make();
    answer = (_request, response) =>
      json(
        response,
        404,
        { error: { code: "GONE", message: "no such order" }, details: { id: 1 }, request_id: "r" },
        { "retry-after": "7" },
      );
    await assert.rejects(client.call(getOrder, { orderId: "1" }), (error) => {
      assert.ok(error instanceof GoneError);
      assert.equal(error.message, "GONE: no such order (status 404, request r)");
      assert.deepEqual(error.details, { id: 1 });
      assert.equal(error.retryAfterS, 7);
      return true;
    });
    answer = (_request, response) => response.writeHead(502).end("<html>bad gateway</html>");
    await assert.rejects(client.call(getOrder, { orderId: "1" }), /status 502/);
  });

  test(`${name}: a lost answer to a write has an unknown outcome`, async () => {
    await using client = make();
    answer = (_request, response) => response.destroy();
    const lost = client.call(placeOrder, { clientOrderId: "c-2", price: "1" });
    await assert.rejects(lost, UnknownOutcomeError);
    answer = () => undefined;
    const late = client.call(placeOrder, { clientOrderId: "c-3", price: "1" }, { timeoutMs: 700 });
    await assert.rejects(late, (error) => {
      assert.ok(error instanceof UnknownOutcomeError);
      assert.ok(error.cause instanceof TimeoutError);
      return true;
    });
    assert.equal(seen.length, 2);
  });

  test(`${name}: a connection that was never made is no unknown outcome`, async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    await new Promise((closed) => free.close(closed));
    await using client = make({ baseUrl: `http://127.0.0.1:${port}` });
    const call = client.call(placeOrder, { clientOrderId: "c-4", price: "1" });
    await assert.rejects(call, ConnectError);
  });

  test(`${name}: sizes are bounded, redirects are not followed, garbage is named`, async () => {
    await using client = make({ limits: { maxBodyBytes: 1000 }, retry: { retries: 0 } });
    answer = (_request, response) => json(response, 200, { price: "1".repeat(5000) });
    await assert.rejects(client.call(getOrder, { orderId: "1" }), ProtocolError);
    answer = (_request, response) => response.writeHead(302, { location: "/elsewhere" }).end();
    await assert.rejects(client.call(getOrder, { orderId: "1" }), /status 302/);
    answer = (_request, response) => json(response, 200, { price: "a" });
    await assert.rejects(client.call(getOrder, { orderId: "1" }), DecodeError);
    assert.equal(seen.filter((one) => one.url === "/elsewhere").length, 0);
  });

  test(`${name}: many at once`, async () => {
    const reports: unknown[] = [];
    await using client = make({ onAttempt: (report: unknown) => reports.push(report) });
    answer = async (request, response) => {
      await sleep(Math.random() * 5);
      json(response, 200, { price: request.url.split("/").at(-1) });
    };
    const ids = Array.from({ length: 200 }, (_, at) => String(at));
    const orders = await Promise.all(ids.map((orderId) => client.call(getOrder, { orderId })));
    assert.deepEqual(
      orders.map((order) => order.price.toString()),
      ids,
    );
    assert.equal(reports.length, 200);
  });
}

test("what cannot be sent is refused before anything is sent", async () => {
  seen = [];
  await using client = new HttpClient({ baseUrl });
  const input = { clientOrderId: "c", price: "1" };
  await assert.rejects(client.call(placeOrder, input), ConfigurationError);
  await assert.rejects(client.call(getOrder, { orderId: ".." }), /change the path/);
  await assert.rejects(client.call(getOrder, {} as { orderId: string }), /orderId is required/);
  const odd = { orderId: "1", dept: 1 };
  await assert.rejects(client.call(getOrder, odd), /no input "dept"/);
  const float = { clientOrderId: "c", price: 0.1 as unknown as string };
  await assert.rejects(client.call(placeOrder, float), /placeOrder: price: .*the number 0\.1/);
  const headers = { "x-a": "b\r\nx-evil: 1" };
  await assert.rejects(client.call(getOrder, { orderId: "1" }, { headers }), SigningError);
  assert.equal(seen.length, 0);
});

test("an operation with an own server goes there, but never out of a sandbox", async () => {
  seen = [];
  answer = (_request, response) => json(response, 200, { price: "1" });
  const elsewhere = { ...getOrder, baseUrl: baseUrl.replace("/base", "/other") };
  await using client = new HttpClient({ baseUrl, defaultUrl: baseUrl });
  await client.call(elsewhere, { orderId: "1" });
  assert.equal(seen[0]?.url, "/other/orders/1");
  const sandbox = { baseUrl: `${baseUrl}/sandbox`, defaultUrl: baseUrl };
  await using pointed = new HttpClient(sandbox);
  await assert.rejects(pointed.call(elsewhere, { orderId: "1" }), /say with the option baseUrls/);
  const baseUrls = { [elsewhere.baseUrl]: `${baseUrl}/sandbox/other` };
  await using told = new HttpClient({ ...sandbox, baseUrls });
  await told.call(elsewhere, { orderId: "1" });
  assert.equal(seen[1]?.url, "/base/sandbox/other/orders/1");
  assert.equal(seen.length, 2);
});

test("a bad base URL is refused without showing a password", () => {
  for (const url of ["", "ftp://x", "http://", "https://x/?q=1", "https://x/#f"]) {
    assert.throws(() => new HttpClient({ baseUrl: url }), ConfigurationError, url);
  }
  assert.throws(
    () => new HttpClient({ baseUrl: "https://me:hunter2@x" }),
    (error: Error) => !error.message.includes("hunter2"),
  );
});

test("the plain schemes place their secrets and hide them", async () => {
  seen = [];
  answer = (_request, response) => json(response, 200, { price: "1" });
  const operation = { ...getOrder, security: [["a", "b"]] };
  const credentials = [bearer("a", "token"), apiKey("b", "query", "api key", "k&y")];
  await using client = new HttpClient({ baseUrl, credentials });
  await client.call(operation, { orderId: "1" });
  assert.equal(seen[0]?.headers.authorization, "Bearer token");
  assert.equal(seen[0]?.url, "/base/orders/1?api%20key=k%26y");
  assert.ok(!JSON.stringify(credentials).includes("token"));
  assert.throws(() => basic("c", "a:b", "x"), SigningError);
  assert.throws(() => bearer("c", "a\nb"), SigningError);
});
