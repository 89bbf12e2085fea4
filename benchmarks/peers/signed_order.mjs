// A signed Meridian order as a user of a plain HTTP library writes it by hand in Node.
import { createHash, createHmac, randomBytes } from "node:crypto";

export const KEY = "bench-key";
export const SECRET = "bench-secret-of-thirty-two-bytes";
export const TARGET = "/v1/orders";

let number = 0;

/** A client order id that no other order of this process has. */
export const nextId = () => {
  number += 1;
  return `bench-${number}`;
};

/** The members of the next order. */
export const order = () => ({
  client_order_id: nextId(),
  symbol: "BTC-USD",
  side: "buy",
  order_type: "limit",
  quantity: "0.25",
  price: "64250.5",
});

/** What signs a POST to /v1/orders: HMAC-SHA256 over the canonical string. */
export const headers = (host, body) => {
  const timestamp = String(Date.now());
  const nonce = randomBytes(16).toString("hex");
  const digest = createHash("sha256").update(body).digest("hex");
  const text = ["MERIDIAN-1", "POST", host, TARGET, digest, timestamp, nonce, KEY].join("\n");
  return {
    "content-type": "application/json",
    "meridian-key": KEY,
    "meridian-timestamp": timestamp,
    "meridian-nonce": nonce,
    "meridian-signature": createHmac("sha256", SECRET).update(text).digest("hex"),
  };
};
