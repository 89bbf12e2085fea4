/** The primitives of emitted signers: against published values, and WebCrypto against Node. */

import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as crypto from "../src/crypto.ts";
import { SigningError } from "../src/errors.ts";

const UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

test("percent-encoding keeps RFC 3986's unreserved characters alone", () => {
  for (let code = 0; code < 256; code += 1) {
    const character = String.fromCharCode(code);
    const bytes = new TextEncoder().encode(character);
    const coded = [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
    const expected = UNRESERVED.includes(character) ? character : coded.join("");
    assert.equal(crypto.percentEncode(character), expected);
    assert.equal(crypto.percentEncode(bytes), expected);
    assert.deepEqual(crypto.percentDecode(expected), bytes);
  }
  assert.equal(crypto.percentEncode("a/b c", "/"), "a/b%20c");
});

test("a percent sign without two digits stays", () => {
  assert.deepEqual(crypto.percentDecode("%zz%4"), new TextEncoder().encode("%zz%4"));
});

test("lists are sorted by the bytes of UTF-8, not by UTF-16 units", () => {
  const sorted = crypto.sort([
    ["\u{1f600}", "1"],
    ["\uffff", "2"],
    ["a", "3"],
  ]);
  assert.deepEqual(
    sorted.map(([, value]) => value),
    ["3", "2", "1"],
  );
});

test("HMAC gives RFC 4231's value, by Node and by WebCrypto", async () => {
  const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const key = new crypto.HmacKey("sha256", new TextEncoder().encode("Jefe"));
  const message = "what do ya want for nothing?";
  assert.equal(key.hexDigest(message), expected);
  assert.equal(crypto.hex(await key.digestAsync(message)), expected);
  assert.equal(crypto.hex(crypto.hmac("sha256", "Jefe", message)), expected);
});

test("long and empty keys give the same HMAC by Node and by WebCrypto", async () => {
  for (const length of [0, 1, 64, 65, 200]) {
    const key = new crypto.HmacKey("sha512", new Uint8Array(length).fill(7));
    assert.deepEqual(new Uint8Array(key.digest("x")), await key.digestAsync("x"));
  }
});

test("Ed25519 signs the same by Node and by WebCrypto", async () => {
  const parts = { secret: crypto.base64(new Uint8Array(32).map((_, at) => at)) };
  const key = crypto.ed25519Part("test", parts, "secret");
  assert.deepEqual(new Uint8Array(key.sign("message")), await key.signAsync("message"));
});

test("P-256 and RSA signatures of WebCrypto verify in Node", async () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const rsa = crypto.rsaPart("test", { secret: pem }, "secret");
  const data = new TextEncoder().encode("message");
  const publicKey = createPublicKey(pair.privateKey);
  assert.ok(verify("sha256", data, publicKey, rsa.signPkcs1("sha256", "message")));
  const p256 = crypto.p256Part("test", { secret: "11".repeat(32) }, "secret");
  assert.equal((await p256.signAsync("message")).length, 64);
  assert.equal((await p256.signAsync("message", "der"))[0], 0x30);
});

test("MessagePack is as short as it goes, for every width of number", () => {
  const cases: [unknown, string][] = [
    [127, "7f"],
    [128, "cc80"],
    [65_535, "cdffff"],
    [65_536, "ce00010000"],
    [4_294_967_296, "cf0000000100000000"],
    [18_446_744_073_709_551_615n, "cfffffffffffffffff"],
    [-1, "ff"],
    [-33, "d0df"],
    [-129, "d1ff7f"],
    [-32_769, "d2ffff7fff"],
    ["a".repeat(32), `d920${"61".repeat(32)}`],
    [{ b: [null, true, false] }, "81a16293c0c3c2"],
  ];
  for (const [value, expected] of cases) assert.equal(crypto.hex(crypto.msgpack(value)), expected);
});

test("inexact numbers are refused where text is signed", () => {
  for (const value of [0.1, 2 ** 53, Number.NaN]) {
    assert.throws(() => crypto.asText(value), SigningError);
    assert.throws(() => crypto.msgpack(value), SigningError);
  }
  assert.equal(crypto.asText(2n ** 70n), String(2n ** 70n));
});

test("wrong credentials are refused without quoting them", () => {
  const secret = "not base64 at all!";
  const readers = [crypto.base64Part, crypto.base64urlPart, crypto.hexPart, crypto.ed25519Part];
  for (const read of [...readers, crypto.rsaPart, crypto.p256Part]) {
    assert.throws(
      () => read("test", { secret }, "secret"),
      (error) => error instanceof SigningError && !error.message.includes(secret),
    );
    assert.throws(() => read("test", {}, "secret"), /the credentials lack 'secret'/);
  }
});

test("printing a key or its holder shows nothing", () => {
  const key = new crypto.HmacKey("sha256", new TextEncoder().encode("hidden"));
  assert.ok(!JSON.stringify(key).includes("hidden"));
  assert.ok(!String(key).includes("hidden"));
});

test("the module needs no import of Node, so that bundlers take it as it is", () => {
  for (const name of ["crypto", "crypto_platform", "crypto_keys", "crypto_parts"]) {
    const source = readFileSync(new URL(`../src/${name}.ts`, import.meta.url), "utf8");
    assert.ok(!/from "node:/.test(source), name);
  }
});

test("explained steps hide a secret in every form, and only there", () => {
  const secret = "a-passphrase";
  const bytes = new TextEncoder().encode(secret);
  const trace = {
    canonical: `time\u0001${secret}`,
    digest: crypto.hex(bytes),
    header: `Basic ${crypto.base64(bytes)}`,
    raw: bytes,
    key: "a-key",
  };
  assert.deepEqual(crypto.shown(trace, secret), {
    canonical: "time\u0001[secret]",
    digest: "[secret]",
    header: "Basic [secret]",
    raw: "[secret]",
    key: "a-key",
  });
  assert.deepEqual(crypto.shown(trace, bytes), crypto.shown(trace, secret));
  assert.equal(crypto.shown(trace).canonical, trace.canonical);
  assert.equal(crypto.shown(trace, "").canonical, trace.canonical);
});
