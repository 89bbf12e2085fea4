// Lists the first executions of one instrument.
import { Client, HmacCredentials } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

const page = await client.listExecutions({ symbol: "BTC-USD", limit: 50 });
for (const execution of page.executions) {
  console.log(execution.sequence, execution.executionType, execution.orderId);
}
await client.close();
