import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { HmacKey, hexDigest } from "../src/crypto_platform.ts";
import { RandomNonce } from "../src/nonce.ts";
import { DeadlineSweeper } from "../src/transport.ts";
import { until } from "./waiting.ts";

const MESSAGES = ["", "a", "é€😀", "x".repeat(1_365), "x".repeat(1_366), "€".repeat(5_000)];

for (const name of ["sha256", "sha384", "sha512"] as const) {
  test(`${name}: digests and MACs are those of the platform, whatever the lengths`, async () => {
    for (const size of [0, 1, 32, 64, 65, 128, 129, 300]) {
      const secret = new Uint8Array(size).map((_, at) => at * 7 + 1);
      const key = new HmacKey(name, secret);
      for (const message of [...MESSAGES, new Uint8Array([0, 255, 128])]) {
        const expected = () => createHmac(name, secret).update(message);
        assert.equal(key.hexDigest(message), expected().digest("hex"));
        assert.equal(key.base64Digest(message), expected().digest("base64"));
        assert.deepEqual(Buffer.from(key.digest(message)), expected().digest());
        assert.deepEqual(Buffer.from(await key.digestAsync(message)), expected().digest());
      }
    }
    for (const message of MESSAGES) {
      assert.equal(hexDigest(name, message), createHash(name).update(message).digest("hex"));
    }
  });
}

test("a digest that was given out does not change with the next message", () => {
  const key = new HmacKey("sha256", new Uint8Array(32));
  const first = key.digest("one");
  const copy = Buffer.from(first);
  key.digest("two");
  assert.deepEqual(Buffer.from(first), copy);
});

test("nonces are 32 lower-case hex characters, with and without a Buffer, and all differ", () => {
  const nonces = new RandomNonce();
  const { Buffer } = globalThis;
  const seen = new Set<string>();
  for (let round = 0; round < 1_000; round += 1) {
    // Every second one is drawn as in a browser.
    if (round % 2 === 1) Reflect.deleteProperty(globalThis, "Buffer");
    const nonce = nonces.next();
    Object.assign(globalThis, { Buffer });
    assert.match(nonce, /^[0-9a-f]{32}$/);
    seen.add(nonce);
  }
  assert.equal(seen.size, 1_000);
});

test("a deadline expires once, and not at all when it was taken out", async () => {
  const sweeper = new DeadlineSweeper();
  const expired: string[] = [];
  const late = sweeper.add(60_000, () => expired.push("late"));
  const removed = sweeper.add(1, () => expired.push("removed"));
  sweeper.remove(removed);
  sweeper.remove(removed);
  sweeper.add(1, () => {
    expired.push("first");
    // All three are due in the same sweep; this one is taken out just before its turn.
    sweeper.remove(third);
  });
  sweeper.add(1, () => expired.push("second"));
  const third = sweeper.add(1, () => expired.push("third"));
  await until(() => expired.length >= 2);
  sweeper.remove(late);
  assert.deepEqual(expired, ["first", "second"]);
});
