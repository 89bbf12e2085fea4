/** What the platform offers: undici in Node where it is installed, `fetch` elsewhere. */

import type { WireRequest } from "./signing.ts";
import type { Limits, Transport, WireResponse } from "./transport.ts";
import { FetchTransport } from "./transport_fetch.ts";
import { type Undici, UndiciTransport } from "./transport_undici.ts";

interface NodeProcess {
  readonly versions?: { readonly node?: string; readonly bun?: string };
}

/** True in Node itself (Bun and Deno call themselves Node as well, and have a fast `fetch`). */
export const isNode = (): boolean => {
  const { process, Deno } = globalThis as { process?: NodeProcess; Deno?: unknown };
  const versions = process?.versions;
  return versions?.node !== undefined && versions.bun === undefined && Deno === undefined;
};

let undici: Promise<Undici | undefined> | undefined;

/** The installed undici, or undefined where there is none. */
export const loadUndici = (): Promise<Undici | undefined> => {
  undici ??= isNode() ? importUndici() : Promise.resolve(undefined);
  return undici;
};

const importUndici = async (): Promise<Undici | undefined> => {
  // The name is not a literal in the import, so that bundlers for browsers do not look for it.
  const name = "undici";
  try {
    return (await import(name)) as Undici;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
};

/** The best transport of the platform, chosen when the first request is sent. */
export class PlatformTransport implements Transport {
  readonly #origin: string;
  readonly #limits: Limits;
  #chosen: Transport | undefined;

  constructor(origin: string, limits: Limits) {
    this.#origin = origin;
    this.#limits = limits;
  }

  send(request: WireRequest, timeoutMs: number): Promise<WireResponse> {
    if (this.#chosen !== undefined) return this.#chosen.send(request, timeoutMs);
    return this.#choose().then((transport) => transport.send(request, timeoutMs));
  }

  async close(): Promise<void> {
    await this.#chosen?.close();
  }

  async #choose(): Promise<Transport> {
    const module = await loadUndici();
    this.#chosen ??=
      module === undefined
        ? new FetchTransport(this.#origin, this.#limits)
        : new UndiciTransport(this.#origin, this.#limits, module);
    return this.#chosen;
  }
}
