/** Lossless JSON text: numbers that a double cannot carry stay exact, in both directions. */

/** A JSON number as it was written, where neither a double nor a bigint carries it exactly. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** `JSON.stringify` then writes the digits and no string, where the platform can do so. */
  toJSON(): unknown {
    return rawJson === undefined ? this.text : rawJson(this.text);
  }
}

type RawJson = (text: string) => unknown;
const rawJson = (JSON as { rawJSON?: RawJson }).rawJSON?.bind(JSON) as RawJson | undefined;

/** Objects and arrays may be nested this deep; JSON beyond it is refused. */
const MAXIMUM_DEPTH = 512;

/** True where `JSON.parse` shows the reviver the source text of each number (ES2026). */
const hasSource: boolean = (() => {
  let source: unknown;
  const reviver = (_key: string, value: unknown, context?: { source?: string }) => {
    source = context?.source;
    return value;
  };
  JSON.parse("1", reviver as (key: string, value: unknown) => unknown);
  return source === "1";
})();

/** A number as it was written: a double where that is exact, else a bigint or a `JsonNumber`. */
export const exactNumber = (source: string): number | bigint | JsonNumber => {
  const value = Number(source);
  if (String(value) === source && (Number.isSafeInteger(value) || !Number.isInteger(value))) {
    return value;
  }
  return /^-?\d+$/.test(source) && source !== "-0" ? BigInt(source) : new JsonNumber(source);
};

/** As `exactNumber` for whole numbers; one with a fraction or exponent is a double. */
const wholeNumber = (source: string): number | bigint => {
  const value = Number(source);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(source) ? value : BigInt(source);
};

/** A number of so many digits may be more than a double holds: 2^53 has 16 and starts with 9. */
const LONG_INTEGER = /(?:^|[:,[\s])-?(?:9\d{15}|\d{17,})\s*(?:[,\]}]|$)/;

const reviveWhole = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" && context?.source !== undefined ? wholeNumber(context.source) : value;

const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" && context?.source !== undefined ? exactNumber(context.source) : value;

type Reviver = (key: string, value: unknown) => unknown;

/**
 * Reads JSON. With `isExact`, each number that a double would change comes back as a bigint or a
 * `JsonNumber`. Without it this is `JSON.parse`, which is faster, and only whole numbers beyond
 * 2^53 come back as bigints: no integer loses digits, whatever a contract says of its size. Throws
 * `SyntaxError`.
 */
export const parseJson = (text: string, isExact: boolean): unknown => {
  if (!isExact && !LONG_INTEGER.test(text)) return JSON.parse(text);
  if (!hasSource) return isExact ? parseExact(text) : parseWhole(text);
  return JSON.parse(text, (isExact ? revive : reviveWhole) as Reviver);
};

/** Writes JSON; bigints and `JsonNumber`s become exact JSON numbers. */
export const stringifyJson = (value: unknown, isExact: boolean): string => {
  if (!isExact) {
    try {
      return JSON.stringify(value) ?? "null";
    } catch (error) {
      // A bigint that came in where the contract told of no size goes out as it came.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return rawJson === undefined ? writeExact(value) : (JSON.stringify(value, replace) ?? "null");
};

const replace = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" && rawJson !== undefined ? rawJson(value.toString()) : value;

/** `stringifyJson` for platforms without `JSON.rawJSON`. */
export const writeExact = (value: unknown): string => {
  const plain = value instanceof JsonNumber || typeof value === "bigint" ? value : jsonValue(value);
  if (plain instanceof JsonNumber || typeof plain === "bigint") return plain.toString();
  if (Array.isArray(plain)) return `[${plain.map(writeExact).join(",")}]`;
  if (typeof plain !== "object" || plain === null) return JSON.stringify(plain) ?? "null";
  const members: string[] = [];
  for (const [key, member] of Object.entries(plain)) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${writeExact(member)}`);
  }
  return `{${members.join(",")}}`;
};

const jsonValue = (value: unknown): unknown => {
  const convert = (value as { toJSON?: unknown } | null | undefined)?.toJSON;
  return typeof convert === "function" ? convert.call(value) : value;
};

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const SPACE = /[ \t\n\r]*/y;

/** A strict RFC 8259 reader for platforms whose `JSON.parse` hides the source text. */
class ExactReader {
  readonly #text: string;
  readonly #number: (source: string) => unknown;
  #at = 0;

  constructor(text: string, number: (source: string) => unknown) {
    this.#text = text;
    this.#number = number;
  }

  document(): unknown {
    const value = this.#value(0);
    this.#skip();
    if (this.#at !== this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): unknown {
    if (depth > MAXIMUM_DEPTH) throw new SyntaxError(`JSON is nested deeper than ${MAXIMUM_DEPTH}`);
    this.#skip();
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number(this.#match(NUMBER));
  }

  #object(depth: number): unknown {
    const members: Record<string, unknown> = {};
    this.#at += 1;
    if (this.#take("}")) return members;
    do {
      this.#skip();
      const key = this.#string();
      if (!this.#take(":")) throw this.#unexpected();
      const value = this.#value(depth + 1);
      // `members[key] = value` would set the prototype for the key "__proto__".
      Object.defineProperty(members, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    } while (this.#take(","));
    if (!this.#take("}")) throw this.#unexpected();
    return members;
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    this.#at += 1;
    if (this.#take("]")) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(","));
    if (!this.#take("]")) throw this.#unexpected();
    return items;
  }

  #string(): string {
    return JSON.parse(this.#match(STRING)) as string;
  }

  #take(mark: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw this.#unexpected();
    this.#at += found[0].length;
    return found[0];
  }

  #unexpected(): SyntaxError {
    const found = this.#text[this.#at];
    const what = found === undefined ? "end of text" : JSON.stringify(found);
    return new SyntaxError(`unexpected ${what} at position ${this.#at} of JSON`);
  }
}

const WORDS: readonly (readonly [string, unknown])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** `parseJson` with `isExact` for platforms without source text access. Throws `SyntaxError`. */
export const parseExact = (text: string): unknown => new ExactReader(text, exactNumber).document();

/** `parseJson` without `isExact` for the same platforms. Throws `SyntaxError`. */
export const parseWhole = (text: string): unknown => new ExactReader(text, wholeNumber).document();
