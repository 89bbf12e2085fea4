// Signed orders through ccxt's JavaScript; usage: orders_ccxt.mjs PORT IN_FLIGHT order|request
//
// Meridian is written here the way ccxt's own exchanges are: describe, sign, parse. `order` is
// what a trader calls, createOrder, with ccxt's parsed answer; `request` is ccxt's bare signed
// request, which answers with the JSON as it came.
import { randomBytes } from "node:crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import ccxt from "ccxt";
import { play } from "./rounds.mjs";
import { KEY, nextId, SECRET } from "./signed_order.mjs";

const [port, inFlight, what] = process.argv.slice(2);
const STATUSES = { new: "open", partially_filled: "open", filled: "closed" };

class Meridian extends ccxt.Exchange {
  describe() {
    return this.deepExtend(super.describe(), {
      id: "meridian",
      name: "Meridian",
      version: "v1",
      enableRateLimit: false,
      rateLimit: 1,
      has: { createOrder: true },
      urls: { api: { private: `http://127.0.0.1:${port}/v1` } },
      api: { private: { post: ["orders"] } },
      requiredCredentials: { apiKey: true, secret: true },
    });
  }

  sign(path, api = "public", method = "GET", params = {}) {
    const host = `127.0.0.1:${port}`;
    const body = this.json(params);
    const timestamp = String(this.milliseconds());
    const nonce = randomBytes(16).toString("hex");
    const digest = this.hash(this.encode(body), sha256);
    const parts = ["MERIDIAN-1", method, host, `/v1/${path}`, digest, timestamp, nonce];
    const text = [...parts, this.apiKey].join("\n");
    const headers = {
      "Content-Type": "application/json",
      "MERIDIAN-KEY": this.apiKey,
      "MERIDIAN-TIMESTAMP": timestamp,
      "MERIDIAN-NONCE": nonce,
      "MERIDIAN-SIGNATURE": this.hmac(this.encode(text), this.encode(this.secret), sha256),
    };
    return { url: `${this.urls.api[api]}/${path}`, method, body, headers };
  }

  orderRequest() {
    return {
      client_order_id: nextId(),
      symbol: "BTC-USD",
      side: "buy",
      order_type: "limit",
      quantity: this.amountToPrecision("BTC/USD", 0.25),
      price: this.priceToPrecision("BTC/USD", 64250.5),
    };
  }

  parseOrder(order, market = undefined) {
    return this.safeOrder(
      {
        info: order,
        id: this.safeString(order, "order_id"),
        clientOrderId: this.safeString(order, "client_order_id"),
        timestamp: this.safeInteger(order, "created_at_ms"),
        datetime: this.iso8601(this.safeInteger(order, "created_at_ms")),
        symbol: "BTC/USD",
        type: this.safeString(order, "order_type"),
        side: this.safeString(order, "side"),
        price: this.safeString(order, "price"),
        amount: this.safeString(order, "quantity"),
        filled: this.safeString(order, "cumulative_quantity"),
        remaining: this.safeString(order, "leaves_quantity"),
        average: this.safeString(order, "average_price"),
        status: STATUSES[order.order_status],
      },
      market,
    );
  }

  async createOrder() {
    return this.parseOrder(await this.privatePostOrders(this.orderRequest()));
  }
}

const exchange = new Meridian({ apiKey: KEY, secret: SECRET });
exchange.setMarkets([
  {
    id: "BTC-USD",
    symbol: "BTC/USD",
    base: "BTC",
    quote: "USD",
    baseId: "BTC",
    quoteId: "USD",
    type: "spot",
    spot: true,
    active: true,
    precision: { amount: 0.00001, price: 0.01 },
    limits: {},
  },
]);

await play(
  what === "order"
    ? () => exchange.createOrder()
    : () => exchange.privatePostOrders(exchange.orderRequest()),
  Number(inFlight),
);
