/** Node's own transport: a pool of kept-alive connections, one request on each at a time. */

import { ConnectError, ProtocolError, TimeoutError, TransportError } from "./errors.ts";
import { type NodeBytes, ResponseParser, requestHead } from "./http_message.ts";
import type { WireRequest } from "./signing.ts";
import { deadlines, type Limits, type Transport, type WireResponse } from "./transport.ts";

/** What is used of a socket of `node:net` or `node:tls`. */
interface NodeSocket {
  write(data: string | Uint8Array, encoding?: string): boolean;
  on(event: string, listener: (value: never) => void): unknown;
  setNoDelay(isOn: boolean): unknown;
  cork(): void;
  uncork(): void;
  ref(): unknown;
  unref(): unknown;
  destroy(): unknown;
}

type Connect = (options: Readonly<Record<string, unknown>>) => NodeSocket;

/** The parts of Node that this transport stands on. */
export interface NodeNetwork {
  readonly net: { readonly connect: Connect; isIP(host: string): number };
  readonly tls: { readonly connect: Connect };
  readonly buffer: {
    readonly Buffer: {
      alloc(size: number): NodeBytes;
      from(bytes: Uint8Array): NodeBytes;
      concat(parts: readonly Uint8Array[]): NodeBytes;
      byteLength(text: string): number;
    };
  };
}

/** What `node:tls` takes besides: `ca` for a private authority, `cert` and `key` for mutual TLS. */
export type TlsOptions = Readonly<Record<string, unknown>>;

const READ_BYTES = 64 * 1_024;

interface Job {
  readonly request: WireRequest;
  readonly timeoutMs: number;
  readonly resolve: (response: WireResponse) => void;
  readonly reject: (error: TransportError) => void;
  isOver: boolean;
  connection: Connection | undefined;
}

/**
 * A pool of connections to one origin. A request is written once: when a kept-alive connection
 * turns out to be dead after bytes may have left, the error says `maybeSent`, and the caller
 * decides; nothing is sent again here.
 */
export class SocketTransport implements Transport {
  readonly #url: URL;
  readonly #limits: Limits;
  readonly #node: NodeNetwork;
  readonly #idle: Connection[] = [];
  readonly #waiting: Job[] = [];
  readonly #all = new Set<Connection>();

  readonly #tls: TlsOptions;
  readonly #readBuffer: NodeBytes;
  #isClosed = false;

  constructor(origin: string, limits: Limits, node: NodeNetwork, tls: TlsOptions = {}) {
    this.#url = new URL(origin);
    this.#limits = limits;
    this.#node = node;
    this.#tls = tls;
    this.#readBuffer = node.buffer.Buffer.alloc(READ_BYTES);
  }

  send(request: WireRequest, timeoutMs: number): Promise<WireResponse> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        request,
        timeoutMs,
        isOver: false,
        connection: undefined,
        resolve: (response) => {
          job.isOver = true;
          deadlines.remove(deadline);
          resolve(response);
        },
        reject: (error) => {
          job.isOver = true;
          deadlines.remove(deadline);
          reject(error);
        },
      };
      const deadline = deadlines.add(timeoutMs, () => this.#expire(job));
      this.#assign(job);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const connection of [...this.#all]) {
      connection.fail(new TransportError("the client was closed", connection.isOpen));
    }
    for (const job of this.#waiting.splice(0)) {
      if (!job.isOver) job.reject(new TransportError("the client was closed", false));
    }
  }

  #assign(job: Job): void {
    if (this.#isClosed) {
      job.reject(new TransportError("the client is closed", false));
      return;
    }
    const oldest = performance.now() - this.#limits.idleTimeoutMs;
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      if (one.idleSince >= oldest) {
        one.begin(job);
        return;
      }
      one.destroy();
    }
    if (this.#all.size >= this.#limits.maxConnections) this.#waiting.push(job);
    else this.#open(job);
  }

  #open(job: Job): void {
    const connection = new Connection(this.#url, this.#limits, this.#node, this.#tls, {
      readBuffer: this.#readBuffer,
      free: (one) => this.#free(one),
      gone: (one) => this.#gone(one),
    });
    this.#all.add(connection);
    connection.begin(job);
  }

  #free(connection: Connection): void {
    const job = this.#next();
    if (job !== undefined) connection.begin(job);
    else this.#idle.push(connection);
  }

  #gone(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    const job = this.#isClosed ? undefined : this.#next();
    if (job !== undefined) this.#open(job);
  }

  #next(): Job | undefined {
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      if (!job.isOver) return job;
    }
    return undefined;
  }

  #expire(job: Job): void {
    const message = `no answer within ${job.timeoutMs} ms`;
    const { connection } = job;
    if (connection === undefined) job.reject(new TimeoutError(message, false));
    else connection.fail(new TimeoutError(message, connection.isOpen));
  }
}

interface Owner {
  /** What every read goes into first, one after the other. */
  readonly readBuffer: NodeBytes;
  free(connection: Connection): void;
  gone(connection: Connection): void;
}

