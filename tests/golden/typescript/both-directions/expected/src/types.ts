/** The contract's schemas, as types: all of them vanish when compiled. */

import type { Decimal, DecimalInput } from "@venuekit/runtime";

export interface Order {
  readonly id: string;
  readonly price: Decimal;
  readonly legs?: readonly Order[] | undefined;
}

export interface OrderInput {
  readonly secret: string;
  readonly price: DecimalInput;
  readonly legs?: readonly OrderInput[] | undefined;
}

/** What `putOrder` takes. */
export type PutOrderInput = OrderInput;
