/** What the life of a socket asks of whoever owns it: the seam between decisions and I/O. */

import type { AnyStreamOperation } from "./stream_frames.ts";
import type { SessionState } from "./stream_session.ts";

type Members = Readonly<Record<string, unknown>>;

/** Makes the text of a frame with a correlation id. */
export type FrameWriter = (id: string) => string | Promise<string>;

/** What a session asks its owner to do. */
export interface SessionPort {
  send(text: string): void;
  /** Closes the socket at once; no further call of `closed` is expected. */
  drop(): void;
  /** Opens a socket after a delay, and calls `opened` or `closed` then. */
  openAfter(delayMs: number): void;
  /** The text of the signed log-on, or undefined where there are no credentials. */
  logOnText(id: string): Promise<string> | undefined;
  /** What signs an operation's frames, or undefined where they are not signed one by one. */
  writer(operation: AnyStreamOperation, input: Members): FrameWriter | undefined;
  changed(state: SessionState, error?: unknown): void;
  /** A frame came that nothing in this session knows. */
  unknown(text: string): void;
  /** Whether a frame says that a session of this socket is over. */
  hears?(message: unknown): boolean;
  /** Whether a refusal of a message says so; without an error the message was taken. */
  ends?(operation: AnyStreamOperation, error?: unknown): boolean;
}
