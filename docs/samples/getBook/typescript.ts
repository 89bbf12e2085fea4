// Reads the ten best levels of each side.
import { Client } from "@meridian/sdk";

const { MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700" } = process.env;
const client = new Client({ baseUrl });

const book = await client.getBook({ symbol: "BTC-USD", depth: 10 });
console.log(book.symbol, book.sequence);
for (const level of book.bids) {
  console.log("bid", String(level.price), String(level.quantity));
}
await client.close();
