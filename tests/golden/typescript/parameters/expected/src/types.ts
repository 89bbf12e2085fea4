/** The contract's schemas, as types: all of them vanish when compiled. */

/** What `cancelOrder` takes. */
export type CancelOrderInput = {
  readonly orderId: string;
  readonly xReason?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  readonly filter?: { readonly [name: string]: string } | undefined;
  readonly raw?: string | undefined;
  readonly tree?: { readonly [name: string]: unknown } | undefined;
};
