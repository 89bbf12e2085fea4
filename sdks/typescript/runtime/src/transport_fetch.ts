/** The portable transport: the platform's `fetch`. */

import { ConnectError, ProtocolError, TimeoutError, TransportError } from "./errors.ts";
import type { WireRequest } from "./signing.ts";
import { deadlines, type Limits, type Transport, type WireResponse } from "./transport.ts";

/** What Node says when no connection came about; browsers do not tell. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** A transport over `fetch`, for browsers, workers, Deno, Bun, and Node without undici. */
export class FetchTransport implements Transport {
  readonly #origin: string;
  readonly #limits: Limits;
  readonly #fetch: typeof globalThis.fetch;

  constructor(origin: string, limits: Limits, fetch = globalThis.fetch) {
    this.#origin = origin;
    this.#limits = limits;
    // Browsers refuse to run `fetch` with another `this` than the global object.
    this.#fetch = fetch.bind(globalThis);
  }

  async send(request: WireRequest, timeoutMs: number): Promise<WireResponse> {
    const abort = new AbortController();
    const deadline = deadlines.add(timeoutMs, () => abort.abort());
    try {
      const response = await this.#fetch(this.#origin + request.target, {
        method: request.method,
        headers: request.headers.map(([name, value]): [string, string] => [name, value]),
        ...(request.body.length > 0 && { body: request.body as string | Uint8Array<ArrayBuffer> }),
        // A signature holds for one target only, and must not follow the venue elsewhere.
        redirect: "manual",
        credentials: "omit",
        cache: "no-store",
        signal: abort.signal,
      });
      if (response.type === "opaqueredirect") {
        throw new ProtocolError("the venue answered with a redirect", true);
      }
      const body = await readBody(response, this.#limits.maxBodyBytes);
      const { status, headers } = response;
      return { status, body, header: (name) => headers.get(name) ?? undefined };
    } catch (error) {
      if (abort.signal.aborted) throw new TimeoutError(`no answer within ${timeoutMs} ms`, true);
      throw fetchError(error);
    } finally {
      deadlines.remove(deadline);
    }
  }

  async close(): Promise<void> {
    // Connections belong to the platform, which closes them when they are idle.
  }
}

const readBody = async (response: Response, maxBytes: number): Promise<Uint8Array> => {
  if (response.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinChunks(chunks, size);
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new ProtocolError(`the answer is longer than ${maxBytes} bytes`, true);
    }
    chunks.push(value);
  }
};

/** One array of bytes out of the chunks of a body. */
export const joinChunks = (chunks: readonly Uint8Array[], size: number): Uint8Array => {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

const fetchError = (error: unknown): TransportError => {
  if (error instanceof TransportError) return error;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return NOT_CONNECTED.has(String(code))
    ? new ConnectError(`cannot connect: ${text || String(code)}`, { cause: error })
    : new TransportError(`the connection broke: ${text}`, true, { cause: error });
};
