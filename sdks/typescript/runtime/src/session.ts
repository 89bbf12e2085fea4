/**
 * The life of a session with a venue: open, kept, ended, opened anew. Pure decisions, no I/O.
 *
 * `Session.renew` is a generator that yields the calls that are due and takes their replies. Values
 * that a session gives are secrets: they stand in no message and no log, and printing shows none.
 */

import { ApiError, ConfigurationError, DecodeError, SessionError, VenueError } from "./errors.ts";
import type { HttpOperation } from "./operation.ts";
import type { Credentials } from "./signing.ts";

type AnyOperation = HttpOperation<object, unknown>;

/** One operation of a session, and the inputs that it is called with. */
export interface SessionCall {
  readonly operation: AnyOperation;
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Pairs of an input and the part of the credentials that fills it. */
  readonly parts?: readonly (readonly [property: string, part: string])[];
  /** Pairs of an input and the value of the session that fills it. */
  readonly values?: readonly (readonly [property: string, value: string])[];
}

/** One session of a contract, as data; places are wire names from the reply's top down. */
export interface SessionRule {
  readonly scheme: string;
  readonly open: SessionCall;
  readonly gives: readonly (readonly [name: string, place: readonly string[]])[];
  /** What it gives serves one request, and is asked for before each. */
  readonly isSingleUse?: boolean;
  /** Where a reply says which server a socket is opened at, and the domains that it may name. */
  readonly server?: { readonly place: readonly string[]; readonly hosts: readonly string[] };
  readonly lifetimeMs?: number;
  /** Where a reply says how long the session lasts, or until when. */
  readonly expiry?: { readonly place: readonly string[]; readonly unit: ExpiryUnit };
  readonly refresh?: SessionCall;
  readonly everyMs?: number;
  readonly close?: SessionCall;
  /** What says that the session is gone; a 401 where nothing is stated (RFC 9110, 15.5.2). */
  readonly endedBy?: SessionEnd;
  /** Makes the credentials, where a session asks nothing of the user. */
  readonly credentials?: () => Credentials;
}

export type ExpiryUnit = "s" | "ms" | "unix-s" | "unix-ms" | "iso";

/** The refusals, and the messages of a stream, that say that a session is gone. */
export interface SessionEnd {
  readonly statuses?: readonly number[];
  readonly codes?: readonly string[];
  readonly events?: readonly (readonly [place: string, tag: string | number])[];
}

/** `opening` and `refreshing` while a call is on its way, `due` when a refresh should be. */
export type SessionState = "absent" | "opening" | "valid" | "due" | "refreshing" | "ended";

/** What must be done before the values are used; a refresh may wait, an opening may not. */
export type SessionNeed = "nothing" | "refresh" | "open";

/** An operation to call now, with its input. */
export interface SessionAsk {
  readonly operation: AnyOperation;
  readonly input: Readonly<Record<string, unknown>>;
}

const UNAUTHORIZED: SessionEnd = { statuses: [401] };
const PASSING = new Set([408, 425, 429]);
const LONGEST_RETRY_MS = 30_000;
const SHORTEST_RETRY_MS = 50;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  ms: 1,
  "unix-s": 1_000,
  "unix-ms": 1,
};

/** Where a session takes its time from: monotonic milliseconds, and Unix time as the venue's. */
export interface SessionClock {
  readonly now: () => number;
  readonly unixMs: () => number;
  readonly random: () => number;
}

/** One session through all of its lives; each opening has a `generation`. */
export class Session {
  readonly rule: SessionRule;
  readonly #parts: Readonly<Record<string, string | undefined>>;
  readonly #clock: SessionClock;
  #values: Readonly<Record<string, string>> | undefined;
  #busy: SessionNeed = "nothing";
  #hasEnded = false;
  #failures = 0;
  #expires = Number.POSITIVE_INFINITY;
  #due = Number.POSITIVE_INFINITY;
  #generation = 0;
  #server = "";

  constructor(
    rule: SessionRule,
    parts: Readonly<Record<string, string | undefined>>,
    clock: SessionClock,
  ) {
    this.rule = rule;
    this.#parts = parts;
    this.#clock = clock;
  }

  get generation(): number {
    return this.#generation;
  }

