/** Digests, MACs and randomness of the platform: `node:crypto` where it is, else WebCrypto. */

import { SigningError } from "./errors.ts";

/** Bytes, or text that stands for its UTF-8 bytes. */
export type Data = string | Uint8Array;

/** The hashes that schemes use. */
export type HashName = "sha256" | "sha384" | "sha512";

/** The names of the hashes in WebCrypto. */
export const WEB_NAMES = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" } as const;
/** The lengths of their digests. */
export const HASH_BYTES = { sha256: 32, sha384: 48, sha512: 64 } as const;
const UTF8 = new TextEncoder();

/** What is used of a key of `node:crypto`. */
export interface NodeKey {
  readonly asymmetricKeyType?: string | undefined;
  readonly asymmetricKeyDetails?:
    | { readonly modulusLength?: number | undefined; readonly namedCurve?: string | undefined }
    | undefined;
}

interface Digesting {
  update(data: Data): Digesting;
  digest(): Uint8Array;
  digest(encoding: "hex" | "base64"): string;
}

interface OneShot {
  (name: string, data: Data, encoding: "buffer"): Uint8Array;
  (name: string, data: Data, encoding: "hex" | "base64"): string;
}

interface DerKey {
  readonly key: Uint8Array;
  readonly format: "der";
  readonly type: "pkcs8";
}

interface SpkiKey {
  readonly key: Uint8Array;
  readonly format: "der";
  readonly type: "spki";
}

interface SignOptions {
  readonly key: NodeKey;
  readonly padding?: number;
  readonly saltLength?: number;
  readonly dsaEncoding?: "der" | "ieee-p1363";
}

/** What is used of `node:crypto`; written here so that the SDK needs no types of Node. */
export interface NodeCrypto {
  createHash(name: string): Digesting;
  /** One shot, in Node from 21.7. */
  readonly hash?: OneShot;
  createHmac(name: string, key: NodeKey | Uint8Array): Digesting;
  createPrivateKey(key: string | DerKey): NodeKey;
  createPublicKey(key: SpkiKey): NodeKey;
  verify(
    hash: string | null,
    data: Uint8Array,
    key: NodeKey | SignOptions,
    signature: Uint8Array,
  ): boolean;
  sign(hash: string | null, data: Uint8Array, key: NodeKey | SignOptions): Uint8Array;
  readonly constants: { readonly RSA_PKCS1_PSS_PADDING: number };
}

/** A key of WebCrypto. */
export type WebKey = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;

interface Process {
  getBuiltinModule?(name: string): unknown;
}

/** `node:crypto`, found without an import so that bundlers for browsers do not look for it. */
export const node: NodeCrypto | undefined = (
  globalThis as { process?: Process }
).process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;

/** True where signing needs no promise. */
export const isSynchronous: boolean = node !== undefined;

/** The bytes that data stands for. */
export const bytesOf = (data: Data): Uint8Array =>
  typeof data === "string" ? UTF8.encode(data) : data;

/** `node:crypto`, demanded. Throws `SigningError` where there is none. */
export const demandNode = (): NodeCrypto => {
  if (node === undefined) {
    throw new SigningError("this platform signs asynchronously: await what `sign` returns");
  }
  return node;
};

/** Hashes in one shot, where the platform can: no object of its own has to be freed later. */
const oneShot: OneShot | undefined = node?.hash;

const hash = (name: HashName, data: Data): Uint8Array =>
  oneShot?.(name, data, "buffer") ?? demandNode().createHash(name).update(data).digest();

const hashAsync = async (name: HashName, data: Data): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest(WEB_NAMES[name], solid(bytesOf(data))));

/** SHA-256 (FIPS 180-4). */
export const sha256 = (data: Data): Uint8Array => hash("sha256", data);
/** SHA-384. */
export const sha384 = (data: Data): Uint8Array => hash("sha384", data);
/** SHA-512. */
export const sha512 = (data: Data): Uint8Array => hash("sha512", data);
/** SHA-256 by WebCrypto. */
export const sha256Async = (data: Data): Promise<Uint8Array> => hashAsync("sha256", data);
/** SHA-384 by WebCrypto. */
export const sha384Async = (data: Data): Promise<Uint8Array> => hashAsync("sha384", data);
/** SHA-512 by WebCrypto. */
export const sha512Async = (data: Data): Promise<Uint8Array> => hashAsync("sha512", data);

/** A digest in lower-case hexadecimal, which `node:crypto` writes at once. */
export const hexDigest = (name: HashName, data: Data): string =>
  oneShot?.(name, data, "hex") ?? demandNode().createHash(name).update(data).digest("hex");

const BLOCK_BYTES = { sha256: 64, sha384: 128, sha512: 128 } as const;
/** Messages up to this length are hashed from a buffer that the key keeps. */
const KEPT_BYTES = 4_096;

