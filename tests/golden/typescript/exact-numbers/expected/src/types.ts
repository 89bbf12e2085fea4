/** The contract's schemas, as types: all of them vanish when compiled. */

import type { Decimal } from "@venuekit/runtime";

export interface Amounts {
  /** What one costs. */
  readonly price: Decimal;
  readonly fee?: Decimal | undefined;
  readonly id: bigint;
  readonly smallId?: number | undefined;
  readonly textId?: bigint | undefined;
  /** Unit: unix-ms. */
  readonly momentMs?: number | undefined;
  /** Unit: unix-ns. */
  readonly momentNs?: bigint | undefined;
  readonly ratio?: number | undefined;
}
