/** What may be sent again, and when: pure decisions. Only reads are ever repeated. */

import { ApiError, TransportError, UnknownOutcomeError } from "./errors.ts";
import type { DedupKey, Effect } from "./operation.ts";

/** How often and how patiently reads are repeated. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A longer Retry-After is not waited for: the error is thrown at once. */
  readonly longestRetryAfterS: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  retries: 2,
  firstDelayMs: 200,
  longestDelayMs: 5_000,
  longestRetryAfterS: 30,
};

const AGAIN = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Milliseconds to wait before a read is sent again, or undefined where it must not be. Full
 * jitter: `random` is from 0 to 1, and the wait lies between nothing and the doubled delay.
 */
export const retryDelayMs = (
  policy: RetryPolicy,
  effect: Effect,
  attempt: number,
  error: unknown,
  random: number,
): number | undefined => {
  if (effect !== "read" || attempt >= policy.retries) return undefined;
  if (error instanceof ApiError) {
    if (!AGAIN.has(error.status)) return undefined;
    if (error.retryAfterS !== undefined) {
      return error.retryAfterS > policy.longestRetryAfterS ? undefined : error.retryAfterS * 1_000;
    }
  } else if (!(error instanceof TransportError)) {
    return undefined;
  }
  return Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** attempt) * random;
};

/** What an operation's error turns into when it may have changed something. */
export interface OutcomeContext {
  readonly name: string;
  readonly effect: Effect;
  readonly dedupKey?: DedupKey;
}

/**
 * The error to throw: `UnknownOutcomeError` where a write may have been carried out although no
 * answer says so, the error itself everywhere else.
 *
 * The contract's retry class of the code decides; a 5xx whose code it does not know is such a case.
 */
export const outcomeError = (
  operation: OutcomeContext,
  input: Readonly<Record<string, unknown>>,
  error: unknown,
): unknown => {
  if (operation.effect === "read" || !leavesDoubt(error)) return error;
  const key = operation.dedupKey?.property;
  const value = key === undefined ? undefined : input[key];
  return new UnknownOutcomeError(
    {
      operation: operation.name,
      dedupKey: key,
      dedupValue: typeof value === "string" ? value : undefined,
      resolver: operation.dedupKey?.resolver,
      reason: error instanceof Error ? error.message : String(error),
    },
    { cause: error },
  );
};

const leavesDoubt = (error: unknown): boolean => {
  if (error instanceof TransportError) return error.maybeSent;
  if (!(error instanceof ApiError)) return false;
  const { retry } = error.constructor as { retry?: string };
  return retry === undefined ? error.status >= 500 : retry === "resolve";
};
