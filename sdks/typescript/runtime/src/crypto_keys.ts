/** Private keys of signers: read once from PEM, base64 or hexadecimal, then asked to sign. */

import { hex } from "./crypto.ts";
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

const SEED_BYTES = 32;
const PAIR_BYTES = 64;

// PKCS8 up to the 32 bytes of an Ed25519 seed (RFC 8410, section 7).
const ED25519_PREFIX = "302e020100300506032b657004220420";
// PKCS8 around the 32 bytes of a P-256 scalar (RFC 5915 inside of RFC 5958).
const P256_PREFIX = "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420";

/** The kinds of keys, and the object identifiers that their PKCS8 holds (RFC 8410, 3279, 5480). */
const KINDS = {
  ed25519: { title: "an Ed25519 key", identifier: "06032b6570" },
  rsa: { title: "an RSA key", identifier: "06092a864886f70d010101" },
  ec: { title: "a P-256 key", identifier: "06082a8648ce3d030107" },
} as const;
const P256_IN_NODE = "prime256v1";

/** An Ed25519 private key (RFC 8032); printing it shows nothing of it. */
export class Ed25519Key {
  readonly #key: AsymmetricKey;

  constructor(key: AsymmetricKey) {
    this.#key = key;
  }

  sign(message: Data): Uint8Array {
    return demandNode().sign(null, bytesOf(message), this.#key.demanded());
  }

  async signAsync(message: Data): Promise<Uint8Array> {
    const key = await this.#key.web("Ed25519");
    return new Uint8Array(await crypto.subtle.sign("Ed25519", key, solid(bytesOf(message))));
  }
}

/** An RSA private key for PKCS1 v1.5 and PSS signatures (RFC 8017). */
export class RsaKey {
  readonly #key: AsymmetricKey;

  constructor(key: AsymmetricKey) {
    this.#key = key;
  }

