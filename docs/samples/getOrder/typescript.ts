// Reads an order. Usage: typescript.ts ORDER_ID
import { Client, HmacCredentials } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

const order = await client.getOrder({ orderId: process.argv[2] ?? "" });
console.log(order.orderId, order.orderStatus, String(order.leavesQuantity));
await client.close();
