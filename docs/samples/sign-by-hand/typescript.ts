// Signs a request with Node's own modules alone.
import { createHash, createHmac, randomBytes } from "node:crypto";

export function headers(
  method: string,
  host: string,
  target: string,
  body: Uint8Array,
  timestamp: string,
  nonce: string,
): Record<string, string> {
  const { MERIDIAN_KEY: key = "", MERIDIAN_SECRET: secret = "" } = process.env;
  const digest = createHash("sha256").update(body).digest("hex");
  const parts = ["MERIDIAN-1", method, host.toLowerCase(), target, digest, timestamp, nonce, key];
  const canonical = parts.join("\n");
  return {
    "MERIDIAN-KEY": key,
    "MERIDIAN-TIMESTAMP": timestamp,
    "MERIDIAN-NONCE": nonce,
    "MERIDIAN-SIGNATURE": createHmac("sha256", secret).update(canonical).digest("hex"),
  };
}

if (import.meta.main) {
  const host = new URL(process.env.MERIDIAN_URL ?? "").host;
  const nonce = randomBytes(16).toString("hex");
  const none = new Uint8Array();
  console.log(headers("GET", host, "/v1/balances", none, String(Date.now()), nonce));
}
