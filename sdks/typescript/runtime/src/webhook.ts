/** Calls of the venue: verified over their raw bytes, and only then decoded. No I/O. */

import { decodeText } from "./answer.ts";
import { Clock } from "./clock.ts";
import { ConfigurationError, DecodeError, WebhookRefusedError } from "./errors.ts";
import type { Schema } from "./schema.ts";
import { type Credentials, RequestDraft } from "./signing.ts";

/** Where a value stands: the part of a header that begins with a prefix. */
export interface Mark {
  readonly header: string;
  readonly prefix: string;
}

/**
 * How a call is signed: the headers that its signer fills, its time, and how old it may be.
 * `tickNs` is the unit of the time. Without `windowMs` any age is taken.
 */
export interface Proof {
  readonly scheme: string;
  readonly headers: readonly string[];
  readonly timestamp?: Mark;
  readonly nonce?: Mark;
  readonly tickNs?: number;
  readonly windowMs?: number;
  readonly futureMs?: number;
}

/** Carries the type of what a call says; there is no such member at run time. */
declare const payload: unique symbol;

/**
 * One call of the venue. `proofs` is OR of AND: each inner list has the signatures that are needed
 * together. Where there are none the contract signs nothing.
 */
export interface Webhook<Payload> {
  readonly [payload]?: Payload;
  readonly name: string;
  readonly mediaType?: string;
  readonly schema?: Schema;
  readonly proofs?: readonly (readonly Proof[])[];
}

/** Headers of a request, in any form in which servers hand them out. */
export type InboundHeaders =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** How a call is verified. */
export interface WebhookOptions {
  /** While a secret is changed, give the credentials of both: one of them suffices. */
  readonly credentials?: readonly Credentials[];
  readonly clock?: Clock;
}

/** What stands between the parts of a header that holds several, such as signatures in rotation. */
const SEPARATORS = /[,; ]+/;
const MOST_HEADER_CHARACTERS = 8_192;

/**
 * Verifies a call and returns what it says; nothing of the body is read before. `body` is what
 * arrived, byte for byte. Throws `WebhookRefusedError` when the signature is missing, wrong or too
 * old, `ConfigurationError` when no credentials are there to tell, and `DecodeError` when the body
 * does not fit the contract.
 */
export const readWebhook = async <Payload>(
  webhook: Webhook<Payload>,
  headers: InboundHeaders,
  body: Uint8Array | string,
  options: WebhookOptions = {},
): Promise<Payload> => {
  if (!(body instanceof Uint8Array) && typeof body !== "string") {
    throw new TypeError("the body must be the raw bytes that arrived, and not a parsed value");
  }
  const proofs = webhook.proofs ?? [];
  if (proofs.length > 0) {
    await verify(webhook.name, proofs, byName(headers), body, options);
  }
  return decoded(webhook, body) as Payload;
};

const verify = async (
  name: string,
  alternatives: readonly (readonly Proof[])[],
  headers: ReadonlyMap<string, string>,
  body: Uint8Array | string,
  { credentials = [], clock = new Clock() }: WebhookOptions,
): Promise<void> => {
  const held = new Set(credentials.map((one) => one.scheme));
  const known = alternatives.filter((proofs) => proofs.every((one) => held.has(one.scheme)));
  if (known.length === 0) {
    const wanted = alternatives.map((proofs) => proofs.map((one) => one.scheme).join(" and "));
    throw new ConfigurationError(
      `${name} is signed by ${wanted.join(" or ")}: give the credentials that verify it`,
    );
  }
  let reason: string | undefined;
  for (const proofs of known) {
    reason = undefined;
    for (const proof of proofs) reason ??= await flawOf(proof, headers, body, credentials, clock);
    if (reason === undefined) return;
  }
  throw new WebhookRefusedError(`${name} was refused: ${reason}`);
};

