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
}

/** One timer for all deadlines, which costs far less than a timer per request. */
export class DeadlineSweeper {
  readonly #entries = new Set<Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Calls `expire` once `timeoutMs` have passed, at most `RESOLUTION_MS` late. */
  add(timeoutMs: number, expire: () => void): Entry {
    const entry = { expires: performance.now() + timeoutMs, expire };
    this.#entries.add(entry);
    this.#timer ??= setInterval(() => this.#sweep(), RESOLUTION_MS);
    return entry;
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry);
  }

  #sweep(): void {
    const now = performance.now();
    for (const entry of this.#entries) {
      if (entry.expires > now) continue;
      this.#entries.delete(entry);
      entry.expire();
    }
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const RESOLUTION_MS = 20;

/** The timer that all transports share. */
export const deadlines = new DeadlineSweeper();
