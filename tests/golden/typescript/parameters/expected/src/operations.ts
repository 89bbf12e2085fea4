/** The REST operations, as data that the runtime reads. */

import type { HttpOperation } from "@venuekit/runtime";
import { errorTable } from "./errors.ts";
import type * as t from "./types.ts";

/**
 * Cancel an order.
 *
 * `DELETE /orders/{order_id}`
 */
export const cancelOrder: HttpOperation<t.CancelOrderInput, void> = {
  name: "cancelOrder",
  method: "DELETE",
  path: "/orders/{order_id}",
  effect: "cancel",
  parameters: [
    { property: "orderId", name: "order_id", in: "path", isRequired: true },
    { property: "xReason", name: "X-Reason", in: "header" },
    { property: "symbols", name: "symbols", in: "query", style: "pipeDelimited" },
    { property: "filter", name: "filter", in: "query", style: "deepObject" },
    { property: "raw", name: "raw", in: "query", allowsReserved: true },
    { property: "tree", name: "tree", in: "query", isJson: true },
  ],
  responses: [{ status: "204" }],
  security: [["key"]],
  errors: errorTable,
};
