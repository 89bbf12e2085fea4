// Places an order, cancels it, and says what became of it.
import { Client, Decimal, HmacCredentials, InsufficientBalanceError } from "@meridian/sdk";

const { MERIDIAN_URL: baseUrl = "", MERIDIAN_KEY: key = "", MERIDIAN_SECRET: secret = "" } =
  process.env;
await using client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

try {
  const order = await client.placeOrder({
    clientOrderId: "my-second-order", // unique per account: a repeat is safe
    symbol: "BTC-USD",
    side: "buy",
    orderType: "limit",
    quantity: Decimal.of("0.01"), // exact, never a float
    price: Decimal.of("50000"),
  });
  console.log((await client.cancelOrder({ orderId: order.orderId })).orderStatus);
} catch (error) {
  if (error instanceof InsufficientBalanceError) console.log(error.message);
  else throw error;
}
