/** The contract's schemas, as types: all of them vanish when compiled. */

import type { Decimal } from "@venuekit/runtime";

export type Level = Decimal | LevelSecondObject | LevelThirdObject | (readonly [Decimal, number, ...readonly unknown[]]);

export interface LevelSecondObject {
  readonly price: Decimal;
}

export interface LevelThirdObject {
  readonly price: Decimal;
  readonly orderCount: number;
}
