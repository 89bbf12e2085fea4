/** Public keys that verify: read once, weak ones refused, and every signature taken strictly. */

import { base64, base64url, base64urlUnpadded, fromHex, hex } from "./crypto.ts";
import { AsymmetricKey } from "./crypto_asymmetric.ts";
import { decodeBase64, type Parts, textPart } from "./crypto_parts.ts";
import {
  bytesOf,
  type Data,
  demandNode,
  HASH_BYTES,
  type HashName,
  node,
  solid,
  WEB_NAMES,
} from "./crypto_platform.ts";
import { SigningError } from "./errors.ts";

/** A raw signature; undefined where what came was in no canonical form, which never holds. */
export type Signature = Uint8Array | undefined;

const MINIMUM_RSA_BITS = 2_048;
const FIELD_PRIME = 2n ** 255n - 19n;
const ED25519_BYTES = 32;
const PAIR_BYTES = 64;
/** SPKI up to the 32 bytes of an Ed25519 key (RFC 8410, section 4). */
const ED25519_PREFIX = "302a300506032b6570032100";
/** The object identifiers of RSA keys (RFC 3279) and of the curve P-256 (RFC 5480). */
const RSA_OID = "06092a864886f70d010101";
const P256_OID = "06082a8648ce3d030107";

/**
 * The y coordinates of the eight points of small order on edwards25519, little-endian. Under such
 * a key one signature holds for many messages, so that it proves nothing about who signed.
 */
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/** An Ed25519 public key of full order (RFC 8032). */
export class Ed25519PublicKey {
  readonly #key: AsymmetricKey;

  constructor(key: AsymmetricKey) {
    this.#key = key;
  }

  /** Whether a signature of 64 bytes belongs to the message. */
  verify(message: Data, signature: Signature): boolean {
    if (signature?.length !== PAIR_BYTES) return false;
    return demandNode().verify(null, bytesOf(message), this.#key.demanded(), signature);
  }

  async verifyAsync(message: Data, signature: Signature): Promise<boolean> {
    if (signature?.length !== PAIR_BYTES) return false;
    const key = await this.#key.web("Ed25519");
    return crypto.subtle.verify("Ed25519", key, solid(signature), solid(bytesOf(message)));
  }
}

/** An RSA public key of at least 2048 bits (RFC 8017). */
export class RsaPublicKey {
  readonly #key: AsymmetricKey;
  readonly #refuse: (bits: number | undefined) => void;

  constructor(key: AsymmetricKey, refuse: (bits: number | undefined) => void) {
    this.#key = key;
    this.#refuse = refuse;
  }

  /** Whether an RSASSA-PKCS1-v1_5 signature belongs to the message. */
  verifyPkcs1(hash: HashName, message: Data, signature: Signature): boolean {
    return this.#verify(hash, message, signature, {});
  }

  verifyPkcs1Async(hash: HashName, message: Data, signature: Signature): Promise<boolean> {
    return this.#verifyAsync(hash, message, signature, { name: "RSASSA-PKCS1-v1_5" });
  }

  /** Whether an RSASSA-PSS signature, its salt as long as the digest, belongs to the message. */
  verifyPss(hash: HashName, message: Data, signature: Signature): boolean {
    const padding = demandNode().constants.RSA_PKCS1_PSS_PADDING;
    return this.#verify(hash, message, signature, { padding, saltLength: HASH_BYTES[hash] });
  }

  verifyPssAsync(hash: HashName, message: Data, signature: Signature): Promise<boolean> {
    const algorithm = { name: "RSA-PSS", saltLength: HASH_BYTES[hash] };
    return this.#verifyAsync(hash, message, signature, algorithm);
  }

  #verify(
    hash: HashName,
    message: Data,
    signature: Signature,
    options: { readonly padding?: number; readonly saltLength?: number },
  ): boolean {
    const key = this.#key.demanded();
    if (signature?.length !== bytesOfBits(key.asymmetricKeyDetails?.modulusLength)) return false;
    return demandNode().verify(hash, bytesOf(message), { key, ...options }, signature);
  }

