/** The generated Meridian SDK against the running server: REST, stream, errors, exact numbers. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import * as sdk from "@meridian/sdk";
import { Book, FetchTransport } from "@venuekit/runtime";

interface Key {
  readonly key: string;
  readonly secret: string;
}

interface Ready {
  readonly url: string;
  readonly accounts: Readonly<Record<string, Readonly<Record<string, Key>>>>;
}

const readyFile = process.env.MERIDIAN_READY_FILE;
assert.ok(readyFile, "set MERIDIAN_READY_FILE to the file that meridian-server --ready-file wrote");
const ready = JSON.parse(readFileSync(readyFile, "utf8")) as Ready;
const symbol = "BTC-USD";

const key = (account: string, name: string): Key => {
  const found = ready.accounts[account]?.[name];
  assert.ok(found, `the server has no key ${name} of ${account}`);
  return found;
};

let count = 0;
const newId = () => {
  count += 1;
  return `ts-${process.pid}-${Date.now()}-${count}`;
};

const limit = (side: "buy" | "sell", price: string, quantity = "0.01") => ({
  clientOrderId: newId(),
  symbol,
  side,
  orderType: "limit" as const,
  quantity,
  price,
});

const rest = (credentials?: ConstructorParameters<typeof sdk.Client>[0]) =>
  new sdk.Client({ baseUrl: ready.url, ...credentials });

let alice: sdk.Client;
let bob: sdk.Client;
let stream: sdk.StreamClient;

before(async () => {
  alice = rest({ credentials: new sdk.HmacCredentials(key("alice", "hmac")) });
  bob = rest({ credentials: new sdk.Ed25519Credentials(key("bob", "ed25519")) });
  stream = new sdk.StreamClient({
    baseUrl: ready.url,
    credentials: new sdk.HmacCredentials(key("alice", "hmac")),
  });
  await stream.connect();
});

after(async () => {
  await Promise.all([alice.close(), bob.close(), stream.close()]);
});

test("public data needs no credentials", async () => {
  await using client = rest();
  const { serverTimeMs } = await client.getTime();
  assert.ok(Math.abs(serverTimeMs - Date.now()) < 60_000);
  const { instruments } = await client.listInstruments();
  const instrument = instruments.find((one) => one.symbol === symbol);
  assert.ok(instrument?.priceIncrement instanceof sdk.Decimal);
  const book = await client.getBook({ symbol, depth: 5 });
  assert.equal(book.symbol, symbol);
  await assert.rejects(client.listBalances(), sdk.ConfigurationError);
});

test("an order lives over REST, and every digit comes back", async () => {
  const input = limit("buy", "100.50", "0.0100");
  const placed = await alice.placeOrder(input);
  assert.equal(placed.clientOrderId, input.clientOrderId);
  assert.ok(placed.price?.equals("100.5"));
  assert.ok(placed.quantity.equals("0.01"));
  const again = await alice.placeOrder(input);
  assert.equal(again.orderId, placed.orderId);
  const found = await alice.getOrderByClientOrderId({ clientOrderId: input.clientOrderId });
  assert.equal(found.orderId, placed.orderId);
  const replaced = await alice.replaceOrder({ orderId: placed.orderId, quantity: "0.02" });
  assert.ok(replaced.quantity.equals("0.02"));
  const { orders } = await alice.listOrders({ symbol, orderStatus: "new" });
  assert.ok(orders.some((order) => order.orderId === placed.orderId));
  const canceled = await alice.cancelOrder({ orderId: placed.orderId });
  assert.equal(canceled.orderStatus, "canceled");
});

test("a function needs no client class, and fetch carries the same requests", async () => {
  await using client = rest({
    credentials: new sdk.HmacCredentials(key("alice", "hmac")),
    transport: (origin, limits) => new FetchTransport(origin, limits),
  });
  const order = await sdk.placeOrder(client, limit("buy", "199"));
  const canceled = await sdk.cancelOrder(client, { orderId: order.orderId });
  assert.equal(canceled.orderStatus, "canceled");
  const { balances } = await sdk.listBalances(client);
  assert.ok(balances.every((balance) => balance.total instanceof sdk.Decimal));
});

test("an iterator goes through all pages", async () => {
  const placed: string[] = [];
  for (const price of ["101", "102", "103", "104", "105"]) {
    placed.unshift((await alice.placeOrder(limit("buy", price))).orderId);
  }
  const first = await alice.listOrders({ symbol, orderStatus: "new", limit: 2 });
  assert.equal(first.orders.length, 2);
  assert.ok(first.nextCursor);
  const found: string[] = [];
  for await (const order of alice.iterListOrders({ symbol, orderStatus: "new", limit: 2 })) {
    assert.ok(order.quantity instanceof sdk.Decimal);
    found.push(order.orderId);
  }
  assert.deepEqual(found, placed);
  const rest = sdk.iterListOrders(alice, {
    orderStatus: "new",
    limit: 2,
    cursor: first.nextCursor,
  });
  assert.equal((await rest.next()).value?.orderId, placed[2]);
  for (const orderId of placed) await alice.cancelOrder({ orderId });
  const { value } = await alice.iterListTrades({ symbol, limit: 1 }).next();
  assert.ok(value === undefined || value.price instanceof sdk.Decimal);
});

test("refusals are the contract's errors", async () => {
  const duplicate = limit("buy", "198");
  const { orderId } = await alice.placeOrder(duplicate);
  await assert.rejects(
    alice.placeOrder({ ...duplicate, quantity: "0.05" }),
    sdk.DuplicateClientOrderIdError,
  );
  await alice.cancelOrder({ orderId });
  await assert.rejects(alice.cancelOrder({ orderId }), sdk.OrderClosedError);
  await assert.rejects(alice.getOrder({ orderId: "999999999" }), sdk.UnknownOrderError);
  await assert.rejects(alice.getBook({ symbol: "NO-SUCH" }), sdk.UnknownInstrumentError);
  await assert.rejects(alice.placeOrder(limit("buy", "100.001")), sdk.PriceIncrementError);
  await assert.rejects(
    alice.placeOrder(limit("buy", "1000000", "1000")),
    sdk.InsufficientBalanceError,
  );
  const wrong = { ...key("alice", "hmac"), secret: "wrong" };
  await using stranger = rest({ credentials: new sdk.HmacCredentials(wrong) });
  await assert.rejects(stranger.listBalances(), (error) => {
    assert.ok(error instanceof sdk.AuthInvalidError);
    assert.equal(error.status, 401);
    assert.ok(error.requestId);
    return true;
  });
});

test("two accounts trade, and the stream tells of it", async () => {
  const executions = stream.executionUpdates();
  const trades = stream.tradeUpdates({ symbol });
  const orders = stream.orderUpdates();
  const book = new Book();
  const updates = stream.bookUpdates({ symbol });
  const first = await next(updates);
  assert.equal(first.type, "book_snapshot");
  book.snapshot(first);
  for (const one of [executions, trades, orders, updates]) {
    await one.live();
    assert.ok(!one.isStale);
  }

  const resting = await stream.placeOrder(limit("sell", "64000.5", "0.02"));
  const placed = await next(executions);
  assert.equal(placed.executionType, "new");
  assert.equal(placed.orderId, resting.orderId);
  book.delta(await next(updates));
  assert.ok(book.bestAsk()?.price.equals("64000.5"));

  const taken = await bob.placeOrder({ ...limit("buy", "64000.5", "0.01") });
  assert.equal(taken.orderStatus, "filled");
  const fill = await next(executions);
  assert.equal(fill.executionType, "fill");
  assert.ok(fill.lastQuantity?.equals("0.01"));
  assert.ok(fill.leavesQuantity.equals("0.01"));
  const trade = await next(trades);
  assert.ok(trade.price.equals("64000.5"));
  book.delta(await next(updates));
  assert.ok(book.bestAsk()?.quantity.equals("0.01"));
  assert.equal((await next(orders)).orderStatus, "new");
  assert.equal((await next(orders)).orderStatus, "partially_filled");

  const replaced = await stream.replaceOrder({ orderId: resting.orderId, price: "64001" });
  assert.ok(replaced.price?.equals("64001"));
  const canceled = await stream.cancelOrder({ orderId: resting.orderId });
  assert.equal(canceled.orderStatus, "canceled");
  await assert.rejects(stream.cancelOrder({ orderId: resting.orderId }), sdk.OrderClosedError);
  for (const one of [executions, trades, orders, updates]) await one.return();
});

test("an order over the stream is the same order over REST", async () => {
  const order = await stream.placeOrder(limit("buy", "197.25"));
  const found = await alice.getOrder({ orderId: order.orderId });
  assert.deepEqual(JSON.stringify(found), JSON.stringify(order));
  await alice.cancelOrder({ orderId: order.orderId });
});

test("heartbeats come, and a wrong log-on ends the stream", async () => {
  const beat = await next(stream.heartbeats());
  assert.equal(beat.type, "heartbeat");
  const wrong = { ...key("alice", "hmac"), secret: "wrong" };
  const stranger = new sdk.StreamClient({
    baseUrl: ready.url,
    credentials: new sdk.HmacCredentials(wrong),
  });
  await assert.rejects(stranger.connect(), sdk.AuthInvalidError);
});

const next = async <Event>(events: AsyncIterator<Event>): Promise<Event> => {
  const { value, done } = await events.next();
  assert.ok(done !== true, "the subscription ended");
  return value;
};
