/** The contract's schemas, as types: all of them vanish when compiled. */

import type { Decimal, Unknown } from "@venuekit/runtime";

export type Event = Fill | (Cancel & { readonly eventType: "cancel" }) | (Cancel & { readonly eventType: "expire" }) | Unknown<"eventType">;

export interface Fill {
  readonly eventType: "fill";
  readonly price: Decimal;
}

export interface Cancel {
  readonly eventType: string;
}
