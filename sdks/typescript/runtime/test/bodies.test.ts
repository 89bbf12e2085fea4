/** Bodies on the wire: multipart and forms as the platform's own parser reads them; downloads. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { writeBody } from "../src/bodies.ts";
import { Decimal } from "../src/decimal.ts";
import { HttpClient } from "../src/http_client.ts";
import type { HttpOperation } from "../src/operation.ts";

const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);

const parsed = (content: string | Uint8Array, mediaType: string) =>
  new Response(content as Uint8Array<ArrayBuffer>, {
    headers: { "content-type": mediaType },
  }).formData();

const fileOf = (value: unknown): File => {
  assert.ok(value instanceof File);
  return value;
};

test("a multipart body holds files, texts, lists and objects", async () => {
  const members = {
    raw: bytes,
    named: { data: "a,b\n1,2", fileName: 'we"ird\r\n.csv', mediaType: "text/csv" },
    title: "ä\r\n--x",
    size: 1e21,
    ids: ["1", "2"],
    meta: { a: 12345678901234567890n },
    absent: undefined,
  };
  const encoding = { raw: { mediaType: "image/png" } };
  const body = { mediaType: "multipart/form-data", encoding };
  const written = writeBody(body, members, true);
  assert.equal(written.members, undefined);
  const form = await parsed(written.content, written.mediaType);
  assert.deepEqual([...new Set(form.keys())], ["raw", "named", "title", "size", "ids", "meta"]);
  const raw = fileOf(form.get("raw"));
  assert.deepEqual(new Uint8Array(await raw.arrayBuffer()), bytes);
  assert.deepEqual([raw.name, raw.type], ["raw", "image/png"]);
  const named = fileOf(form.get("named"));
  assert.deepEqual([await named.text(), named.type], ["a,b\n1,2", "text/csv"]);
  assert.equal(named.name, 'we"ird\r\n.csv');
  assert.equal(form.get("title"), "ä\r\n--x");
  assert.equal(form.get("size"), "1000000000000000000000");
  assert.deepEqual(form.getAll("ids"), ["1", "2"]);
  assert.equal(form.get("meta"), '{"a":12345678901234567890}');
  assert.notEqual(written.mediaType, writeBody(body, members, true).mediaType);
  assert.throws(() => writeBody(body, [1], false), TypeError);
  const wrong = { file: { data: "", mediaType: "text/plain\r\nx: y" } };
  assert.throws(() => writeBody(body, wrong, false), TypeError);
});

test("a form repeats lists, writes objects as JSON, and keeps the contract's styles", async () => {
  const mediaType = "application/x-www-form-urlencoded";
  const encoding = {
    filter: { style: "deepObject" as const, isExploded: true },
    tags: { isExploded: false },
  };
  const members = {
    a: "x y&z",
    ids: ["1", "2"],
    o: { b: 1 },
    filter: { side: "buy" },
    tags: [3, 4],
  };
  const written = writeBody({ mediaType, encoding }, members, false);
  assert.equal(
    written.content,
    "a=x%20y%26z&ids=1&ids=2&o=%7B%22b%22%3A1%7D&filter%5Bside%5D=buy&tags=3,4",
  );
  const form = await parsed(written.content, mediaType);
  assert.deepEqual([form.get("a"), form.get("o")], ["x y&z", '{"b":1}']);
  assert.equal(written.members, members);
});

test("text that is no JSON is sent as it is", () => {
  assert.equal(writeBody({ mediaType: "application/xml" }, "<a/>", false).content, "<a/>");
  assert.equal(writeBody({ mediaType: "application/json" }, "a", false).content, '"a"');
});

test("an upload goes out whole, and a download comes back as bytes", async () => {
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", async () => {
      const type = request.headers["content-type"] ?? "";
      if (request.method === "GET") response.end(request.url === "/empty" ? "" : bytes);
      else {
        const form = await parsed(Buffer.concat(chunks), type);
        const size = fileOf(form.get("file")).size;
        response.end(JSON.stringify({ size, price: form.get("max_price") }));
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  await using client = new HttpClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  const upload: HttpOperation<{ file: Uint8Array; maxPrice: Decimal }, unknown> = {
    name: "upload",
    method: "POST",
    path: "/files",
    effect: "create",
    body: {
      mediaType: "multipart/form-data",
      isRequired: true,
      schema: { kind: "object", fields: [["maxPrice", "max_price", "decimal"]] },
    },
    responses: [{ status: "200", mediaType: "application/json" }],
  };
  const answer = await client.call(upload, { file: bytes, maxPrice: Decimal.of("1.50") });
  assert.deepEqual(answer, { size: 256, price: "1.50" });
  const download = (path: string): HttpOperation<object, Uint8Array> => ({
    name: "download",
    method: "GET",
    path,
    effect: "read",
    responses: [{ status: "200", mediaType: "application/pdf" }],
  });
  assert.deepEqual(new Uint8Array(await client.call(download("/file"), {})), bytes);
  const empty = await client.call(download("/empty"), {});
  assert.ok(empty instanceof Uint8Array && empty.length === 0);
  server.closeAllConnections();
  server.close();
});