  signPkcs1(hash: HashName, message: Data): Uint8Array {
    return demandNode().sign(hash, bytesOf(message), this.#key.demanded());
  }

  async signPkcs1Async(hash: HashName, message: Data): Promise<Uint8Array> {
    const name = "RSASSA-PKCS1-v1_5";
    const key = await this.#key.web({ name, hash: WEB_NAMES[hash] });
    return new Uint8Array(await crypto.subtle.sign(name, key, solid(bytesOf(message))));
  }

  signPss(hash: HashName, message: Data): Uint8Array {
    const { sign, constants } = demandNode();
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const options = { key: this.#key.demanded(), padding, saltLength: HASH_BYTES[hash] };
    return sign(hash, bytesOf(message), options);
  }

  async signPssAsync(hash: HashName, message: Data): Promise<Uint8Array> {
    const key = await this.#key.web({ name: "RSA-PSS", hash: WEB_NAMES[hash] });
    const algorithm = { name: "RSA-PSS", saltLength: HASH_BYTES[hash] };
    return new Uint8Array(await crypto.subtle.sign(algorithm, key, solid(bytesOf(message))));
  }
}

/** An ECDSA key on P-256 with SHA-256; the platform draws the nonce, so signatures differ. */
export class P256Key {
  readonly #key: AsymmetricKey;

  constructor(key: AsymmetricKey) {
    this.#key = key;
  }

  sign(message: Data, form: "raw" | "der" = "raw"): Uint8Array {
    const dsaEncoding = form === "raw" ? "ieee-p1363" : "der";
    return demandNode().sign("sha256", bytesOf(message), {
      key: this.#key.demanded(),
      dsaEncoding,
    });
  }

  async signAsync(message: Data, form: "raw" | "der" = "raw"): Promise<Uint8Array> {
    const key = await this.#key.web({ name: "ECDSA", namedCurve: "P-256" });
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    const raw = new Uint8Array(await crypto.subtle.sign(algorithm, key, solid(bytesOf(message))));
    return form === "raw" ? raw : derOf(raw);
  }
}

/** An Ed25519 key from PKCS8 PEM, or from base64 of the seed or of seed and public key. */
export const ed25519Part = (scheme: string, parts: Parts, name: string): Ed25519Key => {
  const text = textPart(scheme, parts, name);
  if (text.includes("BEGIN")) return new Ed25519Key(pemKey(scheme, name, text, "ed25519"));
  const raw = decodeBase64(text.trim().replace(/=+$/, ""));
  if (raw === undefined || (raw.length !== SEED_BYTES && raw.length !== PAIR_BYTES)) {
    throw new SigningError(
      `${scheme}: the credential '${name}' is neither a PEM nor base64 of 32 or 64 bytes`,
    );
  }
  return new Ed25519Key(derKey(scheme, name, prefixed(ED25519_PREFIX, raw.slice(0, SEED_BYTES))));
};

/** An RSA key from PKCS1 or PKCS8 PEM. */
export const rsaPart = (scheme: string, parts: Parts, name: string): RsaKey =>
  new RsaKey(pemKey(scheme, name, textPart(scheme, parts, name), "rsa"));

/** A P-256 key from SEC1 or PKCS8 PEM, or from the 32-byte scalar in hex or base64. */
export const p256Part = (scheme: string, parts: Parts, name: string): P256Key => {
  const text = textPart(scheme, parts, name);
  if (text.includes("BEGIN")) return new P256Key(pemKey(scheme, name, text, "ec"));
  const scalar = scalarPart(scheme, parts, name);
  return new P256Key(derKey(scheme, name, prefixed(P256_PREFIX, scalar)));
};

/** 32 bytes that are written in hex, with or without 0x, or in base64. */
export const scalarPart = (scheme: string, parts: Parts, name: string): Uint8Array => {
  const text = textPart(scheme, parts, name).trim();
  const digits = text.startsWith("0x") ? text.slice(2) : text;
  const scalar = /^[0-9a-fA-F]{64}$/.test(digits)
    ? bytesOfHex(digits)
    : decodeBase64(text.replace(/=+$/, ""));
  if (scalar?.length !== SEED_BYTES || scalar.every((byte) => byte === 0)) {
    throw new SigningError(`${scheme}: the credential '${name}' is not a scalar of 32 bytes`);
  }
  return scalar;
};

const pemKey = (
  scheme: string,
  name: string,
  text: string,
  kind: "ed25519" | "rsa" | "ec",
): AsymmetricKey => {
  // Keys that travel through environment variables or JSON often carry \n as two characters.
  const pem = text.replaceAll("\\n", "\n");
  const refused = new SigningError(
    `${scheme}: the credential '${name}' is a PEM, but not of ${KINDS[kind].title}`,
  );
  if (node === undefined) {
    const der = pkcs8OfPem(scheme, name, pem);
    if (!hex(der).includes(KINDS[kind].identifier)) throw refused;
    return new AsymmetricKey("pkcs8", der, undefined);
  }
  const object = readable(scheme, name, () => demandNode().createPrivateKey(pem));
  const curve = object.asymmetricKeyDetails?.namedCurve ?? P256_IN_NODE;
  const isKind = (object.asymmetricKeyType ?? "").startsWith(kind);
  if (!isKind || curve !== P256_IN_NODE) throw refused;
  return new AsymmetricKey("pkcs8", new Uint8Array(), object);
};

const derKey = (scheme: string, name: string, der: Uint8Array): AsymmetricKey => {
  const object =
    node === undefined
      ? undefined
      : readable(scheme, name, () =>
          demandNode().createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
        );
  return new AsymmetricKey("pkcs8", der, object);
};

const readable = <Found>(scheme: string, name: string, read: () => Found): Found => {
  try {
    return read();
  } catch {
    throw new SigningError(
      `${scheme}: the credential '${name}' is not a private key in unencrypted PEM`,
    );
  }
};

const pkcs8OfPem = (scheme: string, name: string, pem: string): Uint8Array => {
  const found = /-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----/.exec(pem);
  const der = decodeBase64((found?.[1] ?? "").replaceAll(/[\s=]/g, ""));
  if (found === null || der === undefined || der.length === 0) {
    throw new SigningError(
      `${scheme}: the credential '${name}' is not PKCS8 PEM, which WebCrypto demands; ` +
        "convert it with openssl pkcs8 -topk8 -nocrypt",
    );
  }
  return der;
};

const bytesOfHex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const prefixed = (prefix: string, tail: Uint8Array): Uint8Array =>
  Uint8Array.from([...bytesOfHex(prefix), ...tail]);

/** DER of an ECDSA signature that is r and s in 64 bytes. */
const derOf = (raw: Uint8Array): Uint8Array => {
  const body = [...derInteger(raw.slice(0, 32)), ...derInteger(raw.slice(32))];
  return Uint8Array.from([0x30, body.length, ...body]);
};

const derInteger = (bytes: Uint8Array): readonly number[] => {
  const first = bytes.findIndex((byte) => byte !== 0);
  const kept = [...bytes.slice(first < 0 ? bytes.length - 1 : first)];
  if ((kept[0] ?? 0) >= 0x80) kept.unshift(0);
  return [0x02, kept.length, ...kept];
};