/**
 * HMAC as its two hashes (RFC 2104), over blocks that are padded once. The platform's own HMAC
 * makes an object for each message, which costs more than the hashing.
 */
class PaddedKey {
  readonly #hash: HashName;
  readonly #oneShot: OneShot;
  readonly #block: number;
  /** The inner block, and the message behind it. */
  readonly #inner: Uint8Array;
  /** The outer block, and the inner digest behind it. */
  readonly #outer: Uint8Array;

  constructor(name: HashName, bytes: Uint8Array, once: OneShot) {
    this.#hash = name;
    this.#oneShot = once;
    this.#block = BLOCK_BYTES[name];
    this.#inner = new Uint8Array(this.#block + KEPT_BYTES);
    this.#outer = new Uint8Array(this.#block + HASH_BYTES[name]);
    const key = bytes.length > this.#block ? once(name, bytes, "buffer") : bytes;
    for (let at = 0; at < this.#block; at += 1) {
      this.#inner[at] = (key[at] ?? 0) ^ 0x36;
      this.#outer[at] = (key[at] ?? 0) ^ 0x5c;
    }
  }

  digest(message: Data): Uint8Array {
    return this.#oneShot(this.#hash, this.#prepared(message), "buffer");
  }

  text(message: Data, encoding: "hex" | "base64"): string {
    return this.#oneShot(this.#hash, this.#prepared(message), encoding);
  }

  /** The outer block with the digest of the inner one and the message. */
  #prepared(message: Data): Uint8Array {
    this.#outer.set(this.#oneShot(this.#hash, this.#padded(message), "buffer"), this.#block);
    return this.#outer;
  }

  #padded(message: Data): Uint8Array {
    // UTF-8 takes at most three bytes for a unit of the text.
    if (typeof message === "string" && message.length * 3 <= KEPT_BYTES) {
      const { written } = UTF8.encodeInto(message, this.#inner.subarray(this.#block));
      return this.#inner.subarray(0, this.#block + written);
    }
    const bytes = bytesOf(message);
    const whole = new Uint8Array(this.#block + bytes.length);
    whole.set(this.#inner.subarray(0, this.#block));
    whole.set(bytes, this.#block);
    return whole;
  }
}

/** An HMAC key, prepared once (RFC 2104); printing it shows nothing. */
export class HmacKey {
  readonly #hash: HashName;
  readonly #bytes: Uint8Array;
  readonly #padded: PaddedKey | undefined;
  #imported: Promise<WebKey> | undefined;

  constructor(hashName: HashName, bytes: Uint8Array) {
    this.#hash = hashName;
    this.#bytes = bytes;
    this.#padded = oneShot === undefined ? undefined : new PaddedKey(hashName, bytes, oneShot);
  }

  /** The HMAC of a message. */
  digest(message: Data): Uint8Array {
    return this.#padded?.digest(message) ?? this.#hmac().update(message).digest();
  }

  /** The HMAC of a message in lower-case hexadecimal. */
  hexDigest(message: Data): string {
    return this.#padded?.text(message, "hex") ?? this.#hmac().update(message).digest("hex");
  }

  /** The HMAC of a message in base64. */
  base64Digest(message: Data): string {
    return this.#padded?.text(message, "base64") ?? this.#hmac().update(message).digest("base64");
  }

  /** The HMAC of a message by WebCrypto. */
  async digestAsync(message: Data): Promise<Uint8Array> {
    this.#imported ??= importHmac(this.#hash, this.#bytes);
    const signed = await crypto.subtle.sign("HMAC", await this.#imported, solid(bytesOf(message)));
    return new Uint8Array(signed);
  }

  #hmac(): Digesting {
    return demandNode().createHmac(this.#hash, this.#bytes);
  }
}

const importHmac = (name: HashName, bytes: Uint8Array): Promise<WebKey> =>
  crypto.subtle.importKey(
    "raw",
    // WebCrypto refuses an empty key, and zeros up to the block are what RFC 2104 pads with.
    solid(bytes.length === 0 ? new Uint8Array(1) : bytes),
    { name: "HMAC", hash: WEB_NAMES[name] },
    false,
    ["sign"],
  );

/** An HMAC whose key is itself computed. */
export const hmac = (name: HashName, key: Data, message: Data): Uint8Array =>
  demandNode().createHmac(name, bytesOf(key)).update(message).digest();

/** An HMAC whose key is itself computed, by WebCrypto. */
export const hmacAsync = async (name: HashName, key: Data, message: Data): Promise<Uint8Array> =>
  new HmacKey(name, bytesOf(key)).digestAsync(message);

/** Bytes in a buffer of their own, as WebCrypto's types demand. */
export const solid = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
