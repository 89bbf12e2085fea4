// Lists the last ten trades.
import { Client } from "@meridian/sdk";

const { MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700" } = process.env;
const client = new Client({ baseUrl });

const page = await client.listTrades({ symbol: "BTC-USD", limit: 10 });
for (const trade of page.trades) {
  console.log(trade.tradeId, trade.side, String(trade.quantity), String(trade.price));
}
console.log(page.nextCursor === null ? "end" : "more");
await client.close();
