/** Frames: where the id of a request stands, and whether it is a number or text. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, StreamOperation } from "../src/operation.ts";
import { RequestDraft } from "../src/signing.ts";
import { answeredId, frameText, readFrame } from "../src/stream_frames.ts";

const operation = (frame: Frame): StreamOperation<never, unknown> => ({
  name: "ask",
  effect: "read",
  frame,
});

test("an id is text unless the contract wants a number", () => {
  const text = operation({ correlation: "id" });
  const numbered = operation({ correlation: "req.id", hasNumberedId: true });
  assert.equal(frameText(text, "7", {}), '{"id":"7"}');
  assert.equal(frameText(numbered, "7", {}), '{"req":{"id":7}}');
});

test("a reply is known by its id in either form", () => {
  for (const text of ['{"id":"7"}', '{"id":7}']) {
    assert.equal(readFrame({ path: "/", correlation: "id" }, text).id, "7");
  }
});

test("free members stand beside the input's own, and never replace what the SDK writes", () => {
  const place = operation({ constants: [["op", "place"]], correlation: "id" });
  const sent = JSON.parse('{"symbol":"A","__proto__":1,"a.b":2,"constructor":3}');
  assert.equal(
    frameText(place, "7", sent),
    '{"op":"place","id":"7","symbol":"A","__proto__":1,"a.b":2,"constructor":3}',
  );
  assert.throws(() => frameText(place, "7", { op: "cancel" }), /op is written by the SDK/);
  assert.throws(() => frameText(place, "7", { id: "8" }), /id is written by the SDK/);
});

test("a reply without an id answers the oldest request that has none", () => {
  const plain = { path: "/", correlation: "id", tagField: "event" };
  const login = { ...operation({}), replies: [{ tag: "login" }, { tag: "error", isError: true }] };
  const pending = new Map([
    ["1", { operation: operation({ correlation: "id" }) }],
    ["2", { operation: login }],
    ["3", { operation: login }],
  ]);
  const answered = (text: string) => answeredId(pending, readFrame(plain, text));
  assert.equal(answered('{"event":"error","code":"60007"}'), "2");
  assert.equal(answered('{"event":"login","id":"1"}'), "1");
  assert.equal(answered('{"event":"other"}'), undefined);
  assert.equal(answered('{"id":"9","event":"other"}'), undefined);
});

test("a signer's fields make the list in which they stand", () => {
  const draft = new RequestDraft("GET", "h", "/");
  draft.members = { op: "login" };
  draft.addField("args.0.key", "k");
  draft.addField("args.0.sign", "s");
  draft.addField("list.0", "first");
  draft.addField("top", "t");
  assert.equal(
    draft.body,
    '{"op":"login","args":[{"key":"k","sign":"s"}],"list":["first"],"top":"t"}',
  );
});
