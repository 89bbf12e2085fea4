/**
 * What platforms have no primitive for: Keccak-256, secp256k1, EIP-712 and BIP 32 keys.
 *
 * Only SDKs whose venue signs as Ethereum does import this module, and with it the audited
 * packages `@noble/curves`, `@noble/hashes`, `@scure/bip32` and `@scure/bip39`.
 */

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { HDKey } from "@scure/bip32";
import { entropyToMnemonic, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

import { fromHex, hex, joinBytes } from "./crypto.ts";
import { scalarPart } from "./crypto_keys.ts";
import { type Parts, textPart } from "./crypto_parts.ts";
import { bytesOf, type Data } from "./crypto_platform.ts";
import type { Signature } from "./crypto_public.ts";
import { asText } from "./crypto_values.ts";
import { SigningError } from "./errors.ts";

/** EIP-712 struct types: the fields of each struct as name and type. */
export type Structs = Readonly<Record<string, readonly (readonly [name: string, type: string])[]>>;

type Members = Readonly<Record<string, unknown>>;

const DOMAIN_FIELDS = [
  ["name", "string"],
  ["version", "string"],
  ["chainId", "uint256"],
  ["verifyingContract", "address"],
  ["salt", "bytes32"],
] as const;
const WORD = 32;

/** Keccak-256 with the original padding. */
export const keccak256 = (data: Data): Uint8Array => keccak_256(bytesOf(data));

/** A secp256k1 key; the nonce is by RFC 6979 and s is low. Printing it shows nothing of it. */
export class Secp256k1Key {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** r, s and v (27 or 28) in 65 bytes, or r and s in 64. */
  sign(digest: Uint8Array, form: "rsv" | "rs" = "rsv"): Uint8Array {
    const options = { prehash: false, format: "recovered" } as const;
    const signed = secp256k1.sign(digest, this.#secret, options);
    const rs = signed.slice(1);
    return form === "rs" ? rs : Uint8Array.from([...rs, 27 + (signed[0] ?? 0)]);
  }

  /** 0x and the last 20 bytes of the public key's keccak256, in lower case. */
  address(): string {
    const key = secp256k1.getPublicKey(this.#secret, false);
    return `0x${hex(keccak256(key.slice(1)).slice(-20))}`;
  }
}

/** A secp256k1 public key; a high s is refused, with which each signature would have two forms. */
export class Secp256k1PublicKey {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether r, s and v in 65 bytes, or r and s in 64, belong to the digest. */
  verify(digest: Uint8Array, signature: Signature, form: "rsv" | "rs" = "rsv"): boolean {
    if (signature?.length !== (form === "rsv" ? 65 : 64)) return false;
    const options = { prehash: false, lowS: true } as const;
    const rs = signature.slice(0, 64);
    try {
      if (!secp256k1.verify(rs, digest, this.#bytes, options)) return false;
      if (form === "rs") return true;
      const recovered = Uint8Array.from([(signature[64] ?? 0) - 27, ...rs]);
      const found = secp256k1.recoverPublicKey(recovered, digest, { prehash: false });
      return hex(found) === hex(this.#bytes);
    } catch {
      // The library throws for numbers that no signature has.
      return false;
    }
  }

  /** Needs no promise; what is awaited elsewhere is asked by this name. */
  async verifyAsync(
    digest: Uint8Array,
    signature: Signature,
    form: "rsv" | "rs" = "rsv",
  ): Promise<boolean> {
    return this.verify(digest, signature, form);
  }

  /** 0x and the last 20 bytes of the key's keccak256, in lower case. */
  address(): string {
    const key = secp256k1.Point.fromBytes(this.#bytes).toBytes(false);
    return `0x${hex(keccak256(key.slice(1)).slice(-20))}`;
  }
}

/** A key from a compressed or uncompressed point in hexadecimal. Throws `SigningError`. */
export const secp256k1PublicPart = (
  scheme: string,
  parts: Parts,
  name: string,
): Secp256k1PublicKey => {
  try {
    const point = secp256k1.Point.fromBytes(fromHex(textPart(scheme, parts, name).trim()));
    return new Secp256k1PublicKey(point.toBytes(true));
  } catch {
    throw new SigningError(
      `${scheme}: the credential '${name}' is no secp256k1 public key in hexadecimal`,
    );
  }
};

/** A key from the 32-byte scalar in hex, with or without 0x, or in base64. */
export const secp256k1Part = (scheme: string, parts: Parts, name: string): Secp256k1Key =>
  new Secp256k1Key(scalarPart(scheme, parts, name));

/** The English words of 16 to 32 bytes of entropy (BIP 39). */
export const bip39Mnemonic = (entropy: Uint8Array): string => entropyToMnemonic(entropy, wordlist);

/** The private key at a path below a mnemonic's seed (BIP 32), without a passphrase. */
export const bip32Key = (mnemonic: string, path: string): Uint8Array => {
  const key = HDKey.fromMasterSeed(mnemonicToSeedSync(mnemonic)).derive(path).privateKey;
  if (key === null) throw new SigningError(`'${path}' leads to no private key`);
  return key;
};

/** Static values as 32-byte words (Solidity's ABI specification). */
export const abiEncode = (types: readonly string[], values: readonly unknown[]): Uint8Array =>
  joinBytes(
    "",
    types.map((kind, at) => word(kind, values[at])),
  );

/** The digest that EIP-712 signs for a message in a domain. */
export const eip712 = (
  domain: Members,
  structs: Structs,
  primary: string,
  message: unknown,
): Uint8Array => {
  const fields = DOMAIN_FIELDS.filter(([name]) => Object.hasOwn(domain, name));
  const separator = hashStruct("EIP712Domain", domain, { EIP712Domain: fields });
  const hashed = hashStruct(primary, message, structs);
  return keccak256(joinBytes("", [fromHex("1901"), separator, hashed]));
};

const hashStruct = (name: string, value: unknown, structs: Structs): Uint8Array => {
  const fields = structs[name];
  if (fields === undefined || typeof value !== "object" || value === null) {
    throw new SigningError(`'${name}' is not a struct that can be signed here`);
  }
  const words = fields.map(([field, kind]) => {
    if (!Object.hasOwn(value, field)) {
      throw new SigningError(`the message to sign lacks '${field}'`);
    }
    return structWord(kind, (value as Members)[field], structs);
  });
  return keccak256(joinBytes("", [keccak256(typeText(name, structs)), ...words]));
};

const typeText = (name: string, structs: Structs): string => {
  const others = [...referenced(name, structs, new Set())].filter((other) => other !== name);
  return [name, ...others.toSorted()]
    .map((struct) => {
      const fields = structs[struct] ?? [];
      return `${struct}(${fields.map(([field, kind]) => `${kind} ${field}`).join(",")})`;
    })
    .join("");
};

const referenced = (name: string, structs: Structs, seen: Set<string>): Set<string> => {
  seen.add(name);
  for (const [, kind] of structs[name] ?? []) {
    const struct = kind.split("[")[0] ?? kind;
    if (Object.hasOwn(structs, struct) && !seen.has(struct)) referenced(struct, structs, seen);
  }
  return seen;
};

const structWord = (kind: string, value: unknown, structs: Structs): Uint8Array => {
  if (kind.endsWith("]")) {
    const inner = kind.slice(0, kind.lastIndexOf("["));
    const words = (value as readonly unknown[]).map((item) => structWord(inner, item, structs));
    return keccak256(joinBytes("", words));
  }
  if (Object.hasOwn(structs, kind)) return hashStruct(kind, value, structs);
  if (kind === "string") return keccak256(asText(value));
  if (kind === "bytes") return keccak256(fromHex(asText(value)));
  return word(kind, value);
};

const word = (kind: string, value: unknown): Uint8Array => {
  if (kind === "bool") return integerWord(truth(asText(value)), "uint8");
  if (kind === "address") return padded(sized(fromHex(asText(value)), 20), true);
  if (kind.startsWith("bytes")) {
    return padded(sized(fromHex(asText(value)), Number(kind.slice(5))), false);
  }
  if (!/^u?int\d*$/.test(kind)) throw new SigningError(`the type '${kind}' cannot be signed`);
  return integerWord(integer(value), kind);
};

const integerWord = (value: bigint, kind: string): Uint8Array => {
  const isSigned = kind.startsWith("int");
  const bits = BigInt(kind.replace(/^u?int/, "") || "256");
  const limit = 1n << (isSigned ? bits - 1n : bits);
  if (value >= limit || value < (isSigned ? -limit : 0n)) {
    throw new SigningError(`a number to sign does not fit into ${kind}`);
  }
  return fromHex(
    BigInt.asUintN(256, value)
      .toString(16)
      .padStart(2 * WORD, "0"),
  );
};

const integer = (value: unknown): bigint => {
  const text = asText(value);
  if (!/^(?:-?[0-9]+|0x[0-9a-fA-F]+)$/.test(text)) {
    throw new SigningError("a value to sign is not a whole number");
  }
  return BigInt(text);
};

const truth = (text: string): bigint => {
  if (text !== "true" && text !== "false") {
    throw new SigningError("a value to sign is neither true nor false");
  }
  return text === "true" ? 1n : 0n;
};

const sized = (bytes: Uint8Array, length: number): Uint8Array => {
  if (bytes.length !== length) {
    throw new SigningError(`a value of ${length} bytes to sign has ${bytes.length}`);
  }
  return bytes;
};

const padded = (bytes: Uint8Array, isLeft: boolean): Uint8Array => {
  const full = new Uint8Array(WORD);
  full.set(bytes, isLeft ? WORD - bytes.length : 0);
  return full;
};
