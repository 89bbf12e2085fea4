/** The contract's schemas, as types: all of them vanish when compiled. */

export type GetBookSide = "buy" | "sell" | (string & {});

export interface GetBookResponse {
  readonly bids?: readonly GetBookResponseBidsItem[] | undefined;
  readonly e?: string | undefined;
  readonly E?: string | undefined;
  readonly lastTrade?: GetBookResponseLastTrade | null | undefined;
}

export interface GetBookResponseBidsItem {
  readonly price?: string | undefined;
}

export interface GetBookResponseLastTrade {
  readonly id?: string | undefined;
}

export interface GetBookResponse404 {
  readonly code?: string | undefined;
}

/** What `getBook` takes. */
export type GetBookInput = {
  readonly symbol: string;
  readonly side?: GetBookSide | undefined;
};
