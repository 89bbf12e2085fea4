/** The stream client against a real WebSocket server: log-on, replies, gaps, loss and return. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import { Decimal } from "../src/decimal.ts";
import {
  ApiError,
  ConfigurationError,
  ConnectError,
  NotConnectedError,
  StreamClosedError,
  StreamError,
  TimeoutError,
  UnknownOutcomeError,
} from "../src/errors.ts";
import type { Channel, StreamOperation, StreamProtocol } from "../src/operation.ts";
import type { Credentials } from "../src/signing.ts";
import { StreamClient, type StreamOptions } from "../src/stream_client.ts";
import { until } from "./waiting.ts";

interface Frame {
  readonly op: string;
  readonly id: string;
  readonly params: Record<string, unknown>;
}

let server: WebSocketServer;
let baseUrl = "";
let frames: Frame[] = [];
let sockets: WebSocket[] = [];
let paths: string[] = [];
let respond: (frame: Frame, socket: WebSocket) => void;

const send = (socket: WebSocket | undefined, value: unknown) => socket?.send(JSON.stringify(value));

const usual = (frame: Frame, socket: WebSocket): void => {
  send(socket, { type: `${frame.op}_reply`, id: frame.id, result: frame.params });
};

const refuse = (frame: Frame, socket: WebSocket): void => {
  send(socket, { type: "error", id: frame.id, error: { code: "REFUSED" } });
};

before(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  baseUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on("connection", (socket, request) => {
    // What comes late belongs to the test that connected, and not to the one that runs by then.
    const heard = frames;
    sockets.push(socket);
    paths.push(request.url ?? "");
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      heard.push(frame);
      respond(frame, socket);
    });
  });
});

beforeEach(() => {
  frames = [];
  sockets = [];
  paths = [];
  respond = usual;
});

after(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});

const frame = (op: string) => ({
  constants: [["op", op]] as const,
  correlation: "id",
  payload: "params",
});

class RefusedError extends ApiError {
  override name = "RefusedError";
  static readonly retry = "after_fix";
}

const errors = {
  classes: { REFUSED: RefusedError },
  code: ["error.code"],
  message: ["error.message"],
  details: ["error.details"],
  requestId: ["error.request_id"],
};
const failed = { tag: "error", isError: true };

const plain = (op: string, effect: "read" | "create"): StreamOperation<never, unknown> => ({
  name: op,
  effect,
  frame: frame(op),
  replies: [{ tag: `${op}_reply`, result: "result" }, failed],
  errors,
});

const protocol: StreamProtocol = {
  path: "/v1/stream",
  tagField: "type",
  correlation: "id",
  topicField: "topic",
  topicProperty: "topic",
  logOn: { ...plain("log_on", "read"), security: [["key"]] },
  subscribe: plain("subscribe", "read"),
  unsubscribe: plain("unsubscribe", "read"),
};

const placeOrder: StreamOperation<{ clientOrderId: string; price: string }, { price: Decimal }> = {
  name: "placeOrder",
  effect: "create",
  frame: frame("place_order"),
  schema: {
    kind: "object",
    fields: [
      ["clientOrderId", "client_order_id"],
      ["price", "price", "decimal"],
    ],
  },
  replies: [
    {
      tag: "place_order_reply",
      result: "result",
      schema: { kind: "object", fields: [["price", "price", "decimal"]] },
    },
    failed,
  ],
  security: [["key"]],
  dedupKey: { property: "clientOrderId", resolver: "getOrder" },
  errors,
};

interface BookEvent {
  readonly type: string;
  readonly sequence: number;
}

const book: Channel<{ symbol: string }, BookEvent> = {
  name: "bookUpdates",
  address: "book.{symbol}",
  isTopic: true,
  parameters: [{ property: "symbol", name: "symbol" }],
  events: [{ tag: "snapshot" }, { tag: "delta" }],
  stream: {
    snapshot: "snapshot",
    delta: "delta",
    resume: "snapshot",
    sequence: { rule: "previous_equals_last", field: "sequence", previousField: "previous" },
  },
};

const credentials: Credentials = {
  scheme: "key",
  signer: () => ({
    sign: () => undefined,
    signMessage: (draft) => draft.addField("params.signature", `${draft.target}|${draft.host}`),
  }),
};

const make = (options: StreamOptions = {}) =>
  new StreamClient(protocol, {
    baseUrl,
    credentials,
    timing: { firstDelayMs: 20, longestDelayMs: 20 },
    ...options,
  });

/** For tests of answers that do not come; all others wait as long as it takes. */
const SOON = { firstDelayMs: 20, longestDelayMs: 20, requestTimeoutMs: 500 };

