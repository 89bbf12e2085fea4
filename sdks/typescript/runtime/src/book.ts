/** A book of exact decimals, rebuilt from snapshots and deltas. */

import { Decimal, type DecimalInput } from "./decimal.ts";

/** One price of a book and what stands there. */
export interface Level {
  readonly price: DecimalInput;
  readonly quantity: DecimalInput;
}

/** A snapshot, or the levels that changed; a quantity of zero removes a level. */
export interface Levels {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** One level of a book as it is read. */
export interface Quote {
  readonly price: Decimal;
  readonly quantity: Decimal;
}

/** One side, its prices sorted so that the best one is last. */
class Side {
  readonly #isBid: boolean;
  #quotes: Quote[] = [];

  constructor(isBid: boolean) {
    this.#isBid = isBid;
  }

  replace(levels: readonly Level[]): void {
    this.#quotes = levels.map(quote).filter((one) => !one.quantity.isZero());
    this.#quotes.sort((a, b) =>
      this.#isBid ? a.price.compare(b.price) : b.price.compare(a.price),
    );
  }

  set(level: Level): void {
    const one = quote(level);
    const at = this.#search(one.price);
    const isThere = this.#quotes[at]?.price.equals(one.price) === true;
    if (one.quantity.isZero()) {
      if (isThere) this.#quotes.splice(at, 1);
    } else {
      this.#quotes.splice(at, isThere ? 1 : 0, one);
    }
  }

  best(): Quote | undefined {
    return this.#quotes.at(-1);
  }

  top(depth: number): readonly Quote[] {
    return depth <= 0 ? [] : this.#quotes.slice(-depth).reverse();
  }

  get size(): number {
    return this.#quotes.length;
  }

  /** The first place whose price is not worse than the given one. */
  #search(price: Decimal): number {
    let low = 0;
    let high = this.#quotes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = (this.#quotes[middle] as Quote).price.compare(price);
      if (this.#isBid ? order < 0 : order > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const quote = (level: Level): Quote => ({
  price: Decimal.of(level.price),
  quantity: Decimal.of(level.quantity),
});

/** The book of one instrument. Lookup and change cost the logarithm of its depth. */
export class Book {
  readonly #bids = new Side(true);
  readonly #asks = new Side(false);

  /** Replaces everything. */
  snapshot(levels: Levels): void {
    this.#bids.replace(levels.bids);
    this.#asks.replace(levels.asks);
  }

  /** Changes levels; the order of changes within a delta does not matter. */
  delta(levels: Levels): void {
    for (const level of levels.bids) this.#bids.set(level);
    for (const level of levels.asks) this.#asks.set(level);
  }

  bestBid(): Quote | undefined {
    return this.#bids.best();
  }

  bestAsk(): Quote | undefined {
    return this.#asks.best();
  }

  /** The best levels of the buying side, best first. */
  bids(depth = this.#bids.size): readonly Quote[] {
    return this.#bids.top(depth);
  }

  /** The best levels of the selling side, best first. */
  asks(depth = this.#asks.size): readonly Quote[] {
    return this.#asks.top(depth);
  }
}