  get state(): SessionState {
    if (this.#busy !== "nothing") return this.#busy === "open" ? "opening" : "refreshing";
    const need = this.need();
    if (need === "nothing") return "valid";
    if (need === "refresh") return "due";
    return this.#generation === 0 && !this.#hasEnded ? "absent" : "ended";
  }

  /** What the session gives, by name. Throws `ConfigurationError` before it was opened. */
  get values(): Readonly<Record<string, string>> {
    if (this.#values !== undefined) return this.#values;
    throw new ConfigurationError(
      `the session of ${this.rule.scheme} is not open: call the operation by a client, ` +
        "which opens it",
    );
  }

  /** The server that the last opening named, unchecked; empty where there is none. */
  get server(): string {
    return this.#server;
  }

  need(): SessionNeed {
    const now = this.#clock.now();
    if (this.#values === undefined || now >= this.#expires) return "open";
    return now >= this.#due ? "refresh" : "nothing";
  }

  /**
   * Yields the calls that are due; send each one's reply in, or throw its error. A refresh that
   * fails leaves the values in use until they expire. Throws `SessionError` where the session
   * cannot be opened; nothing else was sent then.
   */
  *renew(): Generator<SessionAsk, void, unknown> {
    // A refresh that is refused ends the session, and is followed by an opening.
    for (let round = 0; round < 2; round += 1) {
      const need = this.need();
      if (need === "nothing") return;
      const asked = this.#clock.now();
      const ask = this.#ask(need);
      let reply: unknown;
      this.#busy = need;
      try {
        reply = yield ask;
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        this.#failed(need, ask.operation.name, error);
        continue;
      } finally {
        this.#busy = "nothing";
      }
      this.#take(need, ask.operation.name, reply, asked);
    }
  }

  /**
   * Yields the call that gives values for one request, and returns them; nothing is kept. Throws
   * `SessionError` where it is refused; the request was not sent then.
   */
  *draw(): Generator<SessionAsk, Readonly<Record<string, string>>, unknown> {
    const ask = this.#made(this.rule.open);
    let reply: unknown;
    try {
      reply = yield ask;
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      throw this.#unopened(ask.operation.name, error);
    }
    return this.#given(ask.operation.name, reply, true);
  }

  /** The venue said that the values of a generation hold no longer; false for old ones. */
  end(generation: number): boolean {
    if (generation !== this.#generation || this.#values === undefined) return false;
    this.#values = undefined;
    this.#hasEnded = true;
    return true;
  }

  /** Whether a refusal says that the session is gone. */
  isEndedBy(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    const { statuses, codes } = this.rule.endedBy ?? UNAUTHORIZED;
    return statuses?.includes(error.status) === true || codes?.includes(error.code) === true;
  }

  /** The call that ends the session at the venue; undefined where there is nothing to end. */
  closing(): SessionAsk | undefined {
    if (this.rule.close === undefined || this.need() === "open") return undefined;
    // Until `forget` the values serve that call, and are not renewed for it.
    this.#due = this.#expires = Number.POSITIVE_INFINITY;
    return this.#made(this.rule.close);
  }

  /** Holds no values any more. */
  forget(): void {
    this.#values = undefined;
  }

  #ask(need: SessionNeed): SessionAsk {
    const { open, refresh } = this.rule;
    return this.#made(need === "open" || refresh === undefined ? open : refresh);
  }

  #made({ operation, constants, parts, values }: SessionCall): SessionAsk {
    const held = this.#values ?? {};
    const pairs = [
      ...(parts ?? []).map(([property, part]) => [property, this.#parts[part]]),
      ...(values ?? []).map(([property, value]) => [property, held[value]]),
    ];
    const filled = Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
    return { operation, input: { ...constants, ...filled } };
  }

  #take(need: SessionNeed, operation: string, reply: unknown, asked: number): void {
    const isOpen = need === "open" || this.rule.refresh === undefined;
    // It was ended while it was refreshed: what was kept alive is of no use any more.
    if (!isOpen && this.#values === undefined) return;
    const before = this.#values;
    const kept = isOpen ? {} : { ...before };
    const values = { ...kept, ...this.#given(operation, reply, isOpen) };
    const { server } = this.rule;
    if (server !== undefined) {
      const named = memberAt(reply, server.place);
      if (typeof named === "string" && named !== "") this.#server = named;
      else if (isOpen) throw this.#lacks(operation, server.place);
    }
    const names = Object.keys(values);
    if (names.some((name) => before?.[name] !== values[name])) this.#generation += 1;
    this.#values = values;
    this.#hasEnded = false;
    this.#failures = 0;
    this.#schedule(this.#lasts(reply), asked);
  }

  /** What a reply gives; all of it where it opens. */
  #given(operation: string, reply: unknown, isOpen: boolean): Record<string, string> {
    const values: Record<string, string> = {};
    for (const [name, place] of this.rule.gives) {
      const found = memberAt(reply, place);
      const isText = typeof found === "string" && found !== "";
      // Whole numbers beyond 2^53 are bigints, so that no digit is lost.
      if (isText || typeof found === "number" || typeof found === "bigint") {
        values[name] = String(found);
      } else if (isOpen) {
        throw this.#lacks(operation, place);
      }
    }
    return values;
  }

  #lacks(operation: string, place: readonly string[]): SessionError {
    const reason = `its reply holds no ${place.join(".")}, which the session gives`;
    return new SessionError(this.rule.scheme, operation, reason);
  }

  #lasts(reply: unknown): number {
    const { expiry, lifetimeMs } = this.rule;
    if (expiry !== undefined) {
      const found = memberAt(reply, expiry.place);
      const stated = spanMs(found, expiry.unit, this.#clock.unixMs());
      if (stated !== undefined) return Math.max(stated, 0);
    }
    return lifetimeMs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Time counts from before the request: the venue cannot have begun to count earlier. Half of a
   * lifetime leaves the other half to repeat a refresh; an opening comes as late as is safe.
   */
  #schedule(lasts: number, asked: number): void {
    const share = this.rule.refresh === undefined ? 0.9 : 0.5;
    const every = Math.min(this.rule.everyMs ?? lasts * share, lasts);
    this.#expires = asked + lasts;
    this.#due = asked + every * (1 - 0.1 * this.#clock.random());
  }

  #failed(need: SessionNeed, operation: string, error: VenueError): void {
    if (need === "open") throw this.#unopened(operation, error);
    if (this.rule.refresh !== undefined && isRefusal(error)) {
      this.end(this.#generation);
      return;
    }
    const now = this.#clock.now();
    const longest = Math.min(LONGEST_RETRY_MS, (this.#expires - now) / 4);
    const wait = Math.min(1_000 * 2 ** this.#failures, longest);
    this.#failures = Math.min(this.#failures + 1, 16);
    this.#due = now + Math.max(SHORTEST_RETRY_MS, wait * (1 - 0.5 * this.#clock.random()));
  }

  #unopened(operation: string, error: VenueError): SessionError {
    // The text of a reply that does not fit shows it, and what it gives must not be shown.
    const isShown = !(error instanceof DecodeError);
    const reason = isShown ? error.message : error.message.split(" (status ")[0];
    const cause = isShown ? { cause: error } : undefined;
    return new SessionError(this.rule.scheme, operation, this.#hidden(reason ?? ""), cause);
  }

  /** A reason without what a venue may have repeated of our secrets. */
  #hidden(reason: string): string {
    const secrets = [...Object.values(this.#parts), ...Object.values(this.#values ?? {})];
    let text = reason;
    for (const secret of secrets) {
      if (secret !== undefined && secret.length > 3) text = text.replaceAll(secret, "[redacted]");
    }
    return text;
  }
}

/** Whether the same request would only be refused again. */
export const isRefusal = (error: unknown): boolean => {
  if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) return false;
  const { retry } = error.constructor as { retry?: string };
  return !PASSING.has(error.status) && retry !== "after_delay" && retry !== "resolve";
};

/**
 * Whether a request that met the end of its session may be sent again with new values: a read
 * always, anything else only where the refusal proves that it was not carried out.
 */
export const mayRepeat = (effect: string, error: unknown): boolean => {
  if (effect === "read") return true;
  // A refusal on a stream has no status; its code said that the session is gone.
  return error instanceof ApiError && (error.status === 0 || isRefusal(error));
};

const memberAt = (value: unknown, place: readonly string[]): unknown => {
  let found = value;
  for (const name of place) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
};

/** A stated lifetime or end as milliseconds from now; undefined where it cannot be read. */
const spanMs = (found: unknown, unit: ExpiryUnit, unixMs: number): number | undefined => {
  if (!["string", "number", "bigint"].includes(typeof found)) return undefined;
  if (unit === "iso") {
    const text = String(found);
    const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
    return Number.isNaN(at) ? undefined : at - unixMs;
  }
  const value = found === "" ? Number.NaN : Number(found) * (UNIT_MS[unit] ?? Number.NaN);
  if (Number.isNaN(value)) return undefined;
  return unit.startsWith("unix") ? value - unixMs : value;
};
