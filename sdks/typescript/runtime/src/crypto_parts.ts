/** Parts of credentials, times and random text: what a signer needs beside arithmetic. */

import { base64, base64urlUnpadded, fromHex, hex } from "./crypto.ts";
import { bytesOf } from "./crypto_platform.ts";
import { SigningError } from "./errors.ts";

/** What the user holds, by the names that the scheme gives. */
export type Parts = Readonly<Record<string, string | undefined>>;

/** A part as it is. Throws `SigningError` where it is absent. */
export const textPart = (scheme: string, parts: Parts, name: string): string => {
  const value = parts[name];
  if (typeof value !== "string" || value === "") {
    throw new SigningError(`${scheme}: the credentials lack '${name}'`);
  }
  return value;
};

/** A part as its UTF-8 bytes. */
export const utf8Part = (scheme: string, parts: Parts, name: string): Uint8Array =>
  bytesOf(textPart(scheme, parts, name));

/** A part that is written in base64 (RFC 4648 section 4, padding optional). */
export const base64Part = (scheme: string, parts: Parts, name: string): Uint8Array => {
  const text = textPart(scheme, parts, name).trim().replace(/=+$/, "");
  const bytes = /^[A-Za-z0-9+/]*$/.test(text) ? decodeBase64(text) : undefined;
  if (bytes === undefined)
    throw new SigningError(`${scheme}: the credential '${name}' is not base64`);
  return bytes;
};

/** A part that is written in URL-safe base64 (RFC 4648 section 5, padding optional). */
export const base64urlPart = (scheme: string, parts: Parts, name: string): Uint8Array => {
  const text = textPart(scheme, parts, name).trim().replace(/=+$/, "");
  const bytes = /^[A-Za-z0-9_-]*$/.test(text) ? decodeBase64(text) : undefined;
  if (bytes === undefined) {
    throw new SigningError(`${scheme}: the credential '${name}' is not base64url`);
  }
  return bytes;
};

/** A part that is written in hexadecimal, with or without 0x. */
export const hexPart = (scheme: string, parts: Parts, name: string): Uint8Array => {
  try {
    return fromHex(textPart(scheme, parts, name));
  } catch (error) {
    if (!(error instanceof SigningError) || error.message.includes("lack")) throw error;
    throw new SigningError(`${scheme}: the credential '${name}' is not hexadecimal`);
  }
};

/** The bytes of either alphabet of base64 without padding; undefined where it is none. */
export const decodeBase64 = (text: string): Uint8Array | undefined => {
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
};

/** An input of one request. Throws `SigningError` where it is absent. */
export const given = (
  inputs: Readonly<Record<string, unknown>> | undefined,
  name: string,
  fallback?: unknown,
): unknown => {
  const value = inputs?.[name] ?? fallback;
  if (value === undefined) {
    throw new SigningError(`the input '${name}' is needed to sign, and was not given`);
  }
  return value;
};

/** Fresh random bytes in hex, base64 or base64url. */
export const randomText = (byteCount: number, encoding: string): string => {
  const drawn = crypto.getRandomValues(new Uint8Array(byteCount));
  if (encoding === "hex") return hex(drawn);
  return encoding === "base64" ? base64(drawn) : base64urlUnpadded(drawn);
};

/** A point in time as the wire writes it, from Unix milliseconds. */
export const timeText = (format: string, unixMs: number): string => {
  const iso = new Date(unixMs).toISOString();
  switch (format) {
    case "unix-s":
      return String(Math.floor(unixMs / 1_000));
    case "unix-ms":
      return String(unixMs);
    case "unix-us":
      return `${unixMs}000`;
    case "unix-ns":
      return `${unixMs}000000`;
    case "iso-ms":
      return iso;
    case "iso-s":
      return iso.slice(0, 19);
    case "iso-basic":
      return `${iso.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
    case "fix-ms":
      return `${iso.slice(0, 10).replaceAll("-", "")}-${iso.slice(11, 23)}`;
    default:
      throw new SigningError(`the time format '${format}' is not known`);
  }
};
