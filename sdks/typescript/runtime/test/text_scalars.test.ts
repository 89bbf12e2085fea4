/** Plain text that says one value: read and written as that value, exactly. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswer } from "../src/answer.ts";
import { parseBaseUrl } from "../src/base_url.ts";
import { Decimal } from "../src/decimal.ts";
import { DecodeError } from "../src/errors.ts";
import type { HttpOperation, ScalarText } from "../src/operation.ts";
import { RequestPlan } from "../src/request.ts";
import type { Schema } from "../src/schema.ts";
import type { WireResponse } from "../src/transport.ts";

const operation = (scalar: ScalarText, schema: Schema): HttpOperation<unknown, unknown> => ({
  name: "put",
  method: "PUT",
  path: "/it",
  effect: "replace",
  body: { mediaType: "text/plain", schema, whole: "body", isRequired: true },
  responses: [{ status: "200", mediaType: "text/plain", schema, scalar }],
});

const answer = (text: string): WireResponse => ({
  status: 200,
  body: new TextEncoder().encode(text),
  header: () => undefined,
});

const values = [
  ["number", "number", 0.1, "0.1"],
  ["number", "int64", 9223372036854775807n, "9223372036854775807"],
  ["number", "decimal_number", Decimal.of("12345678901234567890.10"), "12345678901234567890.10"],
  ["string", "decimal", Decimal.of("0.000000001"), "0.000000001"],
  ["string", "int64_string", -9223372036854775808n, "-9223372036854775808"],
  ["boolean", "plain", true, "true"],
  ["boolean", "plain", false, "false"],
  ["string", "plain", "1", "1"],
] as const;

for (const [scalar, schema, value, text] of values) {
  test(`${scalar} as ${schema}: ${text}`, () => {
    const put = operation(scalar, schema);
    const draft = new RequestPlan(put, parseBaseUrl("https://venue.example")).build({
      body: value,
    });
    assert.equal(draft.body, text);
    const found = readAnswer(put, answer(text));
    if (value instanceof Decimal) assert.equal(String(found), text);
    else assert.equal(found, value);
    assert.equal(typeof found, typeof value);
  });
}

test("text that says another value is refused", () => {
  const wrong = [
    ["number", "number", "NaN"],
    ["number", "number", '"1.5"'],
    ["number", "number", "null"],
    ["number", "int64", "1.5"],
    ["number", "int64", ""],
    ["boolean", "plain", "TRUE"],
    ["string", "decimal", "cheap"],
  ] as const;
  for (const [scalar, schema, text] of wrong) {
    assert.throws(() => readAnswer(operation(scalar, schema), answer(text)), DecodeError, text);
  }
  assert.equal(readAnswer(operation("number", "int64"), answer("7\n")), 7n);
});
