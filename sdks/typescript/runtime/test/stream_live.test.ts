/** When a subscription is live, against a real WebSocket server that answers when it is told to. */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import { ApiError, StreamClosedError } from "../src/errors.ts";
import type { Channel, StreamOperation, StreamProtocol } from "../src/operation.ts";
import { StreamClient } from "../src/stream_client.ts";
import { until } from "./waiting.ts";

interface Frame {
  readonly op: string;
  readonly id: string;
}

let server: WebSocketServer;
let client: StreamClient;
let sockets: WebSocket[] = [];
let respond: (frame: Frame, socket: WebSocket) => void;

const confirm = ({ op, id }: Frame, socket: WebSocket) =>
  socket.send(JSON.stringify({ type: `${op}_reply`, id }));

const refuse = ({ id }: Frame, socket: WebSocket) =>
  socket.send(JSON.stringify({ type: "error", id, error: { code: "REFUSED" } }));

const subscribe: StreamOperation<never, unknown> = {
  name: "subscribe",
  effect: "read",
  frame: { constants: [["op", "subscribe"]], correlation: "id", payload: "params" },
  replies: [{ tag: "subscribe_reply" }, { tag: "error", isError: true }],
};

const protocol: StreamProtocol = {
  path: "/",
  tagField: "type",
  correlation: "id",
  topicField: "topic",
  subscribe,
};

const orders: Channel<object, unknown> = {
  name: "orderUpdates",
  address: "orders",
  isTopic: true,
  events: [{ tag: "order" }],
};

const book: Channel<object, unknown> = {
  name: "bookUpdates",
  address: "book",
  isTopic: true,
  events: [{ tag: "snapshot" }, { tag: "delta" }],
  stream: { snapshot: "snapshot", sequence: { rule: "increment", field: "sequence" } },
};

const heartbeats: Channel<object, unknown> = {
  name: "heartbeats",
  address: "/",
  isTopic: false,
  events: [{ tag: "heartbeat" }],
};

before(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => {
    sockets.push(socket);
    socket.on("message", (data) => respond(JSON.parse(String(data)) as Frame, socket));
  });
});

beforeEach(() => {
  sockets = [];
  respond = confirm;
  client = new StreamClient(protocol, {
    baseUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timing: { firstDelayMs: 20, longestDelayMs: 20 },
  });
});

afterEach(() => client.close());

after(() => server.close());

test("a subscription is live once the venue took it and its snapshot came", async () => {
  const held: (() => void)[] = [];
  const release = () => {
    for (const answer of held.splice(0)) answer();
  };
  respond = (frame, socket) => held.push(() => confirm(frame, socket));
  const [changes, updates] = [client.subscribe(orders, {}), client.subscribe(book, {})];
  const reached: string[] = [];
  const ordersLive = changes.live().then(() => reached.push("orders"));
  const bookLive = updates.live().then(() => reached.push("book"));
  await client.connect();
  await until(() => held.length === 2);
  assert.deepEqual([reached, changes.isStale], [[], true]);
  release();
  await ordersLive;
  await sleep(30);
  assert.deepEqual([reached, changes.isStale, updates.isStale], [["orders"], false, true]);
  sockets[0]?.send(JSON.stringify({ type: "snapshot", topic: "book", sequence: 1 }));
  await bookLive;
  assert.ok(!updates.isStale);
  await updates.live();
  sockets[0]?.terminate();
  await until(() => changes.isStale && updates.isStale);
  const again = changes.live();
  await until(() => held.length === 2);
  release();
  await again;
  assert.ok(!changes.isStale);
});

test("a loss between two events is an interruption, even where none came yet", async () => {
  const reasons: string[] = [];
  const changes = client.subscribe(orders, {}, { onInterruption: (why) => reasons.push(why) });
  await client.connect();
  await changes.live();
  sockets[0]?.terminate();
  await until(() => reasons.length > 0);
  assert.deepEqual(reasons, ["reconnected"]);
});

test("live rejects with the refusal, or when the subscription ends", async () => {
  await client.connect();
  await client.subscribe(heartbeats, {}).live();
  respond = refuse;
  const refused = client.subscribe(orders, {});
  await assert.rejects(refused.live(), ApiError);
  await assert.rejects(refused.live(), ApiError);
  respond = () => undefined;
  const ended = client.subscribe(orders, {});
  const live = ended.live();
  await ended.return();
  await assert.rejects(live, StreamClosedError);
});
