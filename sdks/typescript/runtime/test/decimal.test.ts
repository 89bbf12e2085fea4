/** Decimal against Python's decimal on random values, and its refusals. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Decimal, type Rounding } from "../src/decimal.ts";

interface Row {
  readonly a: string;
  readonly b: string;
  readonly scale: number;
  readonly rounding: Rounding;
  readonly compare: number;
  readonly add: string;
  readonly sub: string;
  readonly mul: string;
  readonly quantize: string;
  readonly div: string | null;
  readonly is_multiple: boolean;
}

test("agrees with Python's decimal on random values", () => {
  const script = fileURLToPath(new URL("decimal_vectors.py", import.meta.url));
  const seed = String(Date.now());
  const python = process.env.PYTHON ?? "python3";
  const rows = JSON.parse(
    execFileSync(python, [script, seed, "5000"], { maxBuffer: 1 << 26 }).toString(),
  ) as Row[];
  assert.equal(rows.length, 5000);
  for (const row of rows) {
    const a = Decimal.of(row.a);
    const b = Decimal.of(row.b);
    const where = `seed ${seed}: ${row.a} ${row.b} ${row.scale} ${row.rounding}`;
    assert.equal(a.compare(b), row.compare, where);
    assert.equal(a.equals(b), row.compare === 0, where);
    assert.equal(a.add(b).toString(), row.add, where);
    assert.equal(a.sub(b).toString(), row.sub, where);
    assert.equal(a.mul(b).toString(), row.mul, where);
    assert.equal(a.quantize(row.scale, row.rounding).toString(), row.quantize, where);
    assert.equal(a.isMultipleOf(b), row.is_multiple, where);
    if (row.div !== null) {
      assert.equal(a.div(b, row.scale, row.rounding).toString(), row.div, where);
    }
  }
});

test("keeps the text that it was read from, and writes plain digits", () => {
  assert.equal(Decimal.of("0.10").toString(), "0.10");
  assert.equal(JSON.stringify({ price: Decimal.of("1.50") }), '{"price":"1.50"}');
  assert.equal(`${Decimal.of("7")}`, "7");
  assert.equal(Decimal.of("1e-8").toPlain(), "0.00000001");
  assert.equal(Decimal.of("+.5").toPlain(), "0.5");
  assert.equal(Decimal.of("1.500").toCanonical(), "1.5");
  assert.equal(Decimal.of(12345678901234567890n).toString(), "12345678901234567890");
  assert.equal(Decimal.of("0.1").add("0.2").toString(), "0.3");
  assert.equal(Decimal.of("12.34").toScaled(4), 123400n);
  assert.equal(Decimal.fromScaled(123400n, 4).toString(), "12.3400");
});

test("refuses what is not an exact decimal", () => {
  for (const text of ["", " 1", "1 ", "1,5", "NaN", "Infinity", "0x10", "1e", ".", "1_000", "١"]) {
    assert.throws(() => Decimal.of(text), RangeError, text);
  }
  assert.throws(() => Decimal.of(0.1 as unknown as string), /the number 0\.1/);
  assert.throws(() => Decimal.of("9".repeat(2000)), RangeError);
  assert.throws(() => Decimal.of("1e999999").add("1"), /exponent/);
  assert.throws(() => Decimal.of("1").div("0", 2), /zero/);
  assert.throws(() => Decimal.of("1.05").toScaled(1), /more than 1 digits/);
  assert.throws(() => Number(Decimal.of("1")), /exact/);
  assert.throws(() => (Decimal.of("1") as unknown as number) + 1, /exact/);
});
