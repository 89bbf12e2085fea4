/** The contract's schemas, as types: all of them vanish when compiled. */

import type { Decimal } from "@venuekit/runtime";

export type Balances = { readonly [name: string]: Decimal };

export interface Account {
  readonly accountId: string;
  readonly [name: string]: unknown;
}

export type Status = "open" | "closed" | 3 | (string & {}) | (number & {});

export type Maybe = string | null;

export type Nothing = { readonly [name: string]: never };
