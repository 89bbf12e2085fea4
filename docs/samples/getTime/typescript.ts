// Reads the venue's clock.
import { Client } from "@meridian/sdk";

const { MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700" } = process.env;
const client = new Client({ baseUrl });

const time = await client.getTime();
console.log(time.serverTimeMs);
await client.close();
