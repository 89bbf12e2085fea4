/** Schema-directed coercion: exact both ways, unknown things kept, errors with their path. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText } from "../src/answer.ts";
import { codec, isUnknownVariant } from "../src/coerce.ts";
import { Decimal } from "../src/decimal.ts";
import { DecodeError } from "../src/errors.ts";
import { stringifyJson } from "../src/json.ts";
import type { ObjectShape, Schema } from "../src/schema.ts";

const order: ObjectShape = {
  kind: "object",
  fields: [
    ["orderId", "order_id", "int64"],
    ["price", "price", "decimal"],
    ["fee", "fee", "decimal_number"],
    ["parts", "parts", { kind: "array", items: () => order }],
    ["when", "when", "integer_string"],
    ["ratio", "ratio", "number"],
  ],
};

const encodeText = (value: unknown, schema: Schema): string => {
  const { encode, isExact } = codec(schema);
  return stringifyJson(encode === undefined ? value : encode(value), isExact);
};

test("a value survives decode and encode with every digit, and keeps unknown members", () => {
  const text =
    '{"order_id":9007199254740993,"price":"0.10","fee":0.0100,"symbol":"BTC-USD",' +
    '"parts":[{"order_id":1,"price":null}],"when":"1700000000000","ratio":0.5,' +
    '"new_member":{"a":12345678901234567890}}';
  const value = decodeText(text, order) as Record<string, unknown>;
  assert.equal(value.orderId, 9007199254740993n);
  assert.ok(value.price instanceof Decimal);
  assert.equal(String(value.fee), "0.0100");
  assert.equal(value.when, 1700000000000);
  assert.deepEqual((value.parts as unknown[])[0], { orderId: 1n, price: null });
  assert.equal(encodeText(value, order), text);
});

test("an unknown member that has a property's name is kept apart", () => {
  const text = '{"order_id":1,"orderId":"theirs"}';
  const value = decodeText(text, order) as Record<string, unknown>;
  assert.equal(value.orderId, 1n);
  assert.equal(value.wire$orderId, "theirs");
  assert.equal(encodeText(value, order), text);
});

const HOSTILE_NAMES = [
  ...["wire$x", "wire$", "wire$orderId", "wire$wire$orderId", "__proto__", "constructor"],
  ...["toString", "hasOwnProperty", "extra", "$ref", "", "a.b", "unknownTag", "raw"],
];

test("no name of a free member is lost or changed, in either direction", () => {
  const shapes: Schema[] = [
    { kind: "object", fields: [], additional: "decimal" },
    { ...order, additional: "decimal" },
    { kind: "object", fields: [["toString", "to_string"]], patterns: [[/./, "decimal"]] },
  ];
  const members = HOSTILE_NAMES.map((name, at) => `${JSON.stringify(name)}:"${at}"`);
  for (const shape of shapes) {
    for (const text of [...members.map((one) => `{${one}}`), `{${members.join(",")}}`]) {
      const value = decodeText(text, shape) as object;
      assert.equal(encodeText(value, shape), text);
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
    }
  }
  const map = decodeText('{"wire$x":"1"}', shapes[0] as Schema) as Record<string, unknown>;
  assert.equal(String(map.wire$x), "1");
});

test("what every object inherits is no member of a value", () => {
  const named: Schema = {
    kind: "choice",
    options: [
      {
        schema: { kind: "object", fields: [["constructor", "constructor", "decimal"]] },
        is: "object",
        requires: ["constructor"],
      },
      { schema: { kind: "object", fields: [["bidPrice", "bid", "int64"]] }, is: "object" },
    ],
  };
  const value = decodeText('{"bid":1}', named) as Record<string, unknown>;
  assert.equal(value.bidPrice, 1n);
  const tagged: Schema = {
    kind: "union",
    tag: "constructor",
    property: "constructor",
    variants: [],
  };
  assert.deepEqual(decodeText("{}", tagged), { unknownTag: undefined, raw: {} });
});

test("a known variant may have the members of an unknown one", () => {
  const text = '{"event_type":"done","unknownTag":"x","raw":1}';
  assert.equal(encodeText(decodeText(text, event), event), text);
});

test("numbers stay doubles where the schema says so, even in an exact document", () => {
  const value = decodeText('{"order_id":1,"ratio":1.10}', order) as { ratio: unknown };
  assert.equal(value.ratio, 1.1);
});

test("a plain schema needs no walk and no exact parse", () => {
  const plain = codec({ kind: "array", items: { kind: "object", fields: [] } });
  assert.equal(plain.decode, undefined);
  assert.equal(plain.isExact, false);
});

test("a wrong value is an error with the path to it", () => {
  const text = '{"order_id":1,"parts":[{"price":"x"}]}';
  assert.throws(() => decodeText(text, order), /parts\[0\]\.price: expected a decimal/);
  assert.throws(() => decodeText("{", order), DecodeError);
  assert.throws(() => codec(order).encode?.({ price: 0.1 }), /found the number 0.1/);
  assert.throws(() => codec(order).encode?.({ orderId: 2 ** 60 }), /below 2\^53/);
  assert.throws(() => decodeText('{"order_id":1.5}', order), /expected an integer/);
});

const event: Schema = {
  kind: "union",
  tag: "event_type",
  property: "eventType",
  variants: [
    [
      "fill",
      {
        kind: "object",
        fields: [
          ["eventType", "event_type"],
          ["price", "price", "decimal"],
        ],
      },
    ],
    ["done", { kind: "object", fields: [["eventType", "event_type"]] }],
  ],
};

test("a union is decoded by its tag, and an unknown tag keeps the raw value", () => {
  const fill = decodeText('{"event_type":"fill","price":"1"}', event) as { price: unknown };
  assert.ok(fill.price instanceof Decimal);
  const text = '{"event_type":"later","x":1}';
  const later = decodeText(text, event) as object;
  assert.ok(isUnknownVariant(later));
  assert.equal(later.unknownTag, "later");
  assert.equal(encodeText(later, event), text);
  assert.throws(() => codec(event).encode?.({ eventType: "nope" }), /fill, done/);
});

const choice: Schema = {
  kind: "choice",
  options: [
    { schema: "decimal", is: "string" },
    {
      schema: { kind: "object", fields: [["bidPrice", "bid_price", "decimal"]] },
      is: "object",
      requires: ["bid_price"],
    },
    { schema: { kind: "array", items: "int64" }, is: "array" },
  ],
};

test("a union without a tag is decided by shape", () => {
  assert.ok(decodeText('"1.0"', choice) instanceof Decimal);
  assert.deepEqual(decodeText("[9007199254740993]", choice), [9007199254740993n]);
  const value = decodeText('{"bid_price":"2"}', choice) as Record<string, unknown>;
  assert.equal(String(value.bidPrice), "2");
  assert.equal(encodeText(value, choice), '{"bid_price":"2"}');
  assert.deepEqual(decodeText('{"other":1}', choice), { other: 1 });
});

test("shapes that require the same are told apart by what each knows alone", () => {
  const named = (property: string, wire: string): Schema => ({
    kind: "object",
    fields: [[property, wire, "decimal"]],
  });
  const pair: Schema = {
    kind: "choice",
    options: [
      { schema: named("bidPrice", "bid_price"), is: "object", knows: ["bid_price", "bid"] },
      { schema: named("askPrice", "ask_price"), is: "object", knows: ["ask_price"] },
      { schema: named("bidPrice", "bid_price"), is: "object" },
    ],
  };
  const text = '{"ask_price":"2.0"}';
  const value = decodeText(text, pair) as Record<string, unknown>;
  assert.ok(value.askPrice instanceof Decimal);
  assert.equal(encodeText(value, pair), text);
  assert.deepEqual(decodeText('{"x":1}', pair), { x: 1 });
});

test("members beside those that a map names survive with every digit", () => {
  const extras: Schema = {
    kind: "object",
    fields: [
      ["orderId", "order_id"],
      ["price", "price", "decimal"],
      ["note", "note"],
    ],
    additional: "int64",
  };
  const text = '{"order_id":"7","x":9007199254740993,"price":"1.0","note":"5","orderId":3}';
  const value = decodeText(text, extras) as Record<string, unknown>;
  assert.equal(value.x, 9007199254740993n);
  assert.equal(value.note, "5");
  assert.equal(value.wire$orderId, 3n);
  assert.equal(encodeText(value, extras), text);
});

test("no whole number loses digits, whatever the schema says of its size", () => {
  const text = '{"order_id":9007199254740993,"n":[-12345678901234567890],"x":1.5,"t":"1.0"}';
  const sizes: Schema = {
    kind: "object",
    fields: [
      ["orderId", "order_id"],
      ["t", "t", "decimal"],
    ],
  };
  const value = decodeText(text, sizes) as Record<string, unknown>;
  assert.equal(value.orderId, 9007199254740993n);
  assert.deepEqual([value.n, value.x], [[-12345678901234567890n], 1.5]);
  assert.equal(encodeText(value, sizes), text);
  const later = '{"event_type":"later","id":12345678901234567890}';
  const unknown = decodeText(later, event) as object;
  assert.equal(encodeText(unknown, event), later);
});

test("maps, patterns and tuples", () => {
  const map: Schema = {
    kind: "object",
    fields: [],
    additional: "int64",
    patterns: [[/^p_/, "decimal"]],
  };
  const value = decodeText('{"a":1,"p_x":"1.50"}', map) as Record<string, unknown>;
  assert.equal(value.a, 1n);
  assert.ok(value.p_x instanceof Decimal);
  assert.equal(encodeText(value, map), '{"a":1,"p_x":"1.50"}');
  const tuple: Schema = { kind: "tuple", items: ["decimal", "plain"], rest: "int64" };
  const [first, ...rest] = decodeText('["1",2,3]', tuple) as unknown[];
  assert.ok(first instanceof Decimal);
  assert.deepEqual(rest, [2, 3n]);
});

test("a member called __proto__ is a member", () => {
  const value = decodeText('{"order_id":1,"__proto__":{"x":1}}', order) as object;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["orderId", "__proto__"]);
});

test("empty text is null where the contract says so, and stays empty", () => {
  const thing: ObjectShape = {
    kind: "object",
    fields: [
      ["price", "price", "decimal_or_empty"],
      ["count", "count", "int64_or_empty"],
      ["small", "small", "integer_or_empty"],
      ["when", "when", "text_or_empty"],
    ],
  };
  const empty = '{"price":"","count":"","small":"","when":""}';
  const nothing = decodeText(empty, thing);
  assert.deepEqual(nothing, { price: null, count: null, small: null, when: null });
  assert.equal(encodeText(nothing, thing), empty);
  const full =
    '{"price":"0.10","count":"9007199254740993","small":"7","when":"2026-01-02T03:04:05Z"}';
  const value = decodeText(full, thing) as Record<string, unknown>;
  assert.deepEqual([String(value.price), value.count, value.small], ["0.10", 9007199254740993n, 7]);
  assert.equal(encodeText(value, thing), full);
  for (const wrong of ['" "', '"dear"', "true", "[]"]) {
    assert.throws(() => decodeText(`{"price":${wrong}}`, thing), DecodeError);
  }
});
