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

/** The last nonce of a key; all signers of the key in this process hold the same one. */
interface Highest {
  value: bigint;
}

const BY_KEY = new Map<string, WeakRef<Highest>>();
const FORGOTTEN = new FinalizationRegistry<string>((name) => {
  if (BY_KEY.get(name)?.deref() === undefined) BY_KEY.delete(name);
});

const highestOf = (name: string): Highest => {
  const shared = BY_KEY.get(name)?.deref();
  if (shared !== undefined) return shared;
  const made = { value: 0n };
  BY_KEY.set(name, new WeakRef(made));
  FORGOTTEN.register(made, name);
  return made;
};

/**
 * A strictly increasing integer that follows the clock, so that a restart goes on above it. Sources
 * with the same `key` share one sequence: a venue keeps one for each API key, however many clients
 * use it. Processes and workers share nothing, so give each its own key.
 */
export class IncreasingNonce {
  readonly #clock: Clock;
  readonly #unitsPerMs: bigint;
  readonly #highest: Highest;

  /** `unitsPerMs` is 1 for milliseconds, 1000 for microseconds. */
  constructor(clock: Clock, unitsPerMs = 1_000n, key = "") {
    this.#clock = clock;
    this.#unitsPerMs = unitsPerMs;
    this.#highest = key === "" ? { value: 0n } : highestOf(`${unitsPerMs} ${key}`);
  }

  next(): bigint {
    const now = BigInt(this.#clock.nowMs()) * this.#unitsPerMs;
    const after = this.#highest.value + 1n;
    this.#highest.value = now > after ? now : after;
    return this.#highest.value;
  }
}
