/**
 * What signs a request: the draft that a signer reads and completes, and the plain schemes.
 *
 * The flow is build, sign, send. A `RequestDraft` holds the exact text that will go out; a signer
 * reads it and adds headers, query parameters or body members; `finish` freezes the result, and
 * that is what travels. Nothing is serialised again after it was signed, and a retry starts from
 * a new draft.
 */

import type { Clock } from "./clock.ts";
import { percentEncode } from "./encoding.ts";
import { SigningError } from "./errors.ts";
import { stringifyJson } from "./json.ts";

/** One request, finished: exactly what goes over the wire. `target` is path and query. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
}

/** One request before it is signed; each part is what will be sent, character by character. */
export class RequestDraft {
  readonly method: string;
  /** The Host header's value. */
  readonly host: string;
  /** Percent-encoded. */
  path: string;
  /** Percent-encoded, without its question mark. */
  query: string;
  readonly headers: [name: string, value: string][];
  /** Text stands for its UTF-8 bytes. */
  body: string | Uint8Array = "";
  mediaType: string | undefined;
  /** The members of the body in their order, where it is a JSON object or a form. */
  members: Record<string, unknown> | undefined;
  /** What a scheme needs beside the request: constants of the operation, a challenge. */
  inputs: Readonly<Record<string, unknown>> = {};

  constructor(
    method: string,
    host: string,
    path: string,
    query = "",
    headers: [string, string][] = [],
  ) {
    this.method = method;
    this.host = host;
    this.path = path;
    this.query = query;
    this.headers = headers;
  }

  /** Path and query exactly as the request line will have them. */
  get target(): string {
    return this.query === "" ? this.path : `${this.path}?${this.query}`;
  }

  addHeader(name: string, value: string): void {
    this.headers.push([name, value]);
  }

  /** Appends one query parameter, percent-encoded by the one table. */
  addQuery(name: string, value: string): void {
    this.addRawQuery(`${percentEncode(name)}=${percentEncode(value)}`);
  }

  /** Appends query text that is already encoded. */
  addRawQuery(text: string): void {
    this.query = this.query === "" ? text : `${this.query}&${text}`;
  }

  /** Appends one member to a form body (`application/x-www-form-urlencoded`). */
  addForm(name: string, value: string): void {
    if (typeof this.body !== "string") {
      throw new SigningError(`${name} belongs into a form, and this body is binary`);
    }
    const pair = `${percentEncode(name)}=${percentEncode(value)}`;
    this.body = this.body === "" ? pair : `${this.body}&${pair}`;
    if (this.members !== undefined) this.members[name] = value;
    if (this.mediaType === undefined) {
      this.mediaType = "application/x-www-form-urlencoded";
      this.addHeader("content-type", this.mediaType);
    }
  }

  /**
   * Puts one member into a JSON body, by a dotted path, and serialises the body again. A number in
   * the path is a place in a list: `args.0` is inserted before what stands there. Throws
   * `SigningError` where the body is not a JSON object.
   */
  addField(path: string, value: unknown): void {
    const steps = path.split(".");
    const last = steps.pop() ?? path;
    let place: Container | undefined = this.members;
    for (const [index, step] of steps.entries()) {
      place = member(place, step, steps[index + 1] ?? last);
    }
    if (place === undefined) {
      throw new SigningError(`${path} belongs into a JSON object, and this body is none`);
    }
    if (Array.isArray(place)) place.splice(Number(last), 0, value);
    else place[last] = value;
    this.body = stringifyJson(this.members, true);
  }

  /** Fills a parameter of the address of a socket, percent-encoded by the one table. */
  fillPath(name: string, value: string): void {
    this.path = this.path.replaceAll(`{${name}}`, percentEncode(value));
  }

  /** Freezes what will be sent. */
  finish(): WireRequest {
    for (const [name, value] of this.headers) {
      if (UNSAFE.test(name) || UNSAFE.test(value)) {
        throw new SigningError(
          `the header ${JSON.stringify(name)} would break out of its line, or cannot be written`,
        );
      }
    }
    return { method: this.method, target: this.target, headers: this.headers, body: this.body };
  }
}

/** What would end a header's line, and what ISO 8859-1 cannot write. */
const UNSAFE = /[\r\n\0]|[^\0-\xff]/;

type Container = Record<string, unknown> | unknown[];