/** Resolves once the venue got a frame, so that what it sends is for somebody. */
const asked = (op: string, count = 1) =>
  until(() => frames.filter((one) => one.op === op).length >= count);

const events = (sequence: number, previous?: number) =>
  previous === undefined
    ? { type: "snapshot", topic: "book.BTC", sequence }
    : { type: "delta", topic: "book.BTC", sequence, previous };

test("logs on with a signature over the frame's request, then answers requests", async () => {
  await using client = make();
  await client.connect();
  await using whole = make({ baseUrl: `${baseUrl}/v1/stream` });
  await whole.connect();
  assert.deepEqual(paths, ["/v1/stream", "/v1/stream"]);
  assert.equal(frames[0]?.op, "log_on");
  assert.equal(frames[0]?.params.signature, `/v1/stream|${new URL(baseUrl).host}`);
  const order = await client.request(placeOrder, { clientOrderId: "c", price: "1.50" });
  assert.ok(order.price instanceof Decimal);
  assert.deepEqual(frames[2], {
    op: "place_order",
    id: frames[2]?.id,
    params: { client_order_id: "c", price: "1.50" },
  });
});

test("a refused log-on ends the stream with the venue's error", async () => {
  respond = refuse;
  const client = make();
  await assert.rejects(client.connect(), RefusedError);
  assert.equal(client.state, "closed");
  await assert.rejects(client.connect(), StreamClosedError);
});

test("a log-on without an answer fails a first connection, and is made again later", async () => {
  respond = () => undefined;
  await using client = make({ timing: SOON });
  await assert.rejects(client.connect(), TimeoutError);
  assert.equal(client.state, "idle");
  respond = usual;
  await client.connect();
  let count = 0;
  respond = (one, socket) => {
    if (one.op !== "log_on") return socket.terminate();
    count += 1;
    return count < 3 ? undefined : usual(one, socket);
  };
  await assert.rejects(client.request(placeOrder, { clientOrderId: "c", price: "1" }));
  await client.connect();
  assert.equal(count, 3);
});

test("an unreachable venue is an error at once, and may be tried again", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  await new Promise((closed) => free.close(closed));
  const client = make({ baseUrl: `ws://127.0.0.1:${port}` });
  await assert.rejects(client.connect(), ConnectError);
  assert.equal(client.state, "idle");
  const late = new WebSocketServer({ port, host: "127.0.0.1" });
  late.on("connection", (socket) => {
    socket.on("message", (data) => usual(JSON.parse(String(data)), socket));
  });
  await once(late, "listening");
  await client.connect();
  assert.equal(client.state, "ready");
  await client.close();
  late.close();
});

test("a refused request is a typed error, a late reply an unknown outcome", async () => {
  await using client = make({ timing: SOON });
  await client.connect();
  respond = refuse;
  const input = { clientOrderId: "c", price: "1" };
  await assert.rejects(client.request(placeOrder, input), RefusedError);
  respond = () => undefined;
  await assert.rejects(client.request(placeOrder, input), (error) => {
    assert.ok(error instanceof UnknownOutcomeError);
    assert.ok(error.cause instanceof TimeoutError);
    assert.equal(error.clientOrderId, "c");
    return true;
  });
});

test("an order in flight at a loss is unknown, a later one is dropped", async () => {
  await using client = make({ timing: { firstDelayMs: 10_000 } });
  await client.connect();
  respond = (_one, socket) => socket.terminate();
  const input = { clientOrderId: "c", price: "1" };
  await assert.rejects(client.request(placeOrder, input), UnknownOutcomeError);
  await assert.rejects(client.request(placeOrder, input), NotConnectedError);
  assert.equal(frames.filter((one) => one.op === "place_order").length, 1);
});

