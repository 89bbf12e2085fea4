// Signed orders through the emitted TypeScript SDK; usage: orders_sdk.mjs PORT IN_FLIGHT SDK
//
// SDK is the file to import. It is imported by its path, so that this folder's own node_modules,
// which holds the peers, has no say in what the SDK finds.
import { pathToFileURL } from "node:url";
import { play } from "./rounds.mjs";
import { KEY, nextId, SECRET } from "./signed_order.mjs";

const [port, inFlight, sdk] = process.argv.slice(2);
const { Client, HmacCredentials } = await import(pathToFileURL(sdk).href);
const client = new Client({
  baseUrl: `http://127.0.0.1:${port}`,
  credentials: new HmacCredentials({ key: KEY, secret: SECRET }),
});

await play(
  () =>
    client.placeOrder({
      clientOrderId: nextId(),
      symbol: "BTC-USD",
      side: "buy",
      orderType: "limit",
      quantity: "0.25",
      price: "64250.5",
    }),
  Number(inFlight),
);
await client.close();
