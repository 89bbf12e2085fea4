// Reads the balances.
import { Client, HmacCredentials } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

for (const balance of (await client.listBalances()).balances) {
  console.log(balance.currency, String(balance.available), String(balance.reserved));
}
await client.close();
