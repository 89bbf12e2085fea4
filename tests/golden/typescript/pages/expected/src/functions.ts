/** One function for each operation: what is not imported is not bundled. */

import type { CallOptions, HttpClient } from "@venuekit/runtime";
import * as operations from "./operations.ts";
import type * as t from "./types.ts";

/** `GET /orders` */
export const listOrders = (client: HttpClient, input: t.ListOrdersInput = {}, options?: CallOptions): Promise<t.ListOrdersResponse> =>
  client.call(operations.listOrders, input, options);

/** Yields every item of `listOrders`, page by page. */
export const iterListOrders = (client: HttpClient, input: t.ListOrdersInput = {}, options?: CallOptions): AsyncGenerator<t.ListOrdersResponseDataItemsItem, void, undefined> =>
  client.iterate(operations.listOrders, input, options);

/** `GET /fills` */
export const listFills = (client: HttpClient, input: t.ListFillsInput = {}, options?: CallOptions): Promise<t.ListFillsResponse> =>
  client.call(operations.listFills, input, options);

/** Yields every item of `listFills`, page by page. */
export const iterListFills = (client: HttpClient, input: t.ListFillsInput = {}, options?: CallOptions): AsyncGenerator<string, void, undefined> =>
  client.iterate(operations.listFills, input, options);

/** `GET /trades` */
export const listTrades = (client: HttpClient, input: t.ListTradesInput = {}, options?: CallOptions): Promise<t.ListTradesResponse> =>
  client.call(operations.listTrades, input, options);
