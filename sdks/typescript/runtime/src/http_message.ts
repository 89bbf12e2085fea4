/** HTTP/1.1 messages to and from bytes (RFC 9112), strictly and within limits, without I/O. */

import { ChunkedBody } from "./chunked.ts";
import { ProtocolError } from "./errors.ts";
import type { WireRequest } from "./signing.ts";
import type { WireResponse } from "./transport.ts";

const MAX_HEAD_BYTES = 64 * 1_024;
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;
const BODYLESS_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** The head of a request with its blank line; `bodyBytes` is the length of what follows. */
export const requestHead = (request: WireRequest, host: string, bodyBytes: number): string => {
  let head = `${request.method} ${request.target} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const [name, value] of request.headers) head += `${name}: ${value}\r\n`;
  if (bodyBytes > 0 || !BODYLESS_METHODS.has(request.method)) {
    head += `content-length: ${bodyBytes}\r\n`;
  }
  return `${head}\r\n`;
};

/** The bytes that Node reads, with the fast methods of its Buffer. */
export interface NodeBytes extends Uint8Array {
  latin1Slice(start: number, end: number): string;
  indexOf(found: string | number, from?: number): number;
}

type Headers = ReadonlyMap<string, string>;

/** Bytes in, one whole answer out; one parser lives as long as its connection. */
export class ResponseParser {
  readonly #maxBodyBytes: number;
  readonly #join: (parts: readonly Uint8Array[]) => NodeBytes;
  #isHead = false;
  #held: NodeBytes | undefined;
  #status = 0;
  #headers: Headers | undefined;
  #parts: Uint8Array[] = [];
  #left = 0;
  #chunked: ChunkedBody | undefined;
  #isUntilClose = false;
  /** After an answer: whether the connection may carry another request. */
  isReusable = false;

  constructor(maxBodyBytes: number, join: (parts: readonly Uint8Array[]) => NodeBytes) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#join = join;
  }

  /** Makes ready for the answer to a request. */
  start(method: string): void {
    this.#isHead = method === "HEAD";
    this.#held = undefined;
    this.#headers = undefined;
    this.#parts = [];
    this.#left = 0;
    this.#chunked = undefined;
    this.#isUntilClose = false;
    this.isReusable = false;
  }

  /** Takes bytes; returns the answer once it is whole. Throws `ProtocolError`. */
  feed(bytes: NodeBytes): WireResponse | undefined {
    return this.#headers === undefined ? this.#feedHead(bytes) : this.#feedBody(bytes);
  }

  /** The venue closed the connection; returns an answer whose body lasts until then. */
  end(): WireResponse | undefined {
    return this.#isUntilClose ? this.#response() : undefined;
  }

  #feedHead(bytes: NodeBytes): WireResponse | undefined {
    const all = this.#held === undefined ? bytes : this.#join([this.#held, bytes]);
    this.#held = undefined;
    const end = all.indexOf("\r\n\r\n", 0);
    if (end < 0 || end > MAX_HEAD_BYTES) {
      if (all.length > MAX_HEAD_BYTES) throw broken("the head is too long");
      this.#held = all;
      return undefined;
    }
    const isInterim = this.#readHead(all.latin1Slice(0, end));
    const rest = all.subarray(end + 4) as NodeBytes;
    if (isInterim) return rest.length > 0 ? this.#feedHead(rest) : undefined;
    return this.#feedBody(rest);
  }

  /** Reads a head; true for an interim answer (1xx), after which the answer itself comes. */
  #readHead(head: string): boolean {
    const [first = "", ...lines] = head.split("\r\n");
    const status = STATUS_LINE.exec(first);
    if (status === null) throw broken("the status line is malformed");
    this.#status = Number(status[2]);
    if (this.#status === 101) throw broken("the venue switched protocols unasked");
    if (this.#status < 200) return true;
    const headers = new Map<string, string>();
    for (const line of lines) addHeader(headers, line);
    this.#headers = headers;
    this.#frame(headers, status[1] === "0");
    return false;
  }

  /** Decides how long the body is (RFC 9112, 6.3). */
  #frame(headers: Headers, isOld: boolean): void {
    const coding = headers.get("transfer-encoding");
    const length = headers.get("content-length");
    const connection = headers.get("connection")?.toLowerCase() ?? "";
    this.isReusable = isOld ? connection.includes("keep-alive") : !connection.includes("close");
    if (this.#isHead || this.#status === 204 || this.#status === 304) return;
    if (coding !== undefined) {
      if (length !== undefined || coding.toLowerCase() !== "chunked") {
        throw broken("the length of the body is ambiguous");
      }
      this.#chunked = new ChunkedBody(this.#maxBodyBytes);
    } else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) throw broken("the content-length is malformed");
      this.#left = Number(length);
      if (this.#left > this.#maxBodyBytes) throw tooLong(this.#maxBodyBytes);
    } else {
      this.#isUntilClose = true;
      this.isReusable = false;
      this.#left = this.#maxBodyBytes;
    }
  }

  #feedBody(bytes: NodeBytes): WireResponse | undefined {
    if (this.#chunked !== undefined) return this.#feedChunked(this.#chunked, bytes);
    if (bytes.length > this.#left) {
      if (this.#isUntilClose) throw tooLong(this.#maxBodyBytes);
      throw broken("more bytes came than the answer has");
    }
    if (bytes.length > 0) this.#parts.push(bytes);
    this.#left -= bytes.length;
    return this.#left === 0 && !this.#isUntilClose ? this.#response() : undefined;
  }

  #feedChunked(body: ChunkedBody, bytes: NodeBytes): WireResponse | undefined {
    const used = body.feed(bytes);
    if (used === undefined) return undefined;
    if (used !== bytes.length) throw broken("more bytes came than the answer has");
    this.#parts = body.parts;
    return this.#response();
  }

  #response(): WireResponse {
    const headers = this.#headers ?? new Map<string, string>();
    const [first] = this.#parts;
    const body = first !== undefined && this.#parts.length === 1 ? first : this.#join(this.#parts);
    return { status: this.#status, body, header: (name) => headers.get(name) };
  }
}

const addHeader = (headers: Map<string, string>, line: string): void => {
  const match = HEADER_LINE.exec(line);
  if (match === null) throw broken("a header is malformed");
  const name = (match[1] as string).toLowerCase();
  const value = match[2] as string;
  const present = headers.get(name);
  if (present === undefined) {
    headers.set(name, value);
  } else if (name === "content-length" || name === "transfer-encoding") {
    if (present !== value) throw broken(`two different headers ${name}`);
  } else {
    headers.set(name, `${present}, ${value}`);
  }
};

const broken = (what: string): ProtocolError =>
  new ProtocolError(`the answer is not valid HTTP: ${what}`, true);

const tooLong = (maxBytes: number): ProtocolError =>
  new ProtocolError(`the answer is longer than ${maxBytes} bytes`, true);
