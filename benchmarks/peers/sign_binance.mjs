// Signs a 300-byte order for Binance; usage: sign_binance.mjs KIND SIGNING RUNTIME
//
// KIND is ours, ccxt or @binance/common; RUNTIME is the folder of the TypeScript runtime.
// From a mapping of the order to the signed query, in each contestant's own way. The emitted signer
// is the one of the catalogue's scheme, written by the generator that is on PATH.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { playInTurn } from "./rounds.mjs";

const [kind, , runtime] = process.argv.slice(2);
const KEY = "bench-key-0000001";
const SECRET = "bench-secret-of-thirty-two-bytes";
const BATCH = 50;
const ORDER = {
  symbol: "BTC-USDT",
  side: "buy",
  type: "limit",
  quantity: "0.25",
  price: "64250.5",
  timeInForce: "GTC",
  clientOrderId: "a".repeat(176),
};
const EMIT = `
import sys
from venuekit.emit.signing.typescript import typescript_signers
from venuekit.signing.catalogue import catalogue_entry
sys.stdout.write(typescript_signers([catalogue_entry("binance-rest").scheme], "@runtime"))
`;

const ours = async () => {
  const emitted = execFileSync("python", ["-c", EMIT], { encoding: "utf8" });
  const place = pathToFileURL(runtime).href;
  const text = emitted
    .replaceAll('"@runtime/crypto"', `"${place}/crypto.ts"`)
    .replaceAll('"@runtime"', `"${place}/index.ts"`);
  const file = join(mkdtempSync(join(tmpdir(), "venuekit-bench-")), "signing.ts");
  writeFileSync(file, text);
  const { CREDENTIALS } = await import(pathToFileURL(file).href);
  const { RequestDraft } = await import(`${place}/signing.ts`);
  const { Clock } = await import(`${place}/clock.ts`);
  const held = new CREDENTIALS["binance-rest"]({ key: KEY, secret: SECRET });
  const signer = held.signer(new Clock());
  return () => {
    const query = new URLSearchParams(ORDER).toString();
    const draft = new RequestDraft("POST", "api.binance.com", "/api/v3/order", query);
    signer.sign(draft);
    return draft.target;
  };
};

const byCcxt = async () => {
  const { default: ccxt } = await import("ccxt");
  const client = new ccxt.binance({ apiKey: KEY, secret: SECRET });
  return () => client.sign("order", "private", "POST", ORDER);
};

const byConnector = async () => {
  const { getSignature } = await import("@binance/common");
  const configuration = { apiKey: KEY, apiSecret: SECRET };
  return () => {
    const query = { ...ORDER, timestamp: Date.now() };
    query.signature = getSignature(configuration, query, {});
    return new URLSearchParams(query).toString();
  };
};

const sign = await { ours, ccxt: byCcxt, "@binance/common": byConnector }[kind]();
await playInTurn(() => {
  for (let index = 0; index < BATCH; index += 1) sign();
}, BATCH);
