/** One half of a key pair, for `node:crypto` at once and for WebCrypto after an import. */

import { demandNode, type NodeKey, solid, type WebKey } from "./crypto_platform.ts";
import { SigningError } from "./errors.ts";

type Algorithm =
  | "Ed25519"
  | { readonly name: string; readonly hash: string }
  | { readonly name: "ECDSA"; readonly namedCurve: string };

const USES = { pkcs8: "sign", spki: "verify" } as const;

/** A private key in PKCS8, or a public one in SPKI; printing it shows nothing of it. */
export class AsymmetricKey {
  readonly #type: keyof typeof USES;
  readonly #der: Uint8Array;
  readonly #object: NodeKey | undefined;
  readonly #imported = new Map<string, Promise<WebKey>>();

  constructor(type: keyof typeof USES, der: Uint8Array, object: NodeKey | undefined) {
    this.#type = type;
    this.#der = der;
    this.#object = object;
  }

  /** The key in WebCrypto, imported once for each algorithm. */
  web(algorithm: Algorithm): Promise<WebKey> {
    const name = JSON.stringify(algorithm);
    let key = this.#imported.get(name);
    if (key === undefined) {
      const [type, use] = [this.#type, USES[this.#type]];
      key = crypto.subtle.importKey(type, solid(this.#der), algorithm, false, [use]);
      this.#imported.set(name, key);
    }
    return key;
  }

  /** The key in `node:crypto`. Throws `SigningError` where there is none. */
  demanded(): NodeKey {
    demandNode();
    if (this.#object === undefined) throw new SigningError("the key was not prepared");
    return this.#object;
  }
}
