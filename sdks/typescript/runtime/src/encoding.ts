/** Values to exact wire text: one percent-encoding table and OpenAPI's parameter styles. */

import { Decimal } from "./decimal.ts";
import { JsonNumber } from "./json.ts";
import type { Style } from "./operation.ts";

const UTF8 = new TextEncoder();

const table = (kept: string): readonly string[] =>
  Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    return kept.includes(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });

// RFC 3986, 2.3: only these are written as they are; every other byte becomes %XX in upper case.
const UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
const STRICT = table(UNRESERVED);
// OpenAPI's allowReserved keeps RFC 3986's reserved set; "#" and "&" still end a query value.
const RESERVED_ALLOWED = table(`${UNRESERVED}:/?[]@!$'()*+,;=`);
const LONE_SURROGATE = /\p{Surrogate}/u;
const SAFE = /^[A-Za-z0-9\-._~]*$/;

/** RFC 3986 text: UTF-8 bytes, unreserved characters kept, a space is `%20` and never `+`. */
export const percentEncode = (text: string, allowReserved = false): string => {
  if (SAFE.test(text)) return text;
  if (LONE_SURROGATE.test(text)) {
    throw new TypeError("text with a lone surrogate has no UTF-8 form and cannot be sent");
  }
  const characters = allowReserved ? RESERVED_ALLOWED : STRICT;
  let out = "";
  for (const byte of UTF8.encode(text)) out += characters[byte];
  return out;
};

/** One encoded value as text for a path, query, header, cookie or form. Throws `TypeError`. */
export const scalarText = (value: unknown, name: string): string => {
  if (typeof value === "string") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === "number" && Number.isFinite(value)) {
    // Doubles outside of 1e-7 to 1e21 print with an exponent, which few venues read.
    return Decimal.of(String(value)).toPlain();
  }
  const found = value === null ? "null" : typeof value === "number" ? String(value) : typeof value;
  throw new TypeError(`${name} cannot be written as text: found ${found}`);
};

/**
 * A parameter in its style, percent-encoded (OpenAPI 3.1, 4.8.12.3 and RFC 6570). A query style
 * returns `name=value` pairs without a leading separator. Throws `TypeError` for nested values.
 */
export const styled = (
  name: string,
  value: unknown,
  style: Style,
  isExploded: boolean,
  allowReserved = false,
): string => {
  const text = (part: unknown, place: string) =>
    percentEncode(scalarText(part, place), allowReserved);
  if (Array.isArray(value)) {
    const items = value.map((item) => text(item, name));
    return styledList(name, items, style, isExploded);
  }
  if (typeof value === "object" && value !== null && !(value instanceof JsonNumber)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [percentEncode(key), text(member, `${name}.${key}`)] as const);
    return styledObject(name, members, style, isExploded);
  }
  return styledScalar(name, text(value, name), style);
};

const styledScalar = (name: string, text: string, style: Style): string => {
  switch (style) {
    case "simple":
      return text;
    case "label":
      return `.${text}`;
    case "matrix":
      return text === "" ? `;${name}` : `;${name}=${text}`;
    default:
      return `${percentEncode(name)}=${text}`;
  }
};

const styledList = (
  name: string,
  items: readonly string[],
  style: Style,
  isExploded: boolean,
): string => {
  const key = percentEncode(name);
  switch (style) {
    case "simple":
      return items.join(",");
    case "label":
      return `.${items.join(isExploded ? "." : ",")}`;
    case "matrix":
      return isExploded
        ? items.map((item) => `;${name}=${item}`).join("")
        : `;${name}=${items.join(",")}`;
    default: {
      if (isExploded) return items.map((item) => `${key}=${item}`).join("&");
      const separator = { spaceDelimited: "%20", pipeDelimited: "%7C" }[style as string] ?? ",";
      return `${key}=${items.join(separator)}`;
    }
  }
};

const styledObject = (
  name: string,
  members: readonly (readonly [string, string])[],
  style: Style,
  isExploded: boolean,
): string => {
  const flat = members.map(([key, value]) => `${key},${value}`).join(",");
  const pairs = members.map(([key, value]) => `${key}=${value}`);
  const encoded = percentEncode(name);
  switch (style) {
    case "simple":
      return isExploded ? pairs.join(",") : flat;
    case "label":
      return `.${isExploded ? pairs.join(".") : flat}`;
    case "matrix":
      return isExploded ? pairs.map((pair) => `;${pair}`).join("") : `;${name}=${flat}`;
    case "deepObject":
      return members.map(([key, value]) => `${encoded}%5B${key}%5D=${value}`).join("&");
    default:
      return isExploded ? pairs.join("&") : `${encoded}=${flat}`;
  }
};
