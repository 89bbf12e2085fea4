/** Digests, MACs and randomness of the platform: `node:crypto` where it is, else WebCrypto. */

import { SigningError } from "./errors.ts";

/** Bytes, or text that stands for its UTF-8 bytes. */
export type Data = string | Uint8Array;

/** The hashes that schemes use. */
export type HashName = "sha256" | "sha384" | "sha512";

const WEB_NAMES = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" } as const;
const UTF8 = new TextEncoder();

/** What is used of a key of `node:crypto`. */
export interface NodeKey {
  readonly asymmetricKeyType?: string | undefined;
}

interface Digesting {
  update(data: Data): Digesting;
  digest(): Uint8Array;
  digest(encoding: "hex" | "base64"): string;
}

interface DerKey {
  readonly key: Uint8Array;
  readonly format: "der";
  readonly type: "pkcs8";
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
  createHmac(name: string, key: NodeKey | Uint8Array): Digesting;
  createSecretKey(bytes: Uint8Array): NodeKey;
  createPrivateKey(key: string | DerKey): NodeKey;
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

const hash = (name: HashName, data: Data): Uint8Array =>
  demandNode().createHash(name).update(data).digest();

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
  demandNode().createHash(name).update(data).digest("hex");

/** An HMAC key, prepared once (RFC 2104); printing it shows nothing. */
export class HmacKey {
  readonly #hash: HashName;
  readonly #bytes: Uint8Array;
  readonly #prepared: NodeKey | undefined;
  #imported: Promise<WebKey> | undefined;

  constructor(hashName: HashName, bytes: Uint8Array) {
    this.#hash = hashName;
    this.#bytes = bytes;
    this.#prepared = node?.createSecretKey(bytes);
  }

  /** The HMAC of a message. */
  digest(message: Data): Uint8Array {
    return this.#hmac().update(message).digest();
  }

  /** The HMAC of a message in lower-case hexadecimal. */
  hexDigest(message: Data): string {
    return this.#hmac().update(message).digest("hex");
  }

  /** The HMAC of a message in base64. */
  base64Digest(message: Data): string {
    return this.#hmac().update(message).digest("base64");
  }

  /** The HMAC of a message by WebCrypto. */
  async digestAsync(message: Data): Promise<Uint8Array> {
    this.#imported ??= importHmac(this.#hash, this.#bytes);
    const signed = await crypto.subtle.sign("HMAC", await this.#imported, solid(bytesOf(message)));
    return new Uint8Array(signed);
  }

  #hmac(): Digesting {
    const { createHmac } = demandNode();
    if (this.#prepared === undefined) throw new SigningError("the key was not prepared");
    return createHmac(this.#hash, this.#prepared);
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