/** The member at a step; where there is none, a list if the next step is a number. */
const member = (
  place: Container | undefined,
  step: string,
  below: string,
): Container | undefined => {
  if (place === undefined) return undefined;
  const made = (): Container => (/^\d+$/.test(below) ? [] : {});
  if (Array.isArray(place)) {
    if (Number(step) === place.length) place.push(made());
  } else if (!Object.hasOwn(place, step)) place[step] = made();
  const inner = Array.isArray(place) ? place[Number(step)] : place[step];
  return typeof inner === "object" && inner !== null ? (inner as Container) : undefined;
};

/**
 * Completes drafts under one security scheme; emitted per contract by its `signing` module. A
 * signer holds the secrets, never shows them, and draws a new timestamp and nonce in each call.
 * It is synchronous where the platform's cryptography is (Node), else it returns a promise.
 */
export interface Signer {
  /** Signs a request; a scheme that is for streams alone has no such method. */
  sign?(draft: RequestDraft): void | Promise<void>;
  /** Signs a stream's log-on or message; the draft's `members` are the frame. */
  signMessage?(draft: RequestDraft): void | Promise<void>;
  /** Signs as the venue does when it calls; a time or nonce that the scheme lacks is empty. */
  signWebhookAt?(draft: RequestDraft, timestamp: string, nonce: string): void | Promise<void>;
  /** Completes the request that opens a stream's socket. */
  signHandshake?(draft: RequestDraft): void | Promise<void>;
}

/** Verifies calls of the venue by its public key; emitted per contract by its `signing` module. */
export interface Verifier {
  /**
   * Whether a received signature holds; writes into the draft what must have come with it. It is
   * synchronous where the platform's cryptography is (Node), else it returns a promise.
   */
  verifyWebhookAt(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    signature: string,
  ): boolean | Promise<boolean>;
}

/** The public key of a venue that signs its calls by a private one. */
export interface PublicKey {
  /** The scheme's name in the contract. */
  readonly scheme: string;
  /** What verifies. Throws `SigningError` for a key that is wrong or weak. */
  verifier(): Verifier;
}

/** What the user holds for one security scheme. */
export interface Credentials {
  /** The scheme's name in the contract. */
  readonly scheme: string;
  /** A signer that uses the client's clock. */
  signer(clock: Clock): Signer;
}

/** Puts one fixed secret into each draft; printing it shows the scheme alone. */
class Placed implements Credentials, Signer {
  readonly scheme: string;
  readonly #place: (draft: RequestDraft) => void;

  constructor(scheme: string, place: (draft: RequestDraft) => void) {
    this.scheme = scheme;
    this.#place = place;
  }

  sign(draft: RequestDraft): void {
    this.#place(draft);
  }

  signer(): Signer {
    return this;
  }
}

/** A key sent as it is in a header, query parameter or cookie (OpenAPI 3.1, 4.8.27). */
export const apiKey = (
  scheme: string,
  location: "header" | "query" | "cookie",
  name: string,
  key: string,
): Credentials => {
  requireText(scheme, key);
  if (location === "query") return new Placed(scheme, (draft) => draft.addQuery(name, key));
  if (location === "cookie") {
    return new Placed(scheme, (draft) => draft.addHeader("cookie", `${name}=${key}`));
  }
  return new Placed(scheme, (draft) => draft.addHeader(name, key));
};

/** A bearer token in the Authorization header (RFC 6750, 2.1). */
export const bearer = (scheme: string, token: string): Credentials => {
  requireText(scheme, token);
  return new Placed(scheme, (draft) => draft.addHeader("authorization", `Bearer ${token}`));
};

/** User and password in the Authorization header (RFC 7617). */
export const basic = (scheme: string, user: string, password: string): Credentials => {
  if (user.includes(":")) {
    throw new SigningError(`the user of ${scheme} holds a colon, which RFC 7617 does not allow`);
  }
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  const text = btoa(String.fromCharCode(...bytes));
  return new Placed(scheme, (draft) => draft.addHeader("authorization", `Basic ${text}`));
};

const requireText = (scheme: string, secret: string): void => {
  if (!/^[\x20-\x7e]+$/.test(secret)) {
    throw new SigningError(
      `the secret of ${scheme} must be printable ASCII without line breaks, and not empty`,
    );
  }
};
