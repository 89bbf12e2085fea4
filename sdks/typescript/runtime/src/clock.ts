/** The clock that signs: system time plus a measured offset, surfaced and never hidden. */

import { ConfigurationError } from "./errors.ts";

/** One measurement against the venue: how far apart, and how sure (half the round trip). */
export interface ClockSample {
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
}

/** Unix time in any unit. Offsets come from measurements; a signing window is never widened. */
export class Clock {
  readonly #now: () => number;
  #sample: ClockSample = { offsetMs: 0, uncertaintyMs: 0 };

  /** `now` returns Unix milliseconds; the system's clock when it is left out. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Unix milliseconds, corrected by the measured offset. */
  nowMs(): number {
    return Math.floor(this.#now() + this.#sample.offsetMs);
  }

  /** Unix seconds, corrected by the measured offset. */
  nowS(): number {
    return Math.floor(this.nowMs() / 1_000);
  }

  /** Unix microseconds, corrected; the last three digits are zero as platforms hide them. */
  nowUs(): bigint {
    return BigInt(this.nowMs()) * 1_000n;
  }

  /** Unix nanoseconds, corrected; the last six digits are zero as platforms hide them. */
  nowNs(): bigint {
    return BigInt(this.nowMs()) * 1_000_000n;
  }

  /** Venue time minus local time in milliseconds, as last measured (0 before that). */
  get offsetMs(): number {
    return this.#sample.offsetMs;
  }

  /** Half the round trip of the last measurement, in milliseconds. */
  get uncertaintyMs(): number {
    return this.#sample.uncertaintyMs;
  }

  /** The uncorrected local time in Unix milliseconds, for measuring. */
  localMs(): number {
    return this.#now();
  }

  /**
   * Takes one measurement: the venue's time, and local time (`localMs`) before and after asking.
   * Throws `ConfigurationError` when the local clock stepped back in between.
   */
  observe(serverMs: number, sentMs: number, receivedMs: number): ClockSample {
    if (receivedMs < sentMs) {
      throw new ConfigurationError("the local clock stepped back while it was being measured");
    }
    const middle = (sentMs + receivedMs) / 2;
    this.#sample = { offsetMs: serverMs - middle, uncertaintyMs: (receivedMs - sentMs) / 2 };
    return this.#sample;
  }
}
