// Places a limit order under an id of its own.
import { Client, Decimal, HmacCredentials } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

const order = await client.placeOrder({
  clientOrderId: `typescript-${crypto.randomUUID().slice(0, 8)}`,
  symbol: "BTC-USD",
  side: "buy",
  orderType: "limit",
  quantity: Decimal.of("0.01"),
  price: Decimal.of("50000"),
});
console.log(order.orderId, order.clientOrderId, order.orderStatus);
await client.close();
