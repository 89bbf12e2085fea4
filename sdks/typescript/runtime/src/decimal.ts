/** Exact decimal numbers: what prices, quantities and amounts are in every SDK. */

/** What a caller may give where a decimal is expected; a float is refused on purpose. */
export type DecimalInput = Decimal | string | bigint;

/** How `quantize` and `div` drop digits; the names are those of Python's `decimal`. */
export type Rounding = "half_even" | "half_up" | "half_down" | "down" | "up" | "floor" | "ceiling";

const SYNTAX = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,6}))?$/;
const PLAIN = /^-?\d+(?:\.\d+)?$/;
/** Longer texts are refused, so that hostile input costs nothing (digits, and exponent size). */
const MAXIMUM_TEXT = 1_000;
const MAXIMUM_EXPONENT = 10_000;

const power = (exponent: number): bigint => 10n ** BigInt(exponent);

/** An immutable exact decimal. It keeps the text that it was read from: `"0.10"` stays `"0.10"`. */
export class Decimal {
  /** The value is `coefficient * 10^exponent`; both are worked out when they are first needed. */
  #coefficient: bigint | undefined;
  #exponent: number | undefined;
  #text: string | undefined;

  private constructor(
    text: string | undefined,
    coefficient: bigint | undefined,
    exponent: number | undefined,
  ) {
    this.#text = text;
    this.#coefficient = coefficient;
    this.#exponent = exponent;
  }

  /** Reads a decimal. Throws `RangeError` for anything that is not a finite decimal number. */
  static of(value: DecimalInput): Decimal {
    if (value instanceof Decimal) return value;
    if (typeof value === "bigint") return new Decimal(undefined, value, 0);
    if (typeof value !== "string" || value.length > MAXIMUM_TEXT || !SYNTAX.test(value)) {
      throw new RangeError(
        `expected a decimal number as a string such as "0.10", found ${describe(value)}`,
      );
    }
    return new Decimal(value, undefined, undefined);
  }

  /** True where the text can be read by `of`. */
  static isDecimalText(text: string): boolean {
    return text.length <= MAXIMUM_TEXT && SYNTAX.test(text);
  }

