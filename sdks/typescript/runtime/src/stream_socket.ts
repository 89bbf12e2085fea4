/** What a stream client needs around its socket: the socket, its path, signed frames, a log. */

import { percentEncode } from "./encoding.ts";
import { ConfigurationError } from "./errors.ts";
import { errorName, type Logger } from "./observers.ts";
import type { StreamProtocol } from "./operation.ts";
import type { RequestDraft, Signer } from "./signing.ts";
import type { AnyStreamOperation } from "./stream_frames.ts";
import type { SessionState } from "./stream_session.ts";

/** The part of the standard WebSocket that is used here. */
export interface WebSocketLike {
  binaryType: string;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: string, listener: (event: never) => void): void;
}

/** Makes a socket; what opens it has further headers where a session stands in one. */
export type MakeWebSocket = new (
  url: string,
  options?: { readonly headers: Readonly<Record<string, string>> },
) => WebSocketLike;

/** The text of a signed frame: at once where the platform signs without waiting. */
export const signedText = (
  operation: AnyStreamOperation,
  draft: RequestDraft,
  signers: readonly Signer[],
): string | Promise<string> => {
  let pending: Promise<void> | undefined;
  for (const signer of signers) {
    const sign = () => {
      if (signer.signMessage !== undefined) return signer.signMessage(draft);
      throw new ConfigurationError(`these credentials cannot sign ${operation.name}`);
    };
    const signing = pending === undefined ? sign() : pending.then(sign);
    if (signing !== undefined) pending = signing;
  }
  return pending === undefined ? String(draft.body) : pending.then(() => String(draft.body));
};

/** Tells a log of a change of state. */
export const logState = (logger: Logger, state: SessionState, error: unknown): void => {
  const failure = error === undefined ? {} : { error: errorName(error) };
  const report = { state, ...failure };
  if (error === undefined) logger.debug(`stream: ${state}`, report);
  else logger.warn(`stream: ${state}`, report);
};

/** The socket's path with what the user gives for it. Throws `ConfigurationError`. */
export const filledPath = (
  protocol: StreamProtocol,
  values: Readonly<Record<string, string>>,
): string => {
  let path = protocol.path;
  for (const [wire, property] of protocol.pathParameters ?? []) {
    const value = values[property];
    if (value === undefined || value === "") {
      throw new ConfigurationError(`the stream's path needs parameters.${property}`);
    }
    path = path.replaceAll(`{${wire}}`, percentEncode(value, true));
  }
  return path;
};

/** The platform's WebSocket. Throws `ConfigurationError` where there is none. */
export const platformWebSocket = (): MakeWebSocket => {
  const { WebSocket } = globalThis as { WebSocket?: MakeWebSocket };
  if (WebSocket !== undefined) return WebSocket;
  throw new ConfigurationError(
    "this platform has no WebSocket: use Node 22 or later, or pass one as the option webSocket",
  );
};
