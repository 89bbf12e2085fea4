/** One function for each operation: what is not imported is not bundled. */

import type { CallOptions, HttpClient } from "@venuekit/runtime";
import * as operations from "./operations.ts";
import type * as t from "./types.ts";

/** `PUT /orders` */
export const putOrder = (client: HttpClient, input: t.PutOrderInput, options?: CallOptions): Promise<t.Order> =>
  client.call(operations.putOrder, input, options);
