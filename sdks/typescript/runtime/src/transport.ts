/** The interface between the client and whatever carries bytes, and the limits they all keep. */

import type { WireRequest } from "./signing.ts";

/** One answer; header names are in lower case, the body is whole and de-chunked. */
export interface WireResponse {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** What a transport accepts: sizes in bytes, times in milliseconds, connections per venue. */
export interface Limits {
  readonly maxBodyBytes: number;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxBodyBytes: 64 * 1024 * 1024,
  maxConnections: 64,
  connectTimeoutMs: 5_000,
  idleTimeoutMs: 30_000,
};

/** Carries one request and brings its whole answer, or says whether it may have been sent. */
export interface Transport {
  /**
   * Sends once and waits. Rejects with `TransportError`, whose `maybeSent` is false only where no
   * byte can have arrived.
   */
  send(request: WireRequest, timeoutMs: number): Promise<WireResponse>;
  /** Closes every connection. */
  close(): Promise<void>;
}

/** Makes a transport to one origin such as `https://api.venue.example`. */
export type TransportFactory = (origin: string, limits: Limits) => Transport;

interface Entry {
  readonly expires: number;
  readonly expire: () => void;
  /** Where it stands among the entries; -1 once it is taken out. */
  at: number;
}

/**
 * One timer for all deadlines, which costs far less than a timer per request.
 *
 * The entries are an array and no Set: a Set makes itself anew every few dozen deletes, and what
 * it leaves behind keeps the requests of its time alive until the next full garbage collection.
 */
export class DeadlineSweeper {
  readonly #entries: Entry[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Calls `expire` once `timeoutMs` have passed, at most `RESOLUTION_MS` late. */
  add(timeoutMs: number, expire: () => void): Entry {
    const entry = { expires: performance.now() + timeoutMs, expire, at: this.#entries.length };
    this.#entries.push(entry);
    this.#timer ??= setInterval(() => this.#sweep(), RESOLUTION_MS);
    return entry;
  }

  /** Takes an entry out, if it still is in. */
  remove(entry: Entry): void {
    const last = this.#entries.at(-1);
    if (entry.at < 0 || last === undefined) return;
    this.#entries[entry.at] = last;
    last.at = entry.at;
    this.#entries.pop();
    entry.at = -1;
  }

  #sweep(): void {
    const now = performance.now();
    for (const entry of this.#entries.filter((one) => one.expires <= now)) {
      // What expired before it may have taken this one out.
      if (entry.at < 0) continue;
      this.remove(entry);
      entry.expire();
    }
    if (this.#entries.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const RESOLUTION_MS = 20;

/** The timer that all transports share. */
export const deadlines = new DeadlineSweeper();
