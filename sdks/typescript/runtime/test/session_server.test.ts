/** Which server a reply may name: the venue's, encrypted, and nothing that a URL can hide. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBaseUrl } from "../src/base_url.ts";
import { ConfigurationError } from "../src/errors.ts";
import { allowedServer } from "../src/session_server.ts";

const HOSTS = ["kucoin.com", "ku.example"];
const SAFE = parseBaseUrl("https://api.kucoin.com");
const BARE = parseBaseUrl("http://127.0.0.1:8700");

test("the venue's own hosts are taken", () => {
  const taken: readonly (readonly [string, string, string])[] = [
    ["wss://ws-api-spot.kucoin.com/", "ws-api-spot.kucoin.com", ""],
    ["wss://KuCoin.com:443/endpoint", "kucoin.com", "/endpoint"],
    ["wss://a.b.ku.example:9443/x/y", "a.b.ku.example:9443", "/x/y"],
    ["wss://api.kucoin.com", "api.kucoin.com", ""],
  ];
  for (const [text, host, path] of taken) {
    for (const asked of [SAFE, BARE]) {
      const found = allowedServer(text, HOSTS, asked);
      assert.deepEqual([found.host, found.path, found.isSecure], [host, path, true]);
    }
  }
});

test("who was asked may name itself, and go bare as it does", () => {
  const found = allowedServer("ws://127.0.0.1:9999/endpoint", HOSTS, BARE);
  assert.deepEqual([found.host, found.isSecure], ["127.0.0.1:9999", false]);
  assert.ok(!allowedServer("ws://push.kucoin.com", HOSTS, BARE).isSecure);
});

const REFUSED: readonly (readonly [text: string, words: string])[] = [
  ["ws://ws-api-spot.kucoin.com/", "without encryption"],
  ["wss://127.0.0.1:9999/", "none of the venue's"],
  ["wss://evil.example/", "none of the venue's"],
  ["wss://kucoin.com.evil.example/", "none of the venue's"],
  ["wss://evilkucoin.com/", "none of the venue's"],
  ["wss://example/", "none of the venue's"],
  ["wss://com/", "none of the venue's"],
  ["wss://kucoin.com./", "none of the venue's"],
  ["https://kucoin.com/", "names no server"],
  ["WSS://kucoin.com/", "names no server"],
  ["wss://evil.example@kucoin.com/", "names no server"],
  ["wss://kucoin.com/#x", "names no server"],
  ["wss://kucoin.com/?token=x", "names no server"],
  ["wss://kucoin.com\\@evil.example/", "names no server"],
  ["wss://kucoin.com\n.evil.example/", "names no server"],
  [" wss://kucoin.com/", "names no server"],
  ["wss://kucoin.com/\n", "names no server"],
  ["wss://ku\u200bcoin.com/", "names no server"],
  ["wss://xn--/\u00e9", "names no server"],
  ["wss://kucoin.com:99999/", "names no server"],
  ["wss://kucoin.com:0/", "names no server"],
  ["wss:///", "names no server"],
  [`wss://kucoin.com/${"a".repeat(2_048)}`, "names no server"],
  ["", "names no server"],
];

test("anything else is refused", () => {
  for (const [text, words] of REFUSED) {
    assert.throws(
      () => allowedServer(text, HOSTS, SAFE),
      (error) => {
        assert.ok(error instanceof ConfigurationError, text);
        assert.ok(error.message.includes(words), `${text}: ${error.message}`);
        assert.ok(!error.message.includes("token") && !error.message.includes("\n"));
        return true;
      },
    );
  }
});
