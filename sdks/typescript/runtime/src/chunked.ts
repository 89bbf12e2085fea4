/** Chunked transfer coding (RFC 9112, 7.1), decoded as it arrives, without I/O. */

import { ProtocolError } from "./errors.ts";

const MAX_SIZE_LINE = 1_024;
const MAX_TRAILER_BYTES = 16 * 1_024;
const CR = 13;
const LF = 10;

type State = "size" | "data" | "data-end" | "trailer";

/** Takes bytes as they arrive and keeps the decoded parts. */
export class ChunkedBody {
  readonly parts: Uint8Array[] = [];
  size = 0;
  readonly #maxBytes: number;
  #state: State = "size";
  #left = 0;
  #line = "";
  #trailerBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes bytes. Returns how many belong to the body once it is complete, undefined before.
   * Extensions of chunks are skipped and trailers dropped. Throws `ProtocolError`.
   */
  feed(bytes: Uint8Array): number | undefined {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === "data") {
        const end = Math.min(bytes.length, at + this.#left);
        this.parts.push(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = "data-end";
        continue;
      }
      at = this.#takeLine(bytes, at);
      const line = this.#line;
      if (!line.endsWith("\r\n")) continue;
      this.#line = "";
      if (this.#endOf(line.slice(0, -2))) return at;
    }
    return undefined;
  }

  #takeLine(bytes: Uint8Array, from: number): number {
    const limit = this.#state === "trailer" ? MAX_TRAILER_BYTES : MAX_SIZE_LINE;
    let at = from;
    while (at < bytes.length) {
      const byte = bytes[at] as number;
      at += 1;
      this.#line += String.fromCharCode(byte);
      if (byte === LF) {
        if (this.#line.charCodeAt(this.#line.length - 2) !== CR) throw broken("a bare line feed");
        return at;
      }
      if (this.#line.length > limit) throw broken("a line of the chunked body is too long");
    }
    return at;
  }

  /** Judges a whole line; true where the body ends with it. */
  #endOf(line: string): boolean {
    if (this.#state === "data-end") {
      if (line !== "") throw broken("a chunk is not as long as it says");
      this.#state = "size";
    } else if (this.#state === "trailer") {
      this.#trailerBytes += line.length;
      if (this.#trailerBytes > MAX_TRAILER_BYTES) throw broken("the trailers are too large");
      return line === "";
    } else {
      this.#open(line);
    }
    return false;
  }

  #open(line: string): void {
    const [text = ""] = line.split(";", 1);
    const digits = text.trim();
    if (!/^[0-9A-Fa-f]{1,12}$/.test(digits)) throw broken("a malformed chunk size");
    this.#left = Number.parseInt(digits, 16);
    this.size += this.#left;
    if (this.size > this.#maxBytes) throw broken(`a body of more than ${this.#maxBytes} bytes`);
    this.#state = this.#left === 0 ? "trailer" : "data";
  }
}

const broken = (what: string): ProtocolError =>
  new ProtocolError(`the answer is not valid HTTP: ${what}`, true);
