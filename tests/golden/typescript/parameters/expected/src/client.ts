/** The REST client of Parameters. */

import { type CallOptions, type ClientOptions, HttpClient } from "@venuekit/runtime";
import * as operations from "./operations.ts";
import type * as t from "./types.ts";

/** Calls the REST operations of Parameters. */
export class Client extends HttpClient {
  constructor(options: ClientOptions = {}) {
    super({
      userAgent: "@golden/sdk",
      ...options,
      baseUrl: options.baseUrl ?? "https://api.example/v1",
      defaultUrl: "https://api.example/v1",
    });
  }

  /**
   * Cancel an order.
   *
   * `DELETE /orders/{order_id}`
   */
  cancelOrder(input: t.CancelOrderInput, options?: CallOptions): Promise<void> {
    return this.call(operations.cancelOrder, input, options);
  }
}
