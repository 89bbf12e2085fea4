/** Node's own transport against a server that writes raw bytes: framing, reuse, limits, TLS. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import {
  ConnectError,
  ProtocolError,
  TimeoutError,
  TransportError,
  type VenueError,
} from "../src/errors.ts";
import { platformTransport, socketTransport } from "../src/platform.ts";
import type { WireRequest } from "../src/signing.ts";
import { DEFAULT_LIMITS, type Transport } from "../src/transport.ts";
import { until } from "./waiting.ts";

const get: WireRequest = { method: "GET", target: "/a?b=1", headers: [["x-a", "1"]], body: "" };
const post = (body: string | Uint8Array): WireRequest => ({ ...get, method: "POST", body });
const text = async (transport: Transport, request = get): Promise<string> =>
  new TextDecoder().decode((await transport.send(request, 1_000)).body);

interface Venue {
  readonly url: string;
  readonly received: string[];
  readonly sockets: Socket[];
}

/** Runs a server that answers each request with given parts, one write each. */
const serving = async (
  answers: readonly (readonly string[])[],
  act: (venue: Venue) => Promise<void>,
): Promise<void> => {
  const venue = { url: "", received: [] as string[], sockets: [] as Socket[] };
  let count = 0;
  const server: Server = createServer((socket) => {
    venue.sockets.push(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("data", async (bytes) => {
      venue.received.push(bytes.toString("utf8"));
      const parts = answers[Math.min(count, answers.length - 1)] ?? [];
      count += 1;
      for (const part of parts) {
        if (part === "CLOSE") socket.end();
        else socket.write(part, "latin1");
        if (parts.length > 1) await sleep(2);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  venue.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await act(venue);
  } finally {
    for (const socket of venue.sockets) socket.destroy();
    server.close();
  }
};

const good = [
  ["a length", ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"], "hello"],
  ["every byte alone", [..."HTTP/1.1 200 OK\r\ncontent-length:  2 \r\n\r\nhi"], "hi"],
  ["no body", ["HTTP/1.1 204 No Content\r\n\r\n"], ""],
  ["an empty body", ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"], ""],
  [
    "chunks",
    [
      "HTTP/1.1 200\r\ntransfer-encoding: chunked\r\n\r\n5;x=y\r\nhel",
      "lo\r\nA\r\n0123456789\r\n0\r\nx-trailer: 1\r\n\r\n",
    ],
    "hello0123456789",
  ],
  [
    "chunks byte by byte",
    [..."HTTP/1.1 200\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"],
    "x",
  ],
  [
    "interim answers first",
    [
      "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n!",
    ],
    "!",
  ],
  ["a body until the end", ["HTTP/1.1 200 OK\r\n\r\nlast ", "words", "CLOSE"], "last words"],
] as const;

for (const [name, parts, expected] of good) {
  test(`reads ${name}`, async () => {
    await serving([parts], async (venue) => {
      const transport = platformTransport(venue.url, DEFAULT_LIMITS);
      assert.equal(await text(transport), expected);
      await transport.close();
    });
  });
}

const bad = [
  ["nonsense", ["hello\r\n\r\n"]],
  ["a folded header", ["HTTP/1.1 200 OK\r\na: b\r\n c: d\r\ncontent-length: 0\r\n\r\n"]],
  ["a space before the colon", ["HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n"]],
  ["two lengths", ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx"]],
  ["a signed length", ["HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\nx"]],
  [
    "length and chunks",
    ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
  ],
  ["another coding", ["HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"]],
  ["a bad chunk", ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x5\r\nhello\r\n"]],
  ["a short chunk", ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhello\r\n"]],
  ["a switch of protocols", ["HTTP/1.1 101 Switching\r\n\r\n"]],
  ["a second answer", ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n"]],
  ["a body that is too long", ["HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n"]],
  ["a chunk that is too long", ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFF\r\n"]],
  ["a head without end", [`HTTP/1.1 200 OK\r\nx: ${"y".repeat(70_000)}`]],
] as const;

for (const [name, parts] of bad) {
  test(`refuses ${name}`, async () => {
    await serving([parts], async (venue) => {
      const transport = platformTransport(venue.url, { ...DEFAULT_LIMITS, maxBodyBytes: 1_000 });
      await assert.rejects(transport.send(get, 1_000), (error) => {
        assert.ok(error instanceof ProtocolError, String(error));
        assert.ok(error.maybeSent);
        return true;
      });
      await transport.close();
    });
  });
}

test("writes exactly what was signed, and uses its connection again", async () => {
  const answer = ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"];
  await serving([answer], async (venue) => {
    const transport = platformTransport(venue.url, DEFAULT_LIMITS);
    await transport.send(get, 1_000);
    await transport.send(post("a=é"), 1_000);
    await transport.send(post(new Uint8Array([65, 66])), 1_000);
    await transport.send(post(""), 1_000);
    const head = `host: ${new URL(venue.url).host}\r\nx-a: 1\r\n`;
    assert.deepEqual(venue.received, [
      `GET /a?b=1 HTTP/1.1\r\n${head}\r\n`,
      `POST /a?b=1 HTTP/1.1\r\n${head}content-length: 4\r\n\r\na=é`,
      `POST /a?b=1 HTTP/1.1\r\n${head}content-length: 2\r\n\r\nAB`,
      `POST /a?b=1 HTTP/1.1\r\n${head}content-length: 0\r\n\r\n`,
    ]);
    assert.equal(venue.sockets.length, 1);
    await transport.close();
    await assert.rejects(transport.send(get, 1_000), TransportError);
  });
});

test("an idle connection that speaks or ends is not used again", async () => {
  const answer = ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"];
  await serving([answer], async (venue) => {
    const transport = platformTransport(venue.url, DEFAULT_LIMITS);
    await text(transport);
    venue.sockets[0]?.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
    // The client closes it, which is seen here.
    await until(() => venue.sockets[0]?.destroyed === true);
    assert.equal(await text(transport), "x");
    venue.sockets[1]?.end();
    await until(() => venue.sockets[1]?.destroyed === true);
    assert.equal(await text(transport), "x");
    assert.equal(venue.sockets.length, 3);
    await transport.close();
  });
});

test("waits for a free connection, and says what was never sent", async () => {
  await serving([[]], async (venue) => {
    const transport = platformTransport(venue.url, { ...DEFAULT_LIMITS, maxConnections: 1 });
    const first = transport.send(get, 1_500);
    const second = transport.send(get, 300);
    await assert.rejects(second, (error) => error instanceof TimeoutError && !error.maybeSent);
    await assert.rejects(first, (error) => error instanceof TimeoutError && error.maybeSent);
    assert.equal(venue.received.length, 1);
    await transport.close();
  });
});

test("closing ends what is on its way", async () => {
  await serving([[]], async (venue) => {
    const transport = platformTransport(venue.url, DEFAULT_LIMITS);
    const pending = transport.send(get, 5_000);
    void until(() => venue.received.length > 0).then(() => transport.close());
    await assert.rejects(pending, (error) => error instanceof TransportError && error.maybeSent);
  });
});

test("speaks TLS with whom it trusts, and with nobody else", async () => {
  const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url));
  const server = createTlsServer({ key: pem("key"), cert: pem("certificate") }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret"));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const trusting = socketTransport({ ca: pem("certificate") });
  const trusted = trusting(`https://localhost:${port}`, DEFAULT_LIMITS);
  assert.equal(await text(trusted), "secret");
  await trusted.close();
  const origins = [`https://localhost:${port}`, `https://127.0.0.1:${port}`];
  for (const [at, make] of [platformTransport, trusting].entries()) {
    const transport = make(origins[at] as string, DEFAULT_LIMITS);
    await assert.rejects(transport.send(get, 1_000), (error: VenueError) => {
      assert.ok(error instanceof ConnectError, String(error));
      return !error.maybeSent;
    });
    await transport.close();
  }
  server.close();
});