  async #verifyAsync(
    hash: HashName,
    message: Data,
    signature: Signature,
    algorithm: { readonly name: string; readonly saltLength?: number },
  ): Promise<boolean> {
    const key = await this.#key.web({ name: algorithm.name, hash: WEB_NAMES[hash] });
    const bits = (key.algorithm as { modulusLength?: number }).modulusLength;
    this.#refuse(bits);
    if (signature?.length !== bytesOfBits(bits)) return false;
    return crypto.subtle.verify(algorithm, key, solid(signature), solid(bytesOf(message)));
  }
}

/** An ECDSA public key on P-256, for signatures over SHA-256. */
export class P256PublicKey {
  readonly #key: AsymmetricKey;

  constructor(key: AsymmetricKey) {
    this.#key = key;
  }

  /** Whether a signature in DER or of 64 bytes, r and s, belongs to the message. */
  verify(message: Data, signature: Signature, form: "raw" | "der" = "raw"): boolean {
    const raw = form === "der" ? pairOfDer(signature) : signature;
    if (raw?.length !== PAIR_BYTES) return false;
    const options = { key: this.#key.demanded(), dsaEncoding: "ieee-p1363" } as const;
    return demandNode().verify("sha256", bytesOf(message), options, raw);
  }

  async verifyAsync(
    message: Data,
    signature: Signature,
    form: "raw" | "der" = "raw",
  ): Promise<boolean> {
    const raw = form === "der" ? pairOfDer(signature) : signature;
    if (raw?.length !== PAIR_BYTES) return false;
    const key = await this.#key.web({ name: "ECDSA", namedCurve: "P-256" });
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    return crypto.subtle.verify(algorithm, key, solid(raw), solid(bytesOf(message)));
  }
}

/**
 * A key from SPKI in PEM or base64, or from 32 bytes in hexadecimal or base64. Throws
 * `SigningError`, also for a key that is not canonical or of small order.
 */
export const ed25519PublicPart = (scheme: string, parts: Parts, name: string): Ed25519PublicKey => {
  const given = rawOrSpki(scheme, parts, name);
  const raw = given.length === ED25519_BYTES ? given : withoutPrefix(given);
  if (raw?.length !== ED25519_BYTES) {
    throw refused(scheme, name, "it is neither an Ed25519 public key in SPKI nor 32 bytes");
  }
  const bytes = Uint8Array.from(raw);
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  if (BigInt(`0x${hex(bytes.toReversed())}`) >= FIELD_PRIME) {
    throw refused(scheme, name, "the Ed25519 public key is not in canonical form");
  }
  if (SMALL_ORDER.has(hex(bytes))) {
    throw refused(scheme, name, "the Ed25519 public key is a point of small order");
  }
  return new Ed25519PublicKey(spkiKey(scheme, name, fromHex(`${ED25519_PREFIX}${hex(raw)}`)));
};

/** A key from SPKI in PEM or base64. Throws `SigningError`, also for less than 2048 bits. */
export const rsaPublicPart = (scheme: string, parts: Parts, name: string): RsaPublicKey => {
  const key = spkiKey(scheme, name, holding(scheme, parts, name, RSA_OID, "an RSA"));
  const refuse = (bits: number | undefined): void => {
    if (bits === undefined || bits < MINIMUM_RSA_BITS) {
      throw refused(scheme, name, `it has ${bits} bits, fewer than ${MINIMUM_RSA_BITS}`);
    }
  };
  if (node !== undefined) refuse(key.demanded().asymmetricKeyDetails?.modulusLength);
  return new RsaPublicKey(key, refuse);
};

/** A key from SPKI in PEM or base64. Throws `SigningError`. */
export const p256PublicPart = (scheme: string, parts: Parts, name: string): P256PublicKey =>
  new P256PublicKey(spkiKey(scheme, name, holding(scheme, parts, name, P256_OID, "a P-256")));

/** The bytes of lower-case hexadecimal; undefined for any other form. */
export const strictHex = (text: string): Signature =>
  /^(?:[0-9a-f]{2})*$/.test(text) ? fromHex(text) : undefined;

/** The bytes of hexadecimal in capitals; undefined for any other form. */
export const strictUpperHex = (text: string): Signature =>
  /^(?:[0-9A-F]{2})*$/.test(text) ? fromHex(text.toLowerCase()) : undefined;

/** The bytes of canonical base64 (RFC 4648, section 4); undefined for any other form. */
export const strictBase64 = (text: string): Signature => strictly(text, base64);

/** The bytes of canonical URL-safe base64 with padding; undefined for any other form. */
export const strictBase64url = (text: string): Signature => strictly(text, base64url);

/** The bytes of canonical URL-safe base64 without padding; undefined for any other form. */
export const strictBase64urlUnpadded = (text: string): Signature =>
  strictly(text, base64urlUnpadded);

/** What decodes and is written in the same way again: one signature has one text. */
const strictly = (text: string, write: (bytes: Uint8Array) => string): Signature => {
  const bytes = decodeBase64(text.replace(/=+$/, ""));
  return bytes !== undefined && write(bytes) === text ? bytes : undefined;
};

/** r and s in 64 bytes of an ECDSA signature in DER; undefined where it is not canonical. */
const pairOfDer = (der: Signature): Signature => {
  if (der?.[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const r = integerOfDer(der.subarray(2));
  const s = r === undefined ? undefined : integerOfDer(der.subarray(2 + r.length + 2));
  if (r === undefined || s === undefined) return undefined;
  if (r.length + s.length + 6 !== der.length) return undefined;
  const pair = new Uint8Array(PAIR_BYTES);
  for (const [at, digits] of [r, s].entries()) {
    const magnitude = digits[0] === 0 ? digits.subarray(1) : digits;
    if (magnitude.length > ED25519_BYTES) return undefined;
    pair.set(magnitude, ED25519_BYTES * (at + 1) - magnitude.length);
  }
  return pair;
};

/** The contents of a positive INTEGER at the start; undefined where it is none, or too long. */
const integerOfDer = (der: Uint8Array): Uint8Array | undefined => {
  const [tag = 0, length = 0, first = 0x80, second = 0] = der;
  const isNegative = first >= 0x80;
  const isLonger = length > 1 && first === 0 && second < 0x80;
  if (tag !== 0x02 || length < 1 || length > 33 || isNegative || isLonger) return undefined;
  return der.length >= length + 2 ? der.subarray(2, length + 2) : undefined;
};

const bytesOfBits = (bits: number | undefined): number => Math.ceil((bits ?? 0) / 8);

const withoutPrefix = (der: Uint8Array): Uint8Array | undefined =>
  hex(der).startsWith(ED25519_PREFIX) ? der.subarray(ED25519_PREFIX.length / 2) : undefined;

const holding = (
  scheme: string,
  parts: Parts,
  name: string,
  identifier: string,
  kind: string,
): Uint8Array => {
  const der = rawOrSpki(scheme, parts, name);
  if (!hex(der).includes(identifier)) {
    throw refused(scheme, name, `it holds not ${kind} public key in SPKI ("BEGIN PUBLIC KEY")`);
  }
  return der;
};

const rawOrSpki = (scheme: string, parts: Parts, name: string): Uint8Array => {
  // Keys that travel through environment variables or JSON often carry \n as two characters.
  const text = textPart(scheme, parts, name).replaceAll("\\n", "\n").trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return fromHex(text);
  const pem = /^-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----$/.exec(text);
  const bytes = decodeBase64((pem?.[1] ?? text).replaceAll(/\s/g, "").replace(/=+$/, ""));
  if (bytes === undefined) {
    throw refused(scheme, name, 'it is no public key in PEM ("BEGIN PUBLIC KEY"), nor its base64');
  }
  return bytes;
};

const spkiKey = (scheme: string, name: string, der: Uint8Array): AsymmetricKey => {
  if (node === undefined) return new AsymmetricKey("spki", der, undefined);
  try {
    const object = demandNode().createPublicKey({ key: der, format: "der", type: "spki" });
    return new AsymmetricKey("spki", der, object);
  } catch {
    throw refused(scheme, name, "it is no public key in SPKI");
  }
};

const refused = (scheme: string, name: string, reason: string): SigningError =>
  new SigningError(`${scheme}: the credential '${name}' is refused: ${reason}`);
