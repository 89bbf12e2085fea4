/** The REST operations, as data that the runtime reads. */

import type { HttpOperation } from "@venuekit/runtime";
import { errorTable } from "./errors.ts";
import * as schemas from "./schemas.ts";
import type * as t from "./types.ts";

/** `GET /orders` */
export const listOrders: HttpOperation<t.ListOrdersInput, t.ListOrdersResponse> = {
  name: "list_orders",
  method: "GET",
  path: "/orders",
  effect: "read",
  parameters: [{ property: "pageToken", name: "page_token", in: "query" }],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.ListOrdersResponse }],
  errors: errorTable,
  pages: { parameter: "pageToken", items: ["data", "items"], next: ["data", "nextPageToken"] },
};

/** `GET /fills` */
export const listFills: HttpOperation<t.ListFillsInput, t.ListFillsResponse> = {
  name: "list_fills",
  method: "GET",
  path: "/fills",
  effect: "read",
  parameters: [{ property: "page", name: "page", in: "query" }],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.ListFillsResponse }],
  errors: errorTable,
  pages: { parameter: "page", items: ["fills"], hasMore: ["hasMore"], first: 0 },
};

/** `GET /trades` */
export const listTrades: HttpOperation<t.ListTradesInput, t.ListTradesResponse> = {
  name: "list_trades",
  method: "GET",
  path: "/trades",
  effect: "read",
  parameters: [{ property: "page", name: "page", in: "query" }],
  responses: [{ status: "200", mediaType: "application/json" }],
  errors: errorTable,
};
