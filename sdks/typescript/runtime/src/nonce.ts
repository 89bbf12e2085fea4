/** Nonce sources: unique under concurrency and restarts, because a repeated nonce is a refusal. */

import type { Clock } from "./clock.ts";

const BATCH = 128;
const NONCE_BYTES = 16;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** 128 random bits as 32 lower-case hex characters, drawn from the platform in batches. */
export class RandomNonce {
  readonly #drawn = new Uint8Array(BATCH * NONCE_BYTES);
  #used = BATCH;

  next(): string {
    if (this.#used === BATCH) {
      globalThis.crypto.getRandomValues(this.#drawn);
      this.#used = 0;
    }
    const start = this.#used * NONCE_BYTES;
    this.#used += 1;
    let text = "";
    for (let at = start; at < start + NONCE_BYTES; at += 1) text += HEX[this.#drawn[at] ?? 0];
    // A nonce that was handed out is not left in memory to be drawn again.
    this.#drawn.fill(0, start, start + NONCE_BYTES);
    return text;
  }
}

/** A random UUID, version 4 (RFC 9562, 5.4), in its 36-character form. */
export class UuidNonce {
  next(): string {
    return globalThis.crypto.randomUUID();
  }
}

/** A strictly increasing integer that follows the clock, so that a restart goes on above it. */
export class IncreasingNonce {
  readonly #clock: Clock;
  readonly #unitsPerMs: bigint;
  #last = 0n;

  /** `unitsPerMs` is 1 for milliseconds, 1000 for microseconds. */
  constructor(clock: Clock, unitsPerMs = 1_000n) {
    this.#clock = clock;
    this.#unitsPerMs = unitsPerMs;
  }

  next(): bigint {
    const now = BigInt(this.#clock.nowMs()) * this.#unitsPerMs;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last;
  }
}
