// The demo's buyer: bob trades through the TypeScript SDK, over REST and the stream.
import { Client, Decimal, type Execution, HmacCredentials, StreamClient } from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const credentials = new HmacCredentials({ key, secret });
const ASK = Decimal.of("64000");
const BID = Decimal.of("63000");

/** One line about an execution, as the stream brought it. */
function show(execution: Execution): string {
  const traded = execution.tradeId ? ` ${execution.lastQuantity} at ${execution.lastPrice}` : "";
  const fee = execution.fee ? `, fee ${execution.fee} ${execution.feeCurrency}` : "";
  return (
    `stream: execution ${execution.executionId} ${execution.executionType}${traded} ` +
    `of ${execution.clientOrderId}, now ${execution.orderStatus}, ` +
    `${execution.leavesQuantity} left${fee}`
  );
}

await using client = new Client({ baseUrl, credentials });
const stream = new StreamClient({ baseUrl: baseUrl.replace(/^http/, "ws"), credentials });
await stream.connect();
const executions = stream.executionUpdates();
await executions.live();

async function untilFilled(name: string, quantity: Decimal): Promise<void> {
  for await (const execution of executions) {
    console.log(show(execution));
    const isThere = execution.cumulativeQuantity.compare(quantity) >= 0;
    if (execution.clientOrderId === name && isThere) return;
  }
}

for await (const update of stream.bookUpdates({ symbol: "BTC-USD" })) {
  const ask = update.asks[0];
  const shown = ask ? `${ask.quantity} at ${ask.price}` : "none";
  console.log(`stream: ${update.type}, best ask ${shown}`);
  if (ask?.price.equals(ASK)) break;
}
const bought = await stream.placeOrder({
  clientOrderId: "typescript-buy",
  symbol: "BTC-USD",
  side: "buy",
  orderType: "limit",
  quantity: Decimal.of("0.2"),
  price: ASK,
});
console.log(`stream: placed ${bought.clientOrderId}, now ${bought.orderStatus}`);
await untilFilled(bought.clientOrderId, bought.quantity);

const resting = await client.placeOrder({
  clientOrderId: "typescript-bid",
  symbol: "BTC-USD",
  side: "buy",
  orderType: "limit",
  quantity: Decimal.of("0.1"),
  price: BID,
});
console.log(`REST: placed ${resting.clientOrderId}, buy ${resting.quantity} at ${resting.price}`);
await untilFilled(resting.clientOrderId, resting.quantity);
await stream.close();
