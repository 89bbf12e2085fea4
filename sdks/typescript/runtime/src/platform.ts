/** What the platform offers: own sockets in Node, `fetch` elsewhere. */

import { ConfigurationError } from "./errors.ts";
import type { Limits, Transport, TransportFactory } from "./transport.ts";
import { FetchTransport } from "./transport_fetch.ts";
import { type NodeNetwork, SocketTransport, type TlsOptions } from "./transport_socket.ts";

interface NodeProcess {
  readonly versions?: { readonly node?: string; readonly bun?: string };
  getBuiltinModule?(name: string): unknown;
}

/** True in Node itself (Bun and Deno call themselves Node as well, and have a fast `fetch`). */
export const isNode = (): boolean => nodeProcess() !== undefined;

/** The best transport of the platform. */
export const platformTransport = (origin: string, limits: Limits): Transport => {
  const node = nodeNetwork();
  return node === undefined
    ? new FetchTransport(origin, limits)
    : new SocketTransport(origin, limits, node);
};

/** Node's own transport with options of `node:tls`, such as `ca`, `cert` and `key`. */
export const socketTransport =
  (tls: TlsOptions): TransportFactory =>
  (origin, limits) => {
    const node = nodeNetwork();
    if (node === undefined) throw new ConfigurationError("only Node has sockets of its own");
    return new SocketTransport(origin, limits, node, tls);
  };

/** Node's network modules, found without an import so that bundlers do not look for them. */
const nodeNetwork = (): NodeNetwork | undefined => {
  const load = nodeProcess()?.getBuiltinModule;
  if (load === undefined) return undefined;
  const modules = { net: load("node:net"), tls: load("node:tls"), buffer: load("node:buffer") };
  return modules as NodeNetwork;
};

const nodeProcess = (): NodeProcess | undefined => {
  const { process, Deno } = globalThis as { process?: NodeProcess; Deno?: unknown };
  const versions = process?.versions;
  const isReal = versions?.node !== undefined && versions.bun === undefined && Deno === undefined;
  return isReal ? process : undefined;
};
