/** Calls of the venue: verified over their raw bytes, and only then decoded. No I/O. */

import { decodeText } from "./answer.ts";
import { Clock } from "./clock.ts";
import { ConfigurationError, DecodeError, WebhookRefusedError } from "./errors.ts";
import type { Schema } from "./schema.ts";
import { type Credentials, type PublicKey, RequestDraft } from "./signing.ts";

/** Where a value stands: the part of a header that begins with a prefix. */
export interface Mark {
  readonly header: string;
  readonly prefix: string;
}

/**
 * How a call is signed: the headers that its signer fills, its time, and how old it may be.
 * `signature` is where a private key's signature stands, which its public key verifies; what a
 * shared secret made is made again and compared. `line` is what the signature covers of the
 * request line. `tickNs` is the unit of the time. Without `windowMs` any age is taken.
 */
export interface Proof {
  readonly scheme: string;
  readonly headers: readonly string[];
  readonly signature?: Mark;
  readonly timestamp?: Mark;
  readonly nonce?: Mark;
  readonly tickNs?: number;
  readonly windowMs?: number;
  readonly futureMs?: number;
  readonly line?: readonly ("method" | "path" | "query")[];
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
  /** While a secret or a key is changed, give both: one of them suffices. */
  readonly credentials?: readonly (Credentials | PublicKey)[];
  readonly clock?: Clock;
  /** The method of the request, where the signature covers it. */
  readonly method?: string;
  /** The path and the query of the request line, as the venue sent them. */
  readonly target?: string;
}

/** What stands between the parts of a header that holds several, such as signatures in rotation. */
const SEPARATORS = /[,; ]+/;
const MOST_HEADER_CHARACTERS = 8_192;
/** Each of them costs a verification, and while keys are changed two of them come. */
const MOST_SIGNATURES = 8;

/** Headers by their names in lower case, each as often as it came. */
type Fields = ReadonlyMap<string, readonly string[]>;

/** The request line as it arrived, where the caller gives it. */
interface Line {
  readonly method: string | undefined;
  readonly target: string | undefined;
}

const METHOD = /^[A-Z]{1,20}$/;
/** Origin form (RFC 9112, 3.2.1) in ASCII; a lone "?" would be a second text of one target. */
const TARGET = /^(?=.{1,8192}$)\/[!-"$->@-~]*(\?[!-"$-~]+)?$/;

/** What came, and the time and nonce that it states. */
interface Call {
  readonly line: Line;
  readonly fields: Fields;
  readonly body: Uint8Array | string;
  readonly timestamp: string;
  readonly nonce: string;
}

/**
 * Verifies a call and returns what it says; nothing of the body is read before. `body` is what
 * arrived, byte for byte. Throws `WebhookRefusedError` when the signature is missing, wrong or too
 * old, `ConfigurationError` when no credentials are there to tell or the signature covers a request
 * line that is not given, and `DecodeError` when the body does not fit the contract.
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
  headers: Fields,
  body: Uint8Array | string,
  { credentials = [], clock = new Clock(), method, target }: WebhookOptions,
): Promise<void> => {
  const held = new Set(credentials.map((one) => one.scheme));
  const known = alternatives.filter((proofs) => proofs.every((one) => held.has(one.scheme)));
  if (known.length === 0) {
    const wanted = alternatives.map((proofs) => proofs.map((one) => one.scheme).join(" and "));
    throw new ConfigurationError(
      `${name} is signed by ${wanted.join(" or ")}: give the credentials that verify it`,
    );
  }
  const line = { method, target };
  let reason: string | undefined;
  for (const proofs of known) {
    reason = undefined;
    for (const proof of proofs) demandLine(name, proof, line);
    for (const proof of proofs) {
      reason ??= await flawOf(proof, line, headers, body, credentials, clock);
    }
    if (reason === undefined) return;
  }
  throw new WebhookRefusedError(`${name} was refused: ${reason}`);
};

/** Why a call is not signed as the contract says; undefined when it is. */
const flawOf = async (
  proof: Proof,
  line: Line,
  fields: Fields,
  body: Uint8Array | string,
  credentials: readonly (Credentials | PublicKey)[],
  clock: Clock,
): Promise<string | undefined> => {
  const lineFault = lineFlaw(proof, line);
  if (lineFault !== undefined) return lineFault;
  for (const name of proof.headers) {
    const flaw = headerFlaw(name, fields.get(name.toLowerCase()) ?? []);
    if (flaw !== undefined) return flaw;
  }
  // What a scheme does not have is empty for its signer.
  let timestamp = "";
  let nonce = "";
  if (proof.timestamp !== undefined) {
    timestamp = marked(proof.timestamp, fields);
    if (timestamp === "") return `the header ${proof.timestamp.header} does not hold one time`;
    const flaw = ageFlaw(proof, timestamp, clock);
    if (flaw !== undefined) return flaw;
  }
  if (proof.nonce !== undefined) {
    nonce = marked(proof.nonce, fields);
    if (nonce === "") return `the header ${proof.nonce.header} does not hold one nonce`;
  }
  const held = credentials.filter((one) => one.scheme === proof.scheme);
  const call = { line, fields, body, timestamp, nonce };
  if (proof.signature === undefined) {
    return (await isMadeAgain(proof, call, held, clock)) ? undefined : UNSIGNED;
  }
  const signatures = partsOf(proof.signature, fields);
  if (signatures.length < 1 || signatures.length > MOST_SIGNATURES) {
    return `the header ${proof.signature.header} holds ${signatures.length} signatures`;
  }
  return (await isVerified(proof, call, held, signatures)) ? undefined : UNSIGNED;
};

