// Signs one 300-byte order of Meridian's; usage: sign_meridian.mjs SCHEME KIND SIGNING RUNTIME
//
// SCHEME is hmac or ed25519, KIND is ours or bare; SIGNING is the emitted module, RUNTIME the
// folder of the runtime that it imports.
import { createHash, createHmac, createPrivateKey, sign } from "node:crypto";
import { pathToFileURL } from "node:url";
import { playInTurn } from "./rounds.mjs";

const [scheme, kind, signing, runtime] = process.argv.slice(2);
const KEY = "bench-key-0000001";
const SECRET = "bench-secret-of-thirty-two-bytes";
const SEED = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const HOST = "api.meridian.example";
const TARGET = "/v1/orders";
const BODY = `{"client_order_id":"${"a".repeat(259)}","symbol":"BTC-USD"}`;
const BATCH = 100;
if (BODY.length !== 300) throw new Error(`the body has ${BODY.length} bytes`);

const digest = createHash("sha256").update(BODY).digest("hex");
const nonce = "ab".repeat(16);
const parts = ["MERIDIAN-1", "POST", HOST, TARGET, digest, "1700000000123", nonce, KEY];
const CANONICAL = parts.join("\n");

const ours = async () => {
  const { HmacCredentials, Ed25519Credentials } = await import(pathToFileURL(signing).href);
  const { RequestDraft } = await import(pathToFileURL(`${runtime}/signing.ts`).href);
  const { Clock } = await import(pathToFileURL(`${runtime}/clock.ts`).href);
  const held =
    scheme === "hmac"
      ? new HmacCredentials({ key: KEY, secret: SECRET })
      : new Ed25519Credentials({ key: KEY, secret: SEED.toString("base64") });
  const signer = held.signer(new Clock());
  const draft = new RequestDraft("POST", HOST, TARGET, "");
  draft.body = BODY;
  return () => {
    for (let index = 0; index < BATCH; index += 1) {
      const pending = signer.sign(draft);
      if (pending !== undefined) throw new Error("Node signs without waiting");
      draft.headers.length = 0;
    }
  };
};

const bare = () => {
  if (scheme === "hmac") {
    return () => {
      for (let index = 0; index < BATCH; index += 1) {
        createHash("sha256").update(BODY).digest("hex");
        createHmac("sha256", SECRET).update(CANONICAL).digest("hex");
      }
    };
  }
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const der = Buffer.concat([prefix, SEED]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const bytes = Buffer.from(CANONICAL);
  return () => {
    for (let index = 0; index < BATCH; index += 1) {
      createHash("sha256").update(BODY).digest("hex");
      sign(null, bytes, key).toString("base64");
    }
  };
};

await playInTurn(kind === "ours" ? await ours() : bare(), BATCH);
