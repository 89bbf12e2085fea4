// Lists the open orders of one instrument, page by page.
import { Client, HmacCredentials } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

let cursor: string | undefined;
do {
  const page = await client.listOrders({
    symbol: "BTC-USD",
    orderStatus: "new",
    limit: 50,
    cursor,
  });
  for (const order of page.orders) {
    console.log(order.orderId, order.side, String(order.leavesQuantity), String(order.price));
  }
  cursor = page.nextCursor ?? undefined;
} while (cursor !== undefined);
await client.close();