/** Why a call is not signed as the contract says; undefined when it is. */
const flawOf = async (
  proof: Proof,
  headers: ReadonlyMap<string, string>,
  body: Uint8Array | string,
  credentials: readonly Credentials[],
  clock: Clock,
): Promise<string | undefined> => {
  for (const name of proof.headers) {
    const value = headers.get(name.toLowerCase());
    if (value === undefined) return `the header ${name} is missing`;
    if (value.length > MOST_HEADER_CHARACTERS) {
      return `the header ${name} is longer than ${MOST_HEADER_CHARACTERS} characters`;
    }
  }
  // What a scheme does not have is empty for its signer.
  let timestamp = "";
  let nonce = "";
  if (proof.timestamp !== undefined) {
    timestamp = marked(proof.timestamp, headers);
    if (timestamp === "") return `the header ${proof.timestamp.header} does not hold one time`;
    const flaw = ageFlaw(proof, timestamp, clock);
    if (flaw !== undefined) return flaw;
  }
  if (proof.nonce !== undefined) {
    nonce = marked(proof.nonce, headers);
    if (nonce === "") return `the header ${proof.nonce.header} does not hold one nonce`;
  }
  let agrees = false;
  // All credentials are tried, so that time does not tell which of them was right.
  for (const one of credentials) {
    if (one.scheme !== proof.scheme) continue;
    const draft = new RequestDraft("POST", "", "/");
    draft.body = body;
    const signer = one.signer(clock);
    if (signer.signWebhookAt === undefined) {
      throw new ConfigurationError(`the credentials of ${proof.scheme} verify no calls`);
    }
    await signer.signWebhookAt(draft, timestamp, nonce);
    if (holds(draft, proof, headers)) agrees = true;
  }
  return agrees ? undefined : "the signature is not the venue's over these bytes";
};

const ageFlaw = (proof: Proof, text: string, clock: Clock): string | undefined => {
  if (!/^\d{1,20}$/.test(text)) return "its time is no number";
  const sentMs = Number((BigInt(text) * BigInt(proof.tickNs ?? 1)) / 1_000_000n);
  const ageMs = clock.nowMs() - sentMs;
  if (proof.windowMs !== undefined && ageMs > proof.windowMs) {
    return `it is ${ageMs} ms old, and ${proof.windowMs} are allowed`;
  }
  const aheadMs = proof.futureMs ?? proof.windowMs;
  if (aheadMs !== undefined && -ageMs > aheadMs) {
    return `its time is ${-ageMs} ms ahead, and ${aheadMs} are allowed`;
  }
  return undefined;
};

/** Whether each part that the signer writes is among the parts that came, in constant time. */
const holds = (
  draft: RequestDraft,
  proof: Proof,
  headers: ReadonlyMap<string, string>,
): boolean => {
  let agrees = true;
  for (const [name, value] of draft.headers) {
    if (!proof.headers.includes(name)) continue;
    const came = (headers.get(name.toLowerCase()) ?? "").split(SEPARATORS);
    for (const part of value.split(SEPARATORS)) {
      let isThere = false;
      for (const one of came) if (isEqual(part, one)) isThere = true;
      if (!isThere) agrees = false;
    }
  }
  return agrees;
};

/** Compares texts in a time that depends on their lengths alone. */
const isEqual = (one: string, other: string): boolean => {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) {
    difference |= one.charCodeAt(at) ^ (at < other.length ? other.charCodeAt(at) : 0);
  }
  return difference === 0;
};

/** The one part of a header that begins with a prefix, without it; empty where none is one. */
const marked = (mark: Mark, headers: ReadonlyMap<string, string>): string => {
  const parts = (headers.get(mark.header.toLowerCase()) ?? "").split(SEPARATORS);
  const found = parts.filter((part) => part.startsWith(mark.prefix));
  const distinct = new Set(found.map((part) => part.slice(mark.prefix.length)));
  return distinct.size === 1 ? ([...distinct][0] ?? "") : "";
};

/** Headers by their names in lower case; one that came twice is a list (RFC 9110, 5.3). */
const byName = (headers: InboundHeaders): Map<string, string> => {
  const found = new Map<string, string>();
  const pairs = Symbol.iterator in headers ? headers : Object.entries(headers);
  for (const [name, value] of pairs as Iterable<[string, string | readonly string[] | undefined]>) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const text = typeof value === "string" ? value : value.join(",");
    const before = found.get(key);
    found.set(key, before === undefined ? text : `${before},${text}`);
  }
  return found;
};

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const decoded = (webhook: Webhook<unknown>, body: Uint8Array | string): unknown => {
  const { mediaType } = webhook;
  if (mediaType === undefined) return undefined;
  const isJson = /[/+]json\b/i.test(mediaType);
  if (!isJson && !mediaType.startsWith("text/")) {
    return typeof body === "string" ? new TextEncoder().encode(body) : body;
  }
  const text = typeof body === "string" ? body : textOf(webhook, body);
  return isJson ? decodeText(text, webhook.schema ?? "plain") : text;
};

const textOf = (webhook: Webhook<unknown>, body: Uint8Array): string => {
  try {
    return UTF8.decode(body);
  } catch (error) {
    const raw = new TextDecoder().decode(body);
    throw new DecodeError(`the call ${webhook.name} is not UTF-8`, raw, 0, { cause: error });
  }
};
