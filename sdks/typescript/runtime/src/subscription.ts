/** What a channel brings, as an async iterator over a bounded queue. */

import { StreamClosedError, StreamError } from "./errors.ts";

/** Why events may be missing: lost on the way, or while the socket was down. */
export type Interruption = "gap" | "reconnected";

/** How a subscription behaves. */
export interface SubscriptionOptions {
  /** Events that may wait for a slow reader; one more ends the subscription with an error. */
  readonly capacity?: number;
  /** Called when events may be missing. A channel with a snapshot gets a new one by itself. */
  readonly onInterruption?: (reason: Interruption) => void;
}

const DEFAULT_CAPACITY = 10_000;

interface LiveWaiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Waiter<Event> {
  readonly resolve: (result: IteratorResult<Event, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** The events of one channel. Iterate over it; leaving the loop unsubscribes. */
export class Subscription<Event> implements AsyncIterableIterator<Event, undefined> {
  readonly #capacity: number;
  readonly #onInterruption: ((reason: Interruption) => void) | undefined;
  readonly #onEnd: () => void;
  #queue: Event[] = [];
  /** Events before this one are taken; moving a mark is cheaper than shifting an array. */
  #taken = 0;
  #waiters: Waiter<Event>[] = [];
  #isEnded = false;
  #error: unknown;
  /** What ended it, for those who wait for it to be live. */
  #ending: unknown = new StreamClosedError("the subscription was ended");
  #live: LiveWaiter[] = [];
  #isStale = true;

  constructor(options: SubscriptionOptions, onEnd: () => void) {
    this.#capacity = options.capacity ?? DEFAULT_CAPACITY;
    this.#onInterruption = options.onInterruption;
    this.#onEnd = onEnd;
  }

  /**
   * True until the venue confirmed the subscription and, where the channel has one, its snapshot
   * came; and again from an interruption until that is so once more.
   */
  get isStale(): boolean {
    return this.#isStale;
  }

  /**
   * Resolves as soon as nothing can be missed any more: the venue confirmed the subscription and,
   * where the channel has one, its snapshot came. Whoever orders after that sees what becomes of
   * it. Rejects with the venue's error when it refuses the subscription, and with
   * `StreamClosedError` when it ends first.
   */
  live(): Promise<void> {
    if (this.#isEnded) return Promise.reject(this.#ending);
    if (!this.#isStale) return Promise.resolve();
    return new Promise((resolve, reject) => this.#live.push({ resolve, reject }));
  }

  /** Says that nothing is missing from here on. The stream calls it. */
  start(): void {
    if (this.#isEnded) return;
    this.#isStale = false;
    for (const waiter of this.#live.splice(0)) waiter.resolve();
  }

  /** Takes one event. The stream calls it. */
  push(event: Event): void {
    if (this.#isEnded) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value: event });
    } else if (this.#queue.length - this.#taken < this.#capacity) {
      this.#queue.push(event);
    } else {
      this.fail(
        new StreamError(`the reader is too slow: ${this.#capacity} events wait and one came`),
      );
      this.#onEnd();
    }
  }

  /** Says that events may be missing. The stream calls it. */
  interrupt(reason: Interruption): void {
    this.#isStale = true;
    this.#onInterruption?.(reason);
  }

  /** Ends the iteration with an error, once the waiting events are taken. */
  fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#end(error);
    const [first, ...rest] = this.#waiters;
    this.#waiters = [];
    if (first === undefined) this.#error = error;
    else first.reject(error);
    for (const waiter of rest) waiter.resolve(DONE);
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    if (this.#taken < this.#queue.length) {
      const value = this.#queue[this.#taken] as Event;
      this.#taken += 1;
      if (this.#taken === this.#queue.length) this.#empty();
      return Promise.resolve({ done: false, value });
    }
    if (this.#error !== undefined) {
      const error = this.#error;
      this.#error = undefined;
      return Promise.reject(error);
    }
    if (this.#isEnded) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Ends the subscription and unsubscribes. */
  return(): Promise<IteratorResult<Event, undefined>> {
    if (!this.#isEnded) {
      this.#end(this.#ending);
      this.#onEnd();
    }
    this.#empty();
    for (const waiter of this.#waiters) waiter.resolve(DONE);
    this.#waiters = [];
    return Promise.resolve(DONE);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(reason: unknown): void {
    this.#isEnded = true;
    this.#isStale = true;
    this.#ending = reason;
    for (const waiter of this.#live.splice(0)) waiter.reject(reason);
  }

  #empty(): void {
    this.#queue = [];
    this.#taken = 0;
  }
}

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };
