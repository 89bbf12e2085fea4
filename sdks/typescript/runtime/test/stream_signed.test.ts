/** Messages that are signed one by one, at once and later, against a real WebSocket server. */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import { ConfigurationError, NotConnectedError } from "../src/errors.ts";
import type { Channel, StreamOperation } from "../src/operation.ts";
import { apiKey, type Credentials, type RequestDraft } from "../src/signing.ts";
import { StreamClient } from "../src/stream_client.ts";
import { until } from "./waiting.ts";

let server: WebSocketServer;
let sockets: WebSocket[] = [];
let frames: Record<string, unknown>[] = [];

before(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => {
    // What comes late belongs to the test that connected, and not to the one that runs by then.
    const heard = frames;
    sockets.push(socket);
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Record<string, unknown>;
      heard.push(frame);
      socket.send(JSON.stringify({ id: frame.id, result: "done" }));
    });
  });
});

beforeEach(() => {
  sockets = [];
  frames = [];
});

after(() => server.close());

const place: StreamOperation<{ symbol: string }, unknown> = {
  name: "placeOrder",
  effect: "create",
  frame: { correlation: "id", payload: "params" },
  replies: [{ result: "result" }],
  security: [["key"]],
  signedBy: ["key"],
};

const mark = (draft: RequestDraft): void => {
  const { symbol } = (draft.members?.params ?? {}) as { symbol?: string };
  draft.addField("params.signature", `${symbol}@${draft.path}`);
};

const signing = (signMessage: (draft: RequestDraft) => void | Promise<void>): Credentials => ({
  scheme: "key",
  signer: () => ({ signMessage }),
});

const make = (credentials: Credentials) =>
  new StreamClient(
    { path: "/ws", correlation: "id" },
    {
      baseUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials,
      timing: { firstDelayMs: 10_000 },
    },
  );

const params = (symbol: string) => ({ symbol, signature: `${symbol}@/ws` });

test("each message is signed anew, at once or after waiting", async () => {
  for (const sign of [mark, async (draft: RequestDraft) => sleep(5).then(() => mark(draft))]) {
    await using stream = make(signing(sign));
    await stream.connect();
    const [a, b] = [stream.request(place, { symbol: "A" }), stream.request(place, { symbol: "B" })];
    assert.deepEqual(await Promise.all([a, b]), ["done", "done"]);
    assert.deepEqual(
      frames.splice(0).map((frame) => frame.params),
      [params("A"), params("B")],
    );
  }
});

test("what is signed while the socket goes is dropped unsent", async () => {
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  await using stream = make(signing((draft) => gate.then(() => mark(draft))));
  await stream.connect();
  const lost = stream.request(place, { symbol: "A" });
  lost.catch(() => undefined);
  sockets[0]?.terminate();
  await until(() => stream.state !== "ready");
  go();
  await assert.rejects(lost, NotConnectedError);
  assert.equal(frames.length, 0);
});

test("a signature that fails keeps the message back", async () => {
  const fail = (): never => {
    throw new RangeError("no key");
  };
  for (const sign of [fail, async () => fail()]) {
    await using stream = make(signing(sign));
    await stream.connect();
    await assert.rejects(stream.request(place, { symbol: "A" }), RangeError);
  }
  await using stream = make(apiKey("key", "header", "x-key", "k"));
  await stream.connect();
  await assert.rejects(stream.request(place, { symbol: "A" }), ConfigurationError);
  assert.equal(frames.length, 0);
});

test("a subscription is signed where its venue asks for it", async () => {
  const plain: StreamOperation<object, unknown> = { ...place, name: "subscribe", effect: "read" };
  const subscribe = plain as StreamOperation<never, unknown>;
  const channel: Channel<object, unknown> = {
    name: "orderUpdates",
    address: "orders",
    isTopic: true,
    events: [{ tag: "order" }],
  };
  const options = { baseUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const protocol = { path: "/ws", correlation: "id", subscribe, topicProperty: "symbol" };
  await using stream = new StreamClient(protocol, { ...options, credentials: signing(mark) });
  await stream.connect();
  await stream.subscribe(channel, {}).live();
  assert.deepEqual(frames[0]?.params, params("orders"));
  await using stranger = new StreamClient(protocol, options);
  await stranger.connect();
  await assert.rejects(stranger.subscribe(channel, {}).live(), ConfigurationError);
  assert.equal(frames.length, 1);
});

test("a message without a reply is signed at once or refused", async () => {
  await using stream = make(signing(mark));
  await stream.connect();
  stream.send(place, { symbol: "A" });
  await until(() => frames.length > 0);
  assert.deepEqual(frames[0]?.params, params("A"));
  await using slow = make(signing(async (draft) => mark(draft)));
  await slow.connect();
  assert.throws(() => slow.send(place, { symbol: "A" }), ConfigurationError);
});