test("a channel gives events in order, and takes a new snapshot after a gap", async () => {
  await using client = make();
  const interruptions: string[] = [];
  const updates = client.subscribe(
    book,
    { symbol: "BTC" },
    { onInterruption: (reason) => interruptions.push(reason) },
  );
  assert.ok(updates.isStale);
  await client.connect();
  await asked("subscribe");
  const socket = sockets[0];
  send(socket, events(9, 8)); // A delta before the snapshot means nothing yet.
  send(socket, events(10));
  send(socket, events(11, 10));
  send(socket, events(11, 10));
  assert.deepEqual(
    (await take(updates, 2)).map((one) => one.sequence),
    [10, 11],
  );
  assert.ok(!updates.isStale);
  send(socket, events(13, 12));
  await asked("subscribe", 2);
  assert.deepEqual(interruptions, ["gap"]);
  assert.ok(updates.isStale);
  assert.equal(frames.filter((one) => one.op === "subscribe").length, 2);
  send(socket, events(20));
  assert.deepEqual(
    (await take(updates, 1)).map((one) => one.sequence),
    [20],
  );
});

test("after a loss it logs on and subscribes again", async () => {
  const states: string[] = [];
  await using client = make({ onState: (state) => states.push(state) });
  await client.connect();
  const updates = client.subscribe(book, { symbol: "BTC" });
  await asked("subscribe");
  send(sockets[0], events(1));
  await take(updates, 1);
  sockets[0]?.terminate();
  await asked("subscribe", 2);
  assert.deepEqual(
    frames.map((one) => one.op),
    ["log_on", "subscribe", "log_on", "subscribe"],
  );
  assert.deepEqual(states, ["connecting", "starting", "ready", "connecting", "starting", "ready"]);
  send(sockets[1], events(5));
  assert.equal((await take(updates, 1))[0]?.sequence, 5);
});

test("a silent socket counts as dead", async () => {
  await using client = make({ timing: { silenceMs: 100, firstDelayMs: 1 } });
  await client.connect();
  await until(() => sockets.length >= 2);
});

test("leaving the loop unsubscribes; closing ends iterations with an error", async () => {
  const client = make();
  await client.connect();
  const updates = client.subscribe(book, { symbol: "BTC" });
  await asked("subscribe");
  send(sockets[0], events(1));
  for await (const event of updates) {
    assert.equal(event.sequence, 1);
    break;
  }
  await asked("unsubscribe");
  assert.equal(frames.at(-1)?.op, "unsubscribe");
  const other = client.subscribe(book, { symbol: "BTC" });
  const next = other.next();
  await client.close();
  await assert.rejects(next, StreamClosedError);
});

test("a slow reader gets an error in place of endless memory", async () => {
  await using client = make();
  await client.connect();
  const updates = client.subscribe(book, { symbol: "BTC" }, { capacity: 3 });
  await asked("subscribe");
  for (let sequence = 1; sequence < 9; sequence += 1) send(sockets[0], events(sequence));
  // What was sent before an answer has come when the answer has.
  await client.request(placeOrder, { clientOrderId: "c", price: "1" });
  await take(updates, 3);
  await assert.rejects(updates.next(), StreamError);
});

test("a refused subscription fails its own iterator alone", async () => {
  await using client = make();
  await client.connect();
  respond = refuse;
  await assert.rejects(client.subscribe(book, { symbol: "BTC" }).next(), RefusedError);
  assert.equal(client.state, "ready");
});

test("a frame that nobody knows is shown, garbage ends the connection", async () => {
  const unknown: string[] = [];
  await using client = make({ onUnknownFrame: (text) => unknown.push(text) });
  await client.connect();
  send(sockets[0], { type: "news" });
  await until(() => unknown.length > 0);
  assert.deepEqual(unknown, ['{"type":"news"}']);
  sockets[0]?.send("{");
  await until(() => sockets.length > 1);
});

test("private operations without credentials are refused before anything is sent", async () => {
  await using client = new StreamClient(protocol, { baseUrl });
  await client.connect();
  const input = { clientOrderId: "c", price: "1" };
  await assert.rejects(client.request(placeOrder, input), ConfigurationError);
  assert.throws(() => client.subscribe(book, {} as { symbol: string }), /symbol is required/);
  assert.equal(frames.length, 0);
});

const take = async <Event>(events: AsyncIterator<Event>, count: number): Promise<Event[]> => {
  const taken: Event[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    assert.ok(done !== true);
    taken.push(value);
  }
  return taken;
};
