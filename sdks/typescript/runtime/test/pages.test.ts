/** Which page comes next, and when there is none: by cursor, by yes or no, by number of pages. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { ProtocolError } from "../src/errors.ts";
import { HttpClient } from "../src/http_client.ts";
import type { HttpOperation } from "../src/operation.ts";
import { pageStep } from "../src/pages.ts";

const cursor = { parameter: "cursor", items: ["data", "rows"], next: ["data", "nextCursor"] };
const page = (rows: unknown, nextCursor?: unknown) => ({ data: { rows, nextCursor } });

test("a cursor is passed on with everything else, until there is none", () => {
  const step = pageStep(cursor, { symbol: "BTC" }, page([1, 2], "b"));
  assert.deepEqual(step, { items: [1, 2], next: { symbol: "BTC", cursor: "b" } });
  // A filter may leave a page empty in the middle.
  assert.deepEqual(pageStep(cursor, {}, page([], 7n)).next, { cursor: 7n });
  for (const last of [undefined, null, ""]) {
    assert.equal(pageStep(cursor, { cursor: "b" }, page([3], last)).next, undefined);
  }
  assert.deepEqual(pageStep(cursor, {}, {}), { items: [], next: undefined });
});

test("what would never end, or holds no list, is an error", () => {
  assert.throws(() => pageStep(cursor, { cursor: "b" }, page([1], "b")), ProtocolError);
  assert.throws(() => pageStep(cursor, {}, page({ a: 1 })), ProtocolError);
});

test("numbered pages end where the venue says so, or with an empty one", () => {
  const more = { parameter: "page", items: ["rows"], hasMore: ["hasMore"], first: 0 };
  assert.deepEqual(pageStep(more, {}, { rows: [1], hasMore: true }).next, { page: 1 });
  assert.deepEqual(pageStep(more, { page: 4n }, { rows: [1], hasMore: true }).next, { page: 5 });
  assert.equal(pageStep(more, {}, { rows: [1], hasMore: false }).next, undefined);
  assert.equal(pageStep(more, {}, { rows: [], hasMore: true }).next, undefined);
  const total = { parameter: "page", items: ["rows"], totalPages: ["totalPages"], first: 1 };
  assert.deepEqual(pageStep(total, {}, { rows: [1], totalPages: 2 }).next, { page: 2 });
  assert.equal(pageStep(total, { page: 2 }, { rows: [1], totalPages: 2n }).next, undefined);
  assert.equal(pageStep(total, {}, { rows: [1] }).next, undefined);
});

test("a client asks for a page when its first item is wanted, and not before", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const answer = { rows: [asked.length], next: asked.length < 3 ? `c${asked.length}` : null };
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  await using client = new HttpClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  const list: HttpOperation<{ cursor?: string }, unknown> = {
    name: "list",
    method: "GET",
    path: "/list",
    effect: "read",
    parameters: [{ property: "cursor", name: "cursor", in: "query" }],
    responses: [{ status: "200", mediaType: "application/json" }],
    pages: { parameter: "cursor", items: ["rows"], next: ["next"] },
  };
  const all = client.iterate<number, { cursor?: string }>(list, {});
  assert.deepEqual(asked, []);
  assert.equal((await all.next()).value, 1);
  assert.deepEqual(asked, ["/list"]);
  const rest: number[] = [];
  for await (const one of all) rest.push(one);
  assert.deepEqual(
    [rest, asked],
    [
      [2, 3],
      ["/list", "/list?cursor=c1", "/list?cursor=c2"],
    ],
  );
  const { pages: _pages, ...single } = list;
  await assert.rejects(client.iterate(single, {}).next(), TypeError);
  server.closeAllConnections();
  server.close();
});
