// Reads an order by the client's own id. Usage: typescript.ts CLIENT_ORDER_ID
import { Client, HmacCredentials, UnknownOrderError } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

try {
  const order = await client.getOrderByClientOrderId({ clientOrderId: process.argv[2] ?? "" });
  console.log(order.orderId, order.orderStatus);
} catch (error) {
  if (!(error instanceof UnknownOrderError)) throw error;
  console.log("the venue has no such order");
}
await client.close();
