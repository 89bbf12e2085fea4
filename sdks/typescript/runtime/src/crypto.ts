/**
 * What emitted signers compute with: digests, encodings and lists, each a pure function.
 *
 * Where `node:crypto` exists (Node, Bun, Deno) everything is synchronous; elsewhere the functions
 * whose names end in `Async` use WebCrypto. Text stands for its UTF-8 bytes throughout.
 */

import { percentEncode as encodeText } from "./encoding.ts";
import { SigningError } from "./errors.ts";
import { JsonNumber, stringifyJson } from "./json.ts";

export * from "./crypto_keys.ts";
export * from "./crypto_messages.ts";
export * from "./crypto_parts.ts";
export * from "./crypto_platform.ts";
export * from "./crypto_public.ts";
export * from "./crypto_values.ts";

import { bytesOf, type Data } from "./crypto_platform.ts";

/** Names and values in order: query parameters, headers or form fields. */
export type Pairs = readonly (readonly [name: string, value: string])[];

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const DIGITS = /^(?:[0-9a-fA-F]{2})*$/;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal. */
export const hex = (data: Data): string => {
  let text = "";
  for (const byte of bytesOf(data)) text += HEX[byte];
  return text;
};

/** Base64 with padding (RFC 4648 section 4). */
export const base64 = (data: Data): string => {
  let text = "";
  for (const byte of bytesOf(data)) text += String.fromCharCode(byte);
  return btoa(text);
};

/** URL-safe base64 with padding (RFC 4648 section 5). */
export const base64url = (data: Data): string =>
  base64(data).replaceAll("+", "-").replaceAll("/", "_");

/** URL-safe base64 without padding, as JWTs write it (RFC 7515). */
export const base64urlUnpadded = (data: Data): string => base64url(data).replace(/=+$/, "");

/** The bytes of hexadecimal text, with or without 0x. Throws `SigningError`. */
export const fromHex = (text: string): Uint8Array => {
  const digits = text.startsWith("0x") ? text.slice(2) : text;
  if (!DIGITS.test(digits)) throw new SigningError("a value to sign is not hexadecimal");
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  }
  return bytes;
};

/**
 * The parts one after the other, with a separator between them: text where all of them are text,
 * which stands for its bytes and is encoded where it is hashed, else bytes.
 */
export const joinData = (separator: string, parts: readonly Data[]): Data =>
  parts.every((part) => typeof part === "string")
    ? parts.join(separator)
    : joinBytes(separator, parts);

/** The parts one after the other, with a separator between them, as bytes. */
export const joinBytes = (separator: string, parts: readonly Data[]): Uint8Array => {
  const between = bytesOf(separator);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const part of parts) {
    if (chunks.length > 0) chunks.push(between);
    chunks.push(bytesOf(part));
  }
  for (const chunk of chunks) length += chunk.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
};

/** Characters of a text (by code point) or bytes, from `start` up to but without `end`. */
export const slice = <Kind extends Data>(data: Kind, start: number, end: number): Kind =>
  (typeof data === "string"
    ? [...data].slice(start, end).join("")
    : data.slice(start, end)) as Kind;

