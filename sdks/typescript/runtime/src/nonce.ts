/** Nonce sources: unique under concurrency and restarts, because a repeated nonce is a refusal. */

import type { Clock } from "./clock.ts";

const BATCH = 128;
const NONCE_BYTES = 16;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

interface NodeBuffer {
  from(bytes: ArrayBufferLike, at: number, length: number): { toString(encoding: "hex"): string };
}

/** Bytes in lower-case hexadecimal; Node writes them at once. */
const hexOf = (bytes: Uint8Array, start: number, length: number): string => {
  const { Buffer } = globalThis as { Buffer?: NodeBuffer };
  if (Buffer !== undefined) return Buffer.from(bytes.buffer, start, length).toString("hex");
  let text = "";
  for (const byte of bytes.subarray(start, start + length)) text += HEX[byte];
  return text;
};

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
    const text = hexOf(this.#drawn, start, NONCE_BYTES);
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
