// Lists the instruments and the steps of their prices.
import { Client } from "@meridian/sdk";

const { MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700" } = process.env;
const client = new Client({ baseUrl });

for (const instrument of (await client.listInstruments()).instruments) {
  console.log(instrument.symbol, String(instrument.priceIncrement));
}
await client.close();