/** All bytes but RFC 3986's unreserved characters, and those to keep, as %XX. */
export const percentEncode = (data: Data, keep = ""): string => {
  if (typeof data === "string" && keep === "") return encodeText(data);
  let text = "";
  for (const byte of bytesOf(data)) {
    const character = String.fromCharCode(byte);
    const isPlain = byte < 128 && (keep.includes(character) || encodeText(character) === character);
    text += isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
};

/** The bytes of percent-encoded text; a `%` without two digits stays. */
export const percentDecode = (text: string): Uint8Array => {
  const parts = text.split(/(%[0-9a-fA-F]{2})/);
  return joinBytes(
    "",
    parts.map((part, at) => (at % 2 === 1 ? fromHex(part.slice(1)) : part)),
  );
};

/** ASCII letters in lower case; others stay as they are. */
export const lower = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** ASCII letters in upper case; others stay as they are. */
export const upper = (text: string): string =>
  text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

/** The text without the prefix; unchanged where it does not start so. */
export const removePrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

/** A query's pairs as sent; a pair without `=` has an empty value. */
export const queryList = (text: string): Pairs =>
  text === ""
    ? []
    : text.split("&").map((pair) => {
        const at = pair.indexOf("=");
        return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      });

/** The pairs with names and values percent-encoded. */
export const percentEncodeList = (pairs: Pairs): Pairs =>
  pairs.map(([name, value]) => [encodeText(name), encodeText(value)]);

/** The pairs with names and values percent-decoded. Throws `SigningError`. */
export const percentDecodeList = (pairs: Pairs): Pairs =>
  pairs.map(([name, value]) => [decoded(name), decoded(value)]);

const decoded = (text: string): string => {
  try {
    return UTF8.decode(percentDecode(text));
  } catch {
    throw new SigningError("a query to sign does not decode to UTF-8");
  }
};

/** The order of UTF-8 bytes, which is that of code points and not that of UTF-16 units. */
export const compareText = (left: string, right: string): number => {
  const others = right[Symbol.iterator]();
  for (const character of left) {
    const other = others.next();
    if (other.done === true) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return others.next().done === true ? 0 : -1;
};

/** The pairs sorted by the bytes of their names, then of their values. */
export const sort = (pairs: Pairs): Pairs =>
  pairs.toSorted((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]));

/** The pairs whose names are not among these. */
export const without = (pairs: Pairs, names: readonly string[]): Pairs =>
  pairs.filter(([name]) => !names.includes(name));

/** Each pair as name, `between`, value; the pairs joined. */
export const form = (pairs: Pairs, between = "=", joinedWith = "&"): string =>
  pairs.map(([name, value]) => name + between + value).join(joinedWith);

/** The names of the pairs, joined. */
export const names = (pairs: Pairs, joinedWith: string): string =>
  pairs.map(([name]) => name).join(joinedWith);

/** A header's trimmed value, repeats joined by a comma; empty where it is absent. */
export const header = (headers: Pairs, name: string): string => {
  const wanted = name.toLowerCase();
  return headers
    .filter(([key]) => key.toLowerCase() === wanted)
    .map(([, value]) => value.trim())
    .join(", ");
};

/** The first FIX field with this tag; empty where it is absent. */
export const tag = (tags: Pairs, number: number): string =>
  tags.find(([key]) => key === String(number))?.[1] ?? "";

/** What a signer computed on its way, by the name of the step. */
export type Trace = Record<string, unknown>;

/** Computed steps as text: bytes that are no text in hexadecimal, values as JSON. */
export const shown = (
  trace: Trace,
  ...secrets: readonly (string | Uint8Array)[]
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(trace).map(([name, value]) => [
      name,
      withoutSecrets(shownValue(value), secrets),
    ]),
  );

/** A text with each secret replaced, also where it is in hexadecimal or in base64. */
const withoutSecrets = (text: string, secrets: readonly (string | Uint8Array)[]): string => {
  let out = text;
  for (const secret of secrets) {
    const held = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
    if (held.length === 0) continue;
    for (const form of [shownValue(held), hex(held), base64(held)]) {
      out = out.replaceAll(form, () => "[secret]");
    }
  }
  return out;
};

const shownValue = (value: unknown): string => {
  const plain = plainValue(value);
  return typeof plain === "string" ? plain : stringifyJson(plain, true);
};

/** A value whose bytes are text, or hexadecimal where they are none. */
const plainValue = (value: unknown): unknown => {
  if (value instanceof Uint8Array) {
    try {
      return UTF8.decode(value);
    } catch {
      return hex(value);
    }
  }
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null || value instanceof JsonNumber) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainValue(item)]));
};
