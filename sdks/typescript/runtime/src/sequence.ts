/** Whether a message of a channel follows the one before: a pure check. */

import { at } from "./answer.ts";
import type { StreamRule } from "./operation.ts";

/** What a message is to its channel: in order, a repeat, lost ones before it, or not usable yet. */
export type Order = "next" | "repeated" | "gap" | "early";

/** Follows the sequence of one subscription. */
export class SequenceCheck {
  readonly #rule: StreamRule | undefined;
  #last: bigint | undefined;

  constructor(rule: StreamRule | undefined) {
    this.#rule = rule;
  }

  /** Forgets everything, as after a reconnect: the next snapshot or message starts anew. */
  reset(): void {
    this.#last = undefined;
  }

  /** Judges a message by its wire value and its tag. */
  accept(value: unknown, tag: string | undefined): Order {
    const rule = this.#rule;
    const sequence = rule?.sequence;
    if (rule === undefined || sequence === undefined) return "next";
    const number = integer(at(value, sequence.field));
    if (number === undefined) return "next";
    if (tag !== undefined && tag === rule.snapshot) {
      this.#last = number;
      return "next";
    }
    if (this.#last === undefined) {
      // Without the snapshot that it changes, a delta means nothing.
      if (rule.snapshot !== undefined) return "early";
      this.#last = number;
      return "next";
    }
    const order = compare(this.#last, number, value, sequence);
    if (order === "next") this.#last = number;
    if (order === "gap") this.#last = rule.snapshot === undefined ? number : undefined;
    return order;
  }
}

const compare = (
  last: bigint,
  number: bigint,
  value: unknown,
  sequence: NonNullable<StreamRule["sequence"]>,
): Order => {
  if (number <= last) return "repeated";
  if (sequence.rule === "increment") return number === last + 1n ? "next" : "gap";
  const previous = integer(at(value, sequence.previousField ?? ""));
  return previous === last ? "next" : "gap";
};

const integer = (value: unknown): bigint | undefined => {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === "string" && /^\d{1,40}$/.test(value) ? BigInt(value) : undefined;
};
