// Gives an order a new quantity and a new price. Usage: typescript.ts ORDER_ID
import { Client, Decimal, HmacCredentials } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

const order = await client.replaceOrder({
  orderId: process.argv[2] ?? "",
  quantity: Decimal.of("0.02"),
  price: Decimal.of("50100"),
});
console.log(order.orderId, String(order.quantity), String(order.price));
await client.close();
