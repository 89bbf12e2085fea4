/** Exact scalars between the wire and the SDK: decimals, integers and doubles. */

import { Decimal, type DecimalInput } from "./decimal.ts";
import { JsonNumber } from "./json.ts";
import type { Schema } from "./schema.ts";

/** Turns one value; undefined in place of a function says that nothing is to be turned. */
export type Turn = (value: unknown) => unknown;

/** Decode is from the wire to the SDK, encode the way back. */
export type Direction = "decode" | "encode";

/** A value does not fit its shape; the message starts with the path to it. */
export class CoercionError extends TypeError {
  override name = "CoercionError";
  path = "";

  /** Returns this error with one more step in front of its path. */
  within(step: string): this {
    this.path = step + (this.path === "" || this.path.startsWith("[") ? "" : ".") + this.path;
    return this;
  }

  /** The path and what is wrong there. */
  get text(): string {
    return this.path === "" ? this.message : `${this.path}: ${this.message}`;
  }
}

const toDecimal: Turn = (value) => {
  if (value === null) return value;
  try {
    if (typeof value === "string") return Decimal.of(value);
    if (typeof value === "number" || typeof value === "bigint") return Decimal.of(String(value));
    if (value instanceof JsonNumber) return Decimal.of(value.text);
  } catch {
    throw mismatch("a decimal", value);
  }
  throw mismatch("a decimal", value);
};

const toBigInt: Turn = (value) => {
  if (value === null || typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === "string" && INTEGER.test(value)) return BigInt(value);
  throw mismatch("an integer", value);
};

const toInteger: Turn = (value) => {
  if (value === null) return value;
  const number = typeof value === "string" && INTEGER.test(value) ? Number(value) : value;
  if (Number.isSafeInteger(number)) return number;
  throw mismatch("an integer below 2^53", value);
};

const toDouble: Turn = (value) => {
  if (value instanceof JsonNumber) return Number(value.text);
  return typeof value === "bigint" ? Number(value) : value;
};

const INTEGER = /^-?\d{1,40}$/;

const decimalText = (value: unknown): string => {
  const isInput =
    value instanceof Decimal || typeof value === "string" || typeof value === "bigint";
  if (!isInput) throw mismatch('a Decimal, or text such as "0.10"', value);
  try {
    return Decimal.of(value as DecimalInput).toPlain();
  } catch (error) {
    throw new CoercionError(error instanceof Error ? error.message : "not a decimal");
  }
};

const fromInteger = (value: unknown): bigint => {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  throw mismatch("a bigint or a whole number below 2^53", value);
};

const fromDouble: Turn = (value) => {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  throw mismatch("a finite number", value);
};

/** Empty text is no value, in both directions. */
const orEmpty = (turn: Turn) => (value: unknown) => (value === "" ? null : turn(value));

const emptyOr = (turn: Turn) => (value: unknown) => (value === null ? "" : turn(value));

const asText: Turn = (value) => {
  if (value === null || typeof value === "string") return value;
  throw mismatch("text", value);
};

const unlessNull = (turn: Turn) => (value: unknown) => (value === null ? value : turn(value));

type ScalarKind = Extract<Schema, string>;

/** How each scalar is turned, by direction. */
export const SCALARS: Record<Direction, Record<ScalarKind, Turn | undefined>> = {
  decode: {
    plain: undefined,
    decimal: toDecimal,
    decimal_number: toDecimal,
    int64: toBigInt,
    int64_string: toBigInt,
    integer_string: toInteger,
    number: toDouble,
    decimal_or_empty: orEmpty(toDecimal),
    int64_or_empty: orEmpty(toBigInt),
    integer_or_empty: orEmpty(toInteger),
    text_or_empty: orEmpty(asText),
  },
  encode: {
    plain: undefined,
    decimal: unlessNull(decimalText),
    decimal_number: unlessNull((value) => new JsonNumber(decimalText(value))),
    int64: unlessNull(fromInteger),
    int64_string: unlessNull((value) => fromInteger(value).toString()),
    integer_string: unlessNull((value) => fromInteger(value).toString()),
    number: fromDouble,
    decimal_or_empty: emptyOr(decimalText),
    int64_or_empty: emptyOr((value) => fromInteger(value).toString()),
    integer_or_empty: emptyOr((value) => fromInteger(value).toString()),
    text_or_empty: emptyOr(asText),
  },
};

/** The error for a value of another kind than its shape has. */
export const mismatch = (expected: string, value: unknown): CoercionError => {
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const isShort = ["string", "number", "boolean", "bigint"].includes(kind);
  return new CoercionError(
    `expected ${expected}, found ${isShort ? `the ${kind} ${String(value).slice(0, 60)}` : kind}`,
  );
};
