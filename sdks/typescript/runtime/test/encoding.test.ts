/** The percent-encoding table and the parameter styles, character by character. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { percentEncode, scalarText, styled } from "../src/encoding.ts";
import { JsonNumber } from "../src/json.ts";

test("only RFC 3986's unreserved characters stay", () => {
  for (let code = 0; code < 128; code += 1) {
    const character = String.fromCharCode(code);
    const hex = code.toString(16).toUpperCase().padStart(2, "0");
    const expected = /[A-Za-z0-9\-._~]/.test(character) ? character : `%${hex}`;
    assert.equal(percentEncode(character), expected);
  }
  assert.equal(percentEncode("a b+c/é€😀"), "a%20b%2Bc%2F%C3%A9%E2%82%AC%F0%9F%98%80");
});

test("allowReserved keeps the reserved set but not what ends a query value", () => {
  assert.equal(percentEncode(":/?[]@!$'()*+,;=", true), ":/?[]@!$'()*+,;=");
  assert.equal(percentEncode("#&% ", true), "%23%26%25%20");
});

test("a lone surrogate is refused, not replaced", () => {
  assert.throws(() => percentEncode("a\ud800"), /surrogate/);
});

test("scalars have exact text", () => {
  assert.equal(scalarText(true, "x"), "true");
  assert.equal(scalarText(9007199254740993n, "x"), "9007199254740993");
  assert.equal(scalarText(1.5e-7, "x"), "0.00000015");
  assert.equal(scalarText(-1e21, "x"), "-1000000000000000000000");
  assert.equal(scalarText(new JsonNumber("0.10"), "x"), "0.10");
  assert.throws(() => scalarText(Number.NaN, "x"), /NaN/);
  assert.throws(() => scalarText({}, "x"), /object/);
});

// OpenAPI 3.1, 4.8.12.4, "Style Examples".
const color = ["blue", "black", "brown"];
const rgb = { R: 100, G: 200, B: 150 };
const cases = [
  ["matrix", false, "blue", ";color=blue"],
  ["matrix", false, "", ";color"],
  ["matrix", false, color, ";color=blue,black,brown"],
  ["matrix", false, rgb, ";color=R,100,G,200,B,150"],
  ["matrix", true, color, ";color=blue;color=black;color=brown"],
  ["matrix", true, rgb, ";R=100;G=200;B=150"],
  ["label", false, "blue", ".blue"],
  ["label", true, color, ".blue.black.brown"],
  ["label", true, rgb, ".R=100.G=200.B=150"],
  ["form", false, color, "color=blue,black,brown"],
  ["form", false, rgb, "color=R,100,G,200,B,150"],
  ["form", true, "blue", "color=blue"],
  ["form", true, color, "color=blue&color=black&color=brown"],
  ["form", true, rgb, "R=100&G=200&B=150"],
  ["simple", false, color, "blue,black,brown"],
  ["simple", false, rgb, "R,100,G,200,B,150"],
  ["simple", true, rgb, "R=100,G=200,B=150"],
  ["spaceDelimited", false, color, "color=blue%20black%20brown"],
  ["pipeDelimited", false, color, "color=blue%7Cblack%7Cbrown"],
  ["deepObject", true, rgb, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
] as const;

for (const [style, isExploded, value, expected] of cases) {
  test(`style ${style}, explode ${isExploded}: ${JSON.stringify(value)}`, () => {
    assert.equal(styled("color", value, style, isExploded), expected);
  });
}
