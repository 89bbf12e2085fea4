/** A book against a slow and obvious one, on random deltas. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Book } from "../src/book.ts";

const pick = (count: number) => Math.floor(Math.random() * count);
const text = (side: Map<number, number>, isBid: boolean) =>
  [...side]
    .sort(([a], [b]) => (isBid ? b - a : a - b))
    .map(([price, quantity]) => `${price / 2}:${quantity}`);

test("a book agrees with a sorted map", () => {
  const book = new Book();
  const bids = new Map<number, number>([[200, 1]]);
  const asks = new Map<number, number>([[202, 1]]);
  const level = (price: number, quantity: number) => ({
    price: (price / 2).toFixed(1),
    quantity: String(quantity),
  });
  book.snapshot({ bids: [level(200, 1)], asks: [level(202, 1)] });
  for (let round = 0; round < 3000; round += 1) {
    const isBid = pick(2) === 0;
    const price = isBid ? 150 + pick(51) : 202 + pick(51);
    const quantity = pick(3);
    const side = isBid ? bids : asks;
    if (quantity === 0) side.delete(price);
    else side.set(price, quantity);
    const change = [level(price, quantity)];
    book.delta({ bids: isBid ? change : [], asks: isBid ? [] : change });
    const [quotes, quote] = isBid ? [book.bids(), book.bestBid()] : [book.asks(), book.bestAsk()];
    const found = quotes.map((one) => `${one.price.toNumber()}:${one.quantity}`);
    assert.deepEqual(found, text(side, isBid));
    assert.equal(quote, quotes[0]);
  }
  assert.equal(book.bids(2).length, 2);
  assert.equal(book.bids(0).length, 0);
});