/** One socket, the parser of its answers, and the request that is on its way. */
class Connection {
  readonly #socket: NodeSocket;
  readonly #parser: ResponseParser;
  readonly #owner: Owner;
  readonly #host: string;
  readonly #node: NodeNetwork;
  readonly #connecting: ReturnType<typeof deadlines.add>;
  #job: Job | undefined;
  #isGone = false;
  /** Whether the socket (and TLS over it) is up, so that a request may have been sent. */
  isOpen = false;
  idleSince = 0;

  constructor(url: URL, limits: Limits, node: NodeNetwork, tls: TlsOptions, owner: Owner) {
    this.#node = node;
    this.#owner = owner;
    this.#host = url.host;
    this.#parser = new ResponseParser(limits.maxBodyBytes, node.buffer.Buffer.concat);
    const isSecure = url.protocol === "https:";
    this.#socket = isSecure ? openTls(url, node, tls) : this.#openPlain(url);
    this.#connecting = deadlines.add(limits.connectTimeoutMs, () => {
      this.fail(new ConnectError(`cannot connect within ${limits.connectTimeoutMs} ms`));
    });
    this.#socket.setNoDelay(true);
    this.#socket.on(isSecure ? "secureConnect" : "connect", () => this.#opened());
    if (isSecure) this.#socket.on("data", (bytes: NodeBytes) => this.#data(bytes));
    this.#socket.on("end", () => this.#ended());
    this.#socket.on("error", (error: Error) => this.#broke(error.message, error));
    this.#socket.on("close", () => this.#broke("it was closed"));
  }

  /** Takes a job: writes it now, or as soon as the socket is open. */
  begin(job: Job): void {
    this.#job = job;
    job.connection = this;
    this.#socket.ref();
    if (this.isOpen) this.#write(job.request);
  }

  /** Ends the connection, and its request with an error. */
  fail(error: TransportError): void {
    const job = this.#job;
    this.#job = undefined;
    this.destroy();
    job?.reject(error);
  }

  destroy(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    deadlines.remove(this.#connecting);
    this.#socket.destroy();
    this.#owner.gone(this);
  }

  /** A socket that reads into the one buffer: a new one for each read costs more than a copy. */
  #openPlain(url: URL): NodeSocket {
    const { net, buffer } = this.#node;
    const callback = (size: number, bytes: Uint8Array): boolean => {
      this.#data(buffer.Buffer.from(bytes.subarray(0, size)));
      return true;
    };
    const onread = { buffer: this.#owner.readBuffer, callback };
    return net.connect({ ...place(url), onread });
  }

  #opened(): void {
    deadlines.remove(this.#connecting);
    this.isOpen = true;
    if (this.#job !== undefined) this.#write(this.#job.request);
  }

  #write(request: WireRequest): void {
    this.#parser.start(request.method);
    const { body } = request;
    if (typeof body === "string") {
      const bytes = this.#node.buffer.Buffer.byteLength(body);
      const head = requestHead(request, this.#host, bytes);
      // Where the body is ASCII, head and body are one string, and one system call.
      if (bytes === body.length) this.#socket.write(head + body, "latin1");
      else this.#writeBoth(head, body, "utf8");
      return;
    }
    this.#writeBoth(requestHead(request, this.#host, body.length), body);
  }

  #writeBoth(head: string, body: string | Uint8Array, encoding?: string): void {
    this.#socket.cork();
    this.#socket.write(head, "latin1");
    this.#socket.write(body, encoding);
    this.#socket.uncork();
  }

  #data(bytes: NodeBytes): void {
    const job = this.#job;
    if (job === undefined) {
      // An answer that nobody asked for would be taken for the next request's.
      this.destroy();
      return;
    }
    try {
      const response = this.#parser.feed(bytes);
      if (response !== undefined) this.#finish(job, response);
    } catch (error) {
      const isOurs = error instanceof ProtocolError;
      this.fail(isOurs ? error : new ProtocolError(String(error), true, { cause: error }));
    }
  }

  #finish(job: Job, response: WireResponse): void {
    this.#job = undefined;
    if (this.#parser.isReusable) {
      this.idleSince = performance.now();
      this.#socket.unref();
      this.#owner.free(this);
    } else {
      this.destroy();
    }
    job.resolve(response);
  }

  #ended(): void {
    const job = this.#job;
    const response = job === undefined ? undefined : this.#parser.end();
    if (job !== undefined && response !== undefined) this.#finish(job, response);
    else this.#broke("the venue closed it");
  }

  #broke(reason: string, cause?: Error): void {
    if (this.#isGone) return;
    this.fail(
      this.isOpen
        ? new TransportError(`the connection broke: ${reason}`, true, { cause })
        : new ConnectError(`cannot connect: ${reason}`, { cause }),
    );
  }
}

const openTls = (url: URL, node: NodeNetwork, tls: TlsOptions): NodeSocket => {
  const { host, port } = place(url);
  const name = node.net.isIP(host) === 0 ? { servername: host } : {};
  return node.tls.connect({ ...tls, host, port, ...name, ALPNProtocols: ["http/1.1"] });
};

const place = (url: URL): { readonly host: string; readonly port: number } => ({
  host: url.hostname.replace(/^\[|\]$/g, ""),
  port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
});
