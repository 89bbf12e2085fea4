// Follows a book until three updates came.
import { StreamClient } from "@meridian/sdk";
import { Book } from "@venuekit/runtime";

const { MERIDIAN_URL = "http://127.0.0.1:8700" } = process.env;
const stream = new StreamClient({ baseUrl: MERIDIAN_URL.replace(/^http/, "ws") });
await stream.connect();

const book = new Book();
const updates = stream.bookUpdates({ symbol: "BTC-USD" });
let count = 0;
for await (const update of updates) {
  if (update.type === "book_snapshot") book.snapshot(update);
  else book.delta(update);
  console.log(update.type, String(book.bestBid()?.price), updates.isStale ? "stale" : "live");
  count += 1;
  if (count === 3) break;
}
await stream.close();
