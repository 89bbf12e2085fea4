// Places an order, and finds out what became of it when no answer comes.
import {
  Client,
  Decimal,
  HmacCredentials,
  type Order,
  UnknownOrderError,
  UnknownOutcomeError,
} from "@meridian/sdk";

const {
  MERIDIAN_URL: baseUrl = "http://127.0.0.1:8700",
  MERIDIAN_KEY: key = "",
  MERIDIAN_SECRET: secret = "",
} = process.env;
const client = new Client({ baseUrl, credentials: new HmacCredentials({ key, secret }) });

const wanted = {
  clientOrderId: `typescript-${crypto.randomUUID().slice(0, 8)}`,
  symbol: "BTC-USD",
  side: "buy",
  orderType: "limit",
  quantity: Decimal.of("0.01"),
  price: Decimal.of("50000"),
} as const;

async function resolve(clientOrderId: string): Promise<Order> {
  // Longer than the request's timestamp holds: nothing is in flight any more.
  await new Promise((done) => setTimeout(done, 6000));
  try {
    return await client.getOrderByClientOrderId({ clientOrderId });
  } catch (error) {
    if (!(error instanceof UnknownOrderError)) throw error;
    return client.placeOrder(wanted); // The same id, so that it can not become a second order.
  }
}

let order: Order;
try {
  order = await client.placeOrder(wanted);
} catch (error) {
  if (!(error instanceof UnknownOutcomeError)) throw error;
  order = await resolve(wanted.clientOrderId);
}
console.log(order.orderId, order.clientOrderId, order.orderStatus);
await client.close();
