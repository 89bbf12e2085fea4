/** All items of an operation that answers in pages: which page comes next, without I/O. */

import { ProtocolError } from "./errors.ts";
import type { PageRule } from "./operation.ts";

type Members = Readonly<Record<string, unknown>>;

/** The items of one answer, and the input that asks for the next one, unless it was the last. */
export interface PageStep {
  readonly items: readonly unknown[];
  readonly next: Members | undefined;
}

/**
 * Judges an answer. A page without items ends a walk by numbers, whatever the venue says about
 * more. Throws `ProtocolError` where a venue gives the cursor again that it was just asked with,
 * because that would never end.
 */
export const pageStep = (rule: PageRule, input: Members, answer: unknown): PageStep => {
  const items = inside(answer, rule.items) ?? [];
  if (!Array.isArray(items)) throw new ProtocolError("a page holds no list of items", true);
  const value = nextValue(rule, input[rule.parameter], answer, items.length);
  return { items, next: value === undefined ? undefined : { ...input, [rule.parameter]: value } };
};

const nextValue = (rule: PageRule, asked: unknown, answer: unknown, count: number): unknown => {
  if (rule.next !== undefined) {
    const cursor = inside(answer, rule.next);
    if (cursor === undefined || cursor === null || cursor === "") return undefined;
    if (cursor === asked) throw new ProtocolError("the venue gave the same cursor again", true);
    return cursor;
  }
  const number = Number(asked ?? rule.first ?? 1);
  if (count === 0) return undefined;
  if (rule.hasMore !== undefined) {
    return inside(answer, rule.hasMore) === true ? number + 1 : undefined;
  }
  const total = Number(inside(answer, rule.totalPages ?? []));
  return number - (rule.first ?? 1) + 1 < total ? number + 1 : undefined;
};

const inside = (value: unknown, place: readonly string[]): unknown => {
  let inner = value;
  for (const step of place) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, step)) {
      return undefined;
    }
    inner = (inner as Members)[step];
  }
  return inner;
};
