/** Lossless JSON: by the platform and by the own reader and writer, which must agree. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  JsonNumber,
  parseExact,
  parseJson,
  parseWhole,
  stringifyJson,
  writeExact,
} from "../src/json.ts";

for (const [name, read] of [
  ["platform", (text: string) => parseJson(text, false)],
  ["own", parseWhole],
] as const) {
  test(`${name} reader changes no whole number, and takes fractions as doubles`, () => {
    const safe = Number.MAX_SAFE_INTEGER;
    assert.equal(read(String(safe)), safe);
    assert.equal(read(`-${safe}`), -safe);
    for (const text of ["9007199254740992", "-9007199254740993", "123456789012345678901234"]) {
      assert.equal(read(text), BigInt(text));
      assert.deepEqual(read(`[1,\n ${text} ]`), [1, BigInt(text)]);
      assert.deepEqual(read(`{"a" : ${text},"b":"${text}"}`), { a: BigInt(text), b: text });
    }
    assert.deepEqual(
      read("[0.12345678901234567890,12345678901234567890.5,1e30]"),
      [0.12345678901234568, 12345678901234567000, 1e30],
    );
    assert.throws(() => read("[9007199254740993"), SyntaxError);
  });
}

test("a bigint is written even where none was expected; a cycle is an error", () => {
  assert.equal(stringifyJson({ a: [9007199254740993n] }, false), '{"a":[9007199254740993]}');
  const cycle: unknown[] = [];
  cycle.push(cycle);
  assert.throws(() => stringifyJson(cycle, false), TypeError);
});

const readers = [
  ["platform", (text: string) => parseJson(text, true)],
  ["own", parseExact],
] as const;

for (const [name, read] of readers) {
  test(`${name} reader keeps every digit`, () => {
    assert.equal(read("9007199254740993"), 9007199254740993n);
    assert.equal(read("-123456789012345678901234567890"), -123456789012345678901234567890n);
    assert.equal(read("12"), 12);
    assert.equal(read("0.1"), 0.1);
    assert.deepEqual(read("0.10"), new JsonNumber("0.10"));
    assert.deepEqual(read("1E5"), new JsonNumber("1E5"));
    assert.deepEqual(read("-0"), new JsonNumber("-0"));
    assert.deepEqual(read('{"a":[1,18446744073709551615,"x"]}'), {
      a: [1, 18446744073709551615n, "x"],
    });
  });

  test(`${name} reader is strict`, () => {
    for (const text of [
      "",
      "01",
      "1.",
      "+1",
      "[1,]",
      '{"a":1,}',
      "{'a':1}",
      '"\n"',
      "nul",
      "1 2",
    ]) {
      assert.throws(() => read(text), SyntaxError, JSON.stringify(text));
    }
  });

  test(`${name} reader gives no object another prototype`, () => {
    const value = read('{"__proto__":{"polluted":1},"b":2}') as Record<string, unknown>;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal((value as { polluted?: unknown }).polluted, undefined);
    assert.deepEqual(Object.keys(value), ["__proto__", "b"]);
  });
}

test("the own reader agrees with JSON.parse on random documents", () => {
  for (let round = 0; round < 500; round += 1) {
    const text = JSON.stringify(randomValue(4));
    assert.deepEqual(parseExact(text), JSON.parse(text));
  }
});

test("the own reader bounds nesting", () => {
  assert.throws(() => parseExact("[".repeat(10_000)), /nested deeper/);
});

test("exact numbers are written as numbers, by platform and own writer alike", () => {
  const value = {
    id: 9007199254740993n,
    price: new JsonNumber("0.10"),
    list: [1n, null, "a\u2028", true],
    none: undefined,
  };
  const text = '{"id":9007199254740993,"price":0.10,"list":[1,null,"a\u2028",true]}';
  assert.equal(stringifyJson(value, true), text);
  assert.equal(writeExact(value), text);
});

const randomValue = (depth: number): unknown => {
  const pick = Math.floor(Math.random() * (depth > 0 ? 7 : 5));
  if (pick === 0) return null;
  if (pick === 1) return Math.random() < 0.5;
  if (pick === 2) return Math.floor(Math.random() * 2 ** 40) - 2 ** 39;
  if (pick === 3) return String.fromCharCode(...Array.from({ length: 8 }, randomCode));
  if (pick === 4) return "";
  const items = Array.from({ length: Math.floor(Math.random() * 4) }, () => randomValue(depth - 1));
  return pick === 5 ? items : Object.fromEntries(items.map((item, at) => [`k"${at}`, item]));
};

const randomCode = () => Math.floor(Math.random() * 0xd800);
