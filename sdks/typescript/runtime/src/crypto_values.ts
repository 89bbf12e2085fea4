/** JSON values as bytes to sign: compact JSON, flattened members, MessagePack. */

import { compareText, hex, type Pairs } from "./crypto.ts";
import { bytesOf } from "./crypto_platform.ts";
import { SigningError } from "./errors.ts";
import { JsonNumber, stringifyJson } from "./json.ts";

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof JsonNumber);

/** A scalar as text. Throws `SigningError` for inexact numbers, lists and objects. */
export const asText = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  throw new SigningError(`a ${typeof value} has no exact text to sign`);
};

/** JSON without spaces, members in their order. */
export const jsonText = (value: unknown): string => stringifyJson(value, true);

/** The member at a dotted path; null where there is none. */
export const field = (value: unknown, path: string): unknown => {
  let place = value;
  for (const name of path.split(".")) {
    if (Array.isArray(place)) place = /^\d+$/.test(name) ? place[Number(name)] : undefined;
    else place = isMembers(place) && Object.hasOwn(place, name) ? place[name] : undefined;
  }
  return place ?? null;
};

/** ASCII digits as a whole number, exact at any size. Throws `SigningError`. */
export const number = (text: string): number | bigint => {
  if (!/^[0-9]+$/.test(text)) {
    throw new SigningError("a value that must be a whole number is not one");
  }
  return narrowed(BigInt(text));
};

/** A number plus a constant. */
export const add = (value: number | bigint, more: number): number | bigint =>
  narrowed(BigInt(value) + BigInt(more));

const narrowed = (value: bigint): number | bigint =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** An object's members as pairs of text; members that are null are left out. */
export const memberList = (value: unknown): Pairs => {
  if (!isMembers(value)) throw new SigningError("members to sign must stand in an object");
  return Object.entries(value)
    .filter(([, item]) => item !== null && item !== undefined)
    .map(([name, item]) => [name, isComposite(item) ? jsonText(item) : asText(item)]);
};

const isComposite = (value: unknown): boolean => Array.isArray(value) || isMembers(value);

/** A mapping, or a list of pairs, as pairs of text. */
export const pairs = (value: unknown): Pairs => {
  const items = Array.isArray(value) ? value : Object.entries(value as Members);
  return items.map(([name, item]: readonly [unknown, unknown]) => [String(name), asText(item)]);
};

/** Members sorted by name as name and value, through lists and objects. */
export const flatten = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(flatten).join("");
  if (!isMembers(value)) return asText(value);
  return Object.keys(value)
    .toSorted(compareText)
    .map((name) => name + flatten(value[name]))
    .join("");
};

/** Eight bytes, big-endian. Throws `SigningError` where the number does not fit. */
export const u64be = (value: number | bigint): Uint8Array => {
  const wide = BigInt(value);
  if (wide < 0n || wide >= 1n << 64n) {
    throw new SigningError("a number to sign does not fit into 64 bits");
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, wide);
  return bytes;
};

/** A 65-byte signature as r, s (0x and hex without leading zeros) and v. */
export const rsv = (signature: Uint8Array): Members => ({
  r: `0x${BigInt(`0x${hex(signature.slice(0, 32))}`).toString(16)}`,
  s: `0x${BigInt(`0x${hex(signature.slice(32, 64))}`).toString(16)}`,
  v: signature[64] ?? 0,
});

/** MessagePack with members in their order and integers as short as they go. */
export const msgpack = (value: unknown): Uint8Array => {
  const out: number[] = [];
  pack(value, out);
  return Uint8Array.from(out);
};

const pack = (value: unknown, out: number[]): void => {
  if (value === null || value === undefined) out.push(0xc0);
  else if (typeof value === "boolean") out.push(value ? 0xc3 : 0xc2);
  else if (typeof value === "string") packText(value, out);
  else if (typeof value === "bigint" || Number.isSafeInteger(value)) {
    packInteger(BigInt(value as number | bigint), out);
  } else if (Array.isArray(value)) {
    packLength(value.length, 0x90, 15, 0xdc, out);
    for (const item of value) pack(item, out);
  } else if (isMembers(value)) {
    const entries = Object.entries(value);
    packLength(entries.length, 0x80, 15, 0xde, out);
    for (const [name, item] of entries) {
      packText(name, out);
      pack(item, out);
    }
  } else throw new SigningError(`a ${typeof value} has no exact MessagePack to sign`);
};

const packText = (text: string, out: number[]): void => {
  const bytes = bytesOf(text);
  if (bytes.length < 32) out.push(0xa0 | bytes.length);
  else if (bytes.length < 1 << 8) out.push(0xd9, bytes.length);
  else if (bytes.length < 1 << 16) out.push(0xda, ...bigEndian(BigInt(bytes.length), 2));
  else out.push(0xdb, ...bigEndian(BigInt(bytes.length), 4));
  for (const byte of bytes) out.push(byte);
};

const packLength = (
  length: number,
  short: number,
  most: number,
  long: number,
  out: number[],
): void => {
  if (length <= most) out.push(short | length);
  else if (length < 1 << 16) out.push(long, ...bigEndian(BigInt(length), 2));
  else out.push(long + 1, ...bigEndian(BigInt(length), 4));
};

const packInteger = (value: bigint, out: number[]): void => {
  if (value >= 0n) {
    if (value < 0x80n) out.push(Number(value));
    else if (value < 1n << 8n) out.push(0xcc, Number(value));
    else if (value < 1n << 16n) out.push(0xcd, ...bigEndian(value, 2));
    else if (value < 1n << 32n) out.push(0xce, ...bigEndian(value, 4));
    else out.push(0xcf, ...bigEndian(value, 8));
  } else if (value >= -32n) out.push(Number(value) & 0xff);
  else if (value >= -(1n << 7n)) out.push(0xd0, ...bigEndian(value, 1));
  else if (value >= -(1n << 15n)) out.push(0xd1, ...bigEndian(value, 2));
  else if (value >= -(1n << 31n)) out.push(0xd2, ...bigEndian(value, 4));
  else out.push(0xd3, ...bigEndian(value, 8));
};

const bigEndian = (value: bigint, width: number): readonly number[] =>
  Array.from({ length: width }, (_, at) => Number((value >> BigInt(8 * (width - 1 - at))) & 0xffn));