  #parts(): readonly [bigint, number] {
    if (this.#coefficient !== undefined && this.#exponent !== undefined) {
      return [this.#coefficient, this.#exponent];
    }
    const match = SYNTAX.exec(this.#text ?? "");
    if (match === null) throw new RangeError("a decimal lost its text");
    const fraction = match[3] ?? match[4] ?? "";
    const magnitude = BigInt(`${match[2] ?? ""}${fraction}`);
    const exponent = Number(match[5] ?? "0") - fraction.length;
    if (Math.abs(exponent) > MAXIMUM_EXPONENT) {
      throw new RangeError(`the exponent ${exponent} is beyond ${MAXIMUM_EXPONENT}`);
    }
    this.#coefficient = match[1] === "-" ? -magnitude : magnitude;
    this.#exponent = exponent;
    return [this.#coefficient, this.#exponent];
  }

  /** -1, 0 or 1 as this is less than, equal to or greater than the other. */
  compare(other: DecimalInput): -1 | 0 | 1 {
    const [left, right] = align(this.#parts(), Decimal.of(other).#parts());
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** True where the values are the same: `0.10` equals `0.1`. */
  equals(other: DecimalInput): boolean {
    return this.compare(other) === 0;
  }

  add(other: DecimalInput): Decimal {
    const [left, right, exponent] = align(this.#parts(), Decimal.of(other).#parts());
    return new Decimal(undefined, left + right, exponent);
  }

  sub(other: DecimalInput): Decimal {
    const [left, right, exponent] = align(this.#parts(), Decimal.of(other).#parts());
    return new Decimal(undefined, left - right, exponent);
  }

  mul(other: DecimalInput): Decimal {
    const [left, leftExponent] = this.#parts();
    const [right, rightExponent] = Decimal.of(other).#parts();
    return new Decimal(undefined, left * right, leftExponent + rightExponent);
  }

  /** The quotient with `scale` digits after the point. Throws `RangeError` on division by zero. */
  div(other: DecimalInput, scale: number, rounding: Rounding = "half_even"): Decimal {
    checkScale(scale);
    const [left, leftExponent] = this.#parts();
    const [right, rightExponent] = Decimal.of(other).#parts();
    if (right === 0n) throw new RangeError("division by zero");
    const shift = leftExponent - rightExponent + scale;
    const numerator = shift >= 0 ? left * power(shift) : left;
    const denominator = shift >= 0 ? right : right * power(-shift);
    return new Decimal(undefined, divideRounded(numerator, denominator, rounding), -scale);
  }

  /** The same value with `scale` digits after the point, rounded where digits are dropped. */
  quantize(scale: number, rounding: Rounding = "half_even"): Decimal {
    checkScale(scale);
    const [coefficient, exponent] = this.#parts();
    const shift = exponent + scale;
    if (shift >= 0) return new Decimal(undefined, coefficient * power(shift), -scale);
    return new Decimal(undefined, divideRounded(coefficient, power(-shift), rounding), -scale);
  }

  /** True where this is a whole multiple of the increment (price and quantity rules). */
  isMultipleOf(increment: DecimalInput): boolean {
    const [value, step] = align(this.#parts(), Decimal.of(increment).#parts());
    return step !== 0n && value % step === 0n;
  }

  neg(): Decimal {
    const [coefficient, exponent] = this.#parts();
    return new Decimal(undefined, -coefficient, exponent);
  }

  abs(): Decimal {
    return this.isNegative() ? this.neg() : this;
  }

  isZero(): boolean {
    return this.#parts()[0] === 0n;
  }

  isNegative(): boolean {
    return this.#parts()[0] < 0n;
  }

  /** The nearest double, for charts and the like: this is where exactness ends. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** The value as an integer of `10^-scale` units. Throws `RangeError` where digits would go. */
  toScaled(scale: number): bigint {
    checkScale(scale);
    const [coefficient, exponent] = this.#parts();
    const shift = exponent + scale;
    if (shift >= 0) return coefficient * power(shift);
    const divisor = power(-shift);
    if (coefficient % divisor !== 0n) {
      throw new RangeError(`${this.toString()} has more than ${scale} digits after the point`);
    }
    return coefficient / divisor;
  }

  /** The decimal that is `coefficient * 10^-scale`. */
  static fromScaled(coefficient: bigint, scale: number): Decimal {
    checkScale(scale);
    return new Decimal(undefined, coefficient, -scale);
  }

  /** The text as it was read, or plain digits without an exponent where it was computed. */
  toString(): string {
    this.#text ??= format(...this.#parts());
    return this.#text;
  }

  /** The value as plain digits for the wire: as it was read, unless that had an exponent. */
  toPlain(): string {
    const text = this.toString();
    return PLAIN.test(text) ? text : format(...this.#parts());
  }

  /** The value in plain digits, without an exponent and without trailing zeros. */
  toCanonical(): string {
    const plain = format(...this.#parts());
    return plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
  }

  toJSON(): string {
    return this.toString();
  }

  /** Template literals get the text; arithmetic with `+` or `<` would be a float and is refused. */
  [Symbol.toPrimitive](hint: "string" | "number" | "default"): string {
    if (hint === "string") return this.toString();
    throw new TypeError("a Decimal is exact: use add, sub, mul, compare or equals, or toNumber()");
  }

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Decimal(${this.toString()})`;
  }
}

const align = (
  [left, leftExponent]: readonly [bigint, number],
  [right, rightExponent]: readonly [bigint, number],
): readonly [bigint, bigint, number] => {
  if (leftExponent === rightExponent) return [left, right, leftExponent];
  return leftExponent > rightExponent
    ? [left * power(leftExponent - rightExponent), right, rightExponent]
    : [left, right * power(rightExponent - leftExponent), leftExponent];
};

const divideRounded = (numerator: bigint, denominator: bigint, rounding: Rounding): bigint => {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const isNegative = numerator < 0n !== denominator < 0n;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  const whole = denominator < 0n ? -denominator : denominator;
  const half = twice < whole ? -1 : twice > whole ? 1 : 0;
  if (!roundsAway(rounding, half, quotient % 2n !== 0n, isNegative)) return quotient;
  return isNegative ? quotient - 1n : quotient + 1n;
};

const roundsAway = (
  rounding: Rounding,
  half: -1 | 0 | 1,
  isOdd: boolean,
  isNegative: boolean,
): boolean => {
  switch (rounding) {
    case "half_even":
      return half > 0 || (half === 0 && isOdd);
    case "half_up":
      return half >= 0;
    case "half_down":
      return half > 0;
    case "down":
      return false;
    case "up":
      return true;
    case "floor":
      return isNegative;
    case "ceiling":
      return !isNegative;
  }
};

const format = (coefficient: bigint, exponent: number): string => {
  const sign = coefficient < 0n ? "-" : "";
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString();
  if (exponent >= 0) return coefficient === 0n ? "0" : `${sign}${digits}${"0".repeat(exponent)}`;
  const padded = digits.padStart(1 - exponent, "0");
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
};

const checkScale = (scale: number): void => {
  if (!Number.isInteger(scale) || scale < 0 || scale > MAXIMUM_EXPONENT) {
    throw new RangeError(`expected a scale from 0 to ${MAXIMUM_EXPONENT}, found ${scale}`);
  }
};

const describe = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "number") return `the number ${value}: write "${value}" or use a bigint`;
  return value === null ? "null" : typeof value;
};