const UNSIGNED = "the signature is not the venue's over these bytes";

const headerFlaw = (name: string, values: readonly string[]): string | undefined => {
  const [value] = values;
  if (value === undefined) return `the header ${name} is missing`;
  if (values.length > 1) return `the header ${name} came ${values.length} times`;
  if (value.length > MOST_HEADER_CHARACTERS) {
    return `the header ${name} is longer than ${MOST_HEADER_CHARACTERS} characters`;
  }
  return undefined;
};

const demandLine = (name: string, proof: Proof, line: Line): void => {
  const covered = proof.line ?? [];
  const isLacking = covered.some(
    (word) => (word === "method" ? line.method : line.target) === undefined,
  );
  if (isLacking) {
    throw new ConfigurationError(
      `${proof.scheme} signs the ${covered.join(" and ")} of ${name}: give ` +
        "`method` and `target` of the request as they arrived",
    );
  }
};

const lineFlaw = (proof: Proof, line: Line): string | undefined => {
  const covered = proof.line ?? [];
  if (covered.includes("method") && !METHOD.test(line.method ?? "")) return "its method is none";
  const isCovered = covered.includes("path") || covered.includes("query");
  if (isCovered && !TARGET.test(line.target ?? "")) {
    return "its target is no path and query in plain characters";
  }
  return undefined;
};

/** What the signer was given: of the request line nothing but what it covers. */
const draftOf = (call: Call, proof: Proof): RequestDraft => {
  const covered = proof.line ?? [];
  const [path = "", ...rest] = (call.line.target ?? "").split("?");
  const draft = new RequestDraft(
    covered.includes("method") ? (call.line.method ?? "") : "POST",
    "",
    covered.includes("path") ? path : "/",
    covered.includes("query") ? rest.join("?") : "",
  );
  draft.body = call.body;
  return draft;
};

/** Whether a shared secret makes the same signature. */
const isMadeAgain = async (
  proof: Proof,
  call: Call,
  held: readonly (Credentials | PublicKey)[],
  clock: Clock,
): Promise<boolean> => {
  let agrees = false;
  // All credentials are tried, so that time does not tell which of them was right.
  for (const one of held) {
    const signer = "signer" in one ? one.signer(clock) : undefined;
    if (signer?.signWebhookAt === undefined) {
      throw new ConfigurationError(
        `${proof.scheme} is verified by the secret that signs: give credentials that hold it`,
      );
    }
    const draft = draftOf(call, proof);
    await signer.signWebhookAt(draft, call.timestamp, call.nonce);
    if (holds(draft, proof, call.fields)) agrees = true;
  }
  return agrees;
};

/** Whether one of the public keys verifies one of the signatures that came. */
const isVerified = async (
  proof: Proof,
  call: Call,
  held: readonly (Credentials | PublicKey)[],
  signatures: readonly string[],
): Promise<boolean> => {
  for (const one of held) {
    if (!("verifier" in one)) {
      throw new ConfigurationError(
        `${proof.scheme} is verified by the venue's public key: give that, and no other key`,
      );
    }
    const verifier = one.verifier();
    for (const signature of signatures) {
      const draft = draftOf(call, proof);
      const { timestamp, nonce } = call;
      if (!(await verifier.verifyWebhookAt(draft, timestamp, nonce, signature))) continue;
      if (holds(draft, proof, call.fields)) return true;
    }
  }
  return false;
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
const holds = (draft: RequestDraft, proof: Proof, fields: Fields): boolean => {
  let agrees = true;
  for (const [name, value] of draft.headers) {
    if (!proof.headers.includes(name)) continue;
    const came = (fields.get(name.toLowerCase())?.[0] ?? "").split(SEPARATORS);
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
const marked = (mark: Mark, fields: Fields): string => {
  const found = partsOf(mark, fields);
  return found.length === 1 ? (found[0] ?? "") : "";
};

/** The different parts of a header that begin with a prefix, without it, in their order. */
const partsOf = (mark: Mark, fields: Fields): readonly string[] => {
  const parts = (fields.get(mark.header.toLowerCase())?.[0] ?? "").split(SEPARATORS);
  const found = parts.filter((part) => part.startsWith(mark.prefix));
  return [...new Set(found.map((part) => part.slice(mark.prefix.length)))];
};

const byName = (headers: InboundHeaders): Fields => {
  const found = new Map<string, string[]>();
  const pairs = Symbol.iterator in headers ? headers : Object.entries(headers);
  for (const [name, value] of pairs as Iterable<[string, string | readonly string[] | undefined]>) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const values = found.get(key) ?? [];
    values.push(...(typeof value === "string" ? [value] : value));
    found.set(key, values);
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
