/** Request bodies as the text or bytes that are sent: JSON, forms, multipart, files. */

import { percentEncode, scalarText, styled } from "./encoding.ts";
import { JsonNumber, stringifyJson } from "./json.ts";
import type { Body, PartEncoding } from "./operation.ts";

const FORM = "application/x-www-form-urlencoded";
const UTF8 = new TextEncoder();
const PLAIN_FILE = "application/octet-stream";

/** A file in a multipart body. */
export interface Upload {
  readonly data: Uint8Array | string;
  /** Shown to the venue; the property's name when it is left out. */
  readonly fileName?: string;
  readonly mediaType?: string;
}

/** What a file may be given as. */
export type FileInput = Uint8Array | string | Upload;

/** A body as it is sent; `members` where a signer may still add to it. */
export interface WrittenBody {
  readonly mediaType: string;
  readonly content: string | Uint8Array;
  readonly members: Record<string, unknown> | undefined;
}

/** Writes an encoded value, once. Throws `TypeError` for what its media type cannot hold. */
export const writeBody = (body: Body, wire: unknown, isExact: boolean): WrittenBody => {
  const { mediaType } = body;
  const kind = mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (wire instanceof Uint8Array) return { mediaType, content: wire, members: undefined };
  // A form whose contract states no members is written by the caller.
  if (kind === FORM && typeof wire !== "string") {
    if (!isMembers(wire)) throw new TypeError("a form body must be an object");
    return { mediaType, content: formText(wire, body.encoding ?? {}), members: wire };
  }
  if (kind.startsWith("multipart/")) {
    if (!isMembers(wire)) throw new TypeError("a multipart body must be an object");
    const boundary = globalThis.crypto.randomUUID();
    const content = multipart(wire, body.encoding ?? {}, boundary);
    return { mediaType: `${mediaType}; boundary=${boundary}`, content, members: undefined };
  }
  if (typeof wire === "string" && !/[/+]json$/.test(kind)) {
    return { mediaType, content: wire, members: undefined };
  }
  const members = isMembers(wire) ? wire : undefined;
  return { mediaType, content: stringifyJson(wire, isExact), members };
};

/** A form (OpenAPI 3.1, 4.8.15.1): lists repeat their name, objects are JSON unless styled. */
const formText = (
  members: Readonly<Record<string, unknown>>,
  encoding: Readonly<Record<string, PartEncoding>>,
): string => {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue;
    const rule = encoding[name];
    if (rule?.style !== undefined || rule?.isExploded !== undefined) {
      const style = rule.style ?? "form";
      const text = styled(name, value, style, rule.isExploded ?? style === "form");
      if (text !== "") pairs.push(text);
      continue;
    }
    const key = percentEncode(name);
    for (const item of Array.isArray(value) ? value : [value]) {
      pairs.push(`${key}=${percentEncode(partText(item, name))}`);
    }
  }
  return pairs.join("&");
};

/** A multipart body (RFC 7578): one part for each member, and for each item of a list. */
const multipart = (
  members: Readonly<Record<string, unknown>>,
  encoding: Readonly<Record<string, PartEncoding>>,
  boundary: string,
): Uint8Array => {
  const chunks: Uint8Array[] = [];
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue;
    const rule = encoding[name];
    for (const item of Array.isArray(value) ? value : [value]) {
      const part = partOf(name, item, rule?.mediaType);
      chunks.push(UTF8.encode(`--${boundary}\r\n${part.head}\r\n\r\n`), part.data);
      chunks.push(UTF8.encode("\r\n"));
    }
  }
  chunks.push(UTF8.encode(`--${boundary}--\r\n`));
  return joined(chunks);
};

const partOf = (name: string, value: unknown, wanted: string | undefined) => {
  const upload = value instanceof Uint8Array ? { data: value } : value;
  const disposition = `content-disposition: form-data; name="${quoted(name)}"`;
  if (isUpload(upload)) {
    const file = `; filename="${quoted(upload.fileName ?? name)}"`;
    const type = `\r\ncontent-type: ${mediaTypeText(upload.mediaType ?? wanted ?? PLAIN_FILE)}`;
    return { head: disposition + file + type, data: bytesOf(upload.data) };
  }
  const isJson = typeof value === "object" && !(value instanceof JsonNumber);
  const type = wanted ?? (isJson ? "application/json" : undefined);
  const head = type === undefined ? disposition : `${disposition}\r\ncontent-type: ${type}`;
  return { head, data: UTF8.encode(partText(value, name)) };
};

const partText = (value: unknown, name: string): string =>
  typeof value === "object" && !(value instanceof JsonNumber)
    ? stringifyJson(value, true)
    : scalarText(value, name);

const bytesOf = (data: Uint8Array | string): Uint8Array =>
  typeof data === "string" ? UTF8.encode(data) : data;

/** A name in quotes, as browsers write it: nothing in it can end the line or the quotes. */
const quoted = (text: string): string =>
  text.replace(/[\r\n"]/g, (found) => ({ "\r": "%0D", "\n": "%0A" })[found] ?? "%22");

const mediaTypeText = (text: string): string => {
  if (/^[\x20-\x7e]+$/.test(text)) return text;
  throw new TypeError("a file's mediaType must be printable ASCII");
};

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

const isUpload = (value: unknown): value is Upload => {
  const data = (value as { readonly data?: unknown } | null | undefined)?.data;
  return data instanceof Uint8Array || (typeof data === "string" && isNamed(value as object));
};

/** Text alone may be a member of any object; with a file's name or type it is a file. */
const isNamed = (value: object): boolean => "fileName" in value || "mediaType" in value;

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
