/** Events that look alike go to who follows the topic that they name. */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocketServer } from "ws";
import type { Channel, StreamOperation } from "../src/operation.ts";
import { StreamClient } from "../src/stream_client.ts";
import { readFrame } from "../src/stream_frames.ts";
import { Topic, TopicTable } from "../src/topic.ts";

interface Frame {
  readonly op: string;
  readonly id: string;
  readonly topic: string;
}

const ask = (op: string): StreamOperation<never, unknown> => ({
  name: op,
  effect: "read",
  frame: { constants: [["op", op]], correlation: "id" },
  replies: [{}],
});

const channel = (name: string): Channel<{ symbol: string }, { topic: string }> => ({
  name,
  address: `/${name}:{symbol}`,
  isTopic: true,
  parameters: [{ property: "symbol", name: "symbol" }],
  events: [{}],
});

const venue = async () => {
  const frames: Frame[] = [];
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      frames.push(frame);
      socket.send(JSON.stringify({ id: frame.id }));
    });
  });
  const tell = (topic: string) => {
    for (const socket of server.clients) socket.send(JSON.stringify({ topic }));
  };
  const stream = new StreamClient(
    {
      path: "/",
      correlation: "id",
      topicField: "topic",
      topicProperty: "topic",
      subscribe: ask("subscribe"),
      unsubscribe: ask("unsubscribe"),
    },
    { baseUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` },
  );
  return { server, frames, tell, stream };
};

test("events go to who follows the topic that they name, alone or in a list", async () => {
  const { server, frames, tell, stream } = await venue();
  await stream.connect();
  try {
    const level5 = stream.subscribe(channel("level5"), { symbol: "BTC,ETH" });
    const level50 = stream.subscribe(channel("level50"), { symbol: "BTC" });
    await Promise.all([level5.live(), level50.live()]);
    const topics = frames.filter(({ op }) => op === "subscribe").map(({ topic }) => topic);
    assert.deepEqual(topics, ["/level5:BTC,ETH", "/level50:BTC"]);
    for (const topic of ["/level50:BTC", "/level5:XRP", "/level5:ETH", "/level5:BTC"]) {
      tell(topic);
    }
    assert.equal((await level5.next()).value?.topic, "/level5:ETH");
    assert.equal((await level5.next()).value?.topic, "/level5:BTC");
    assert.equal((await level50.next()).value?.topic, "/level50:BTC");
    await level5.return?.();
    tell("/level5:ETH");
    tell("/level50:BTC");
    assert.equal((await level50.next()).value?.topic, "/level50:BTC");
    const many = Array.from({ length: 10_001 }, (_, index) => `S${index}`).join(",");
    assert.throws(
      () => stream.subscribe(channel("level5"), { symbol: many }),
      /level5 follows at most 10000 topics/,
    );
  } finally {
    await stream.close();
    server.close();
  }
});

test("where no frame names its topic, every topic hears what has its shape", () => {
  const taken: string[] = [];
  const table = new TopicTable();
  const follow = (name: string, isTopic: boolean, known: string) => {
    const events = [{ fits: { is: "object" as const, requires: [known] } }];
    const sink = { start() {}, push: () => void taken.push(name), interrupt() {}, fail() {} };
    table.add(new Topic({ name, address: name, isTopic, events }, name, sink));
  };
  follow("named", true, "price");
  follow("other", true, "size");
  follow("plain", false, "price");
  const hear = (text: string, topicField?: string) => {
    const frame = readFrame(
      { path: "/", ...(topicField === undefined ? {} : { topicField }) },
      text,
    );
    for (const topic of table.for(frame)) topic.deliver(frame);
    return taken.splice(0).sort();
  };
  assert.deepEqual(hear('{"price":1}'), ["named", "plain"]);
  assert.deepEqual(hear('{"size":1}'), ["other"]);
  assert.deepEqual(hear('{"topic":"named","price":1}', "topic"), ["named", "plain"]);
  assert.deepEqual(hear('{"topic":"other","price":1}', "topic"), ["plain"]);
});
