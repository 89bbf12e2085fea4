/** Who watches a client: hooks of the user's own, and a log that has no room for a secret. */

import type { RequestDraft } from "./signing.ts";
import type { WireResponse } from "./transport.ts";

/** The attempt that a hook looks at. */
export interface CallFacts {
  readonly operation: string;
  readonly method: string;
  /** As the contract writes it: `/orders/{order_id}`, without what fills it. */
  readonly path: string;
  /** 0 for the first attempt. */
  readonly attempt: number;
}

/** What one attempt did, for logs and metrics; it holds no header, query, body or secret. */
export interface AttemptReport extends CallFacts {
  /** Absent where no answer came. */
  readonly status?: number;
  readonly durationMs: number;
  /** The class of the error, where no answer came; its message stays with the error itself. */
  readonly error?: string;
}

/**
 * What is called with each attempt. A draft is complete but for its credentials: these are added
 * after `onRequest`, and what it adds is signed with the rest. Neither hook sees a secret.
 */
export interface Hooks {
  /** May add headers and query parameters. When it throws, nothing is sent. */
  readonly onRequest?: (draft: RequestDraft, facts: CallFacts) => void | Promise<void>;
  /** Looks at a whole answer before it is read, refusals included. */
  readonly onResponse?: (response: WireResponse, facts: CallFacts) => void;
}

/** Takes what happened; `console` is one. */
export interface Logger {
  debug(message: string, facts: AttemptReport | StreamReport): void;
  warn(message: string, facts: AttemptReport | StreamReport): void;
}

/** What a stream's log says. */
export interface StreamReport {
  readonly state: string;
  /** The class of the error that led there. */
  readonly error?: string;
}

/** Writes an attempt to a log: a warning where it brought no good answer. */
export const logAttempt = (logger: Logger, report: AttemptReport): void => {
  const { operation, status } = report;
  if (status === undefined) logger.warn(`${operation}: no answer`, report);
  else if (status >= 400) logger.warn(`${operation}: refused`, report);
  else logger.debug(`${operation}: answered`, report);
};

/**
 * Lets someone look on. What an onlooker throws must not change what a call says about an order,
 * so it is thrown apart from the call, where the platform reports it.
 */
export const watch = (look: () => void): void => {
  try {
    look();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

/** The class of what was thrown, which is all that a log says about it. */
export const errorName = (error: unknown): string =>
  error instanceof Error ? error.name : typeof error;
