/** The stream clients of Stream. */

import {
  type Channel,
  type StreamOperation,
  StreamClient as Socket,
  type StreamOptions,
  type StreamProtocol,
  type Subscription,
  type SubscriptionOptions,
  type Decimal,
} from "@venuekit/runtime";
import { errorTable } from "./errors.ts";
import * as schemas from "./schemas.ts";
import type * as t from "./types.ts";

const getPrice: StreamOperation<t.AskMessageArgs, Decimal> = {
  name: "getPrice",
  effect: "create",
  frame: { constants: [["op", "get_price"]], correlation: "id", payload: "args" },
  replies: [{ tag: "price", schema: "decimal", result: "price" }],
  errors: errorTable,
};

const ticks: Channel<object, t.TickMessageData> = {
  name: "ticks",
  address: "/",
  isTopic: false,
  events: [{ tag: "tick", schema: schemas.TickMessageData, result: "data" }],
};

/** What all of StreamClient's operations share. */
const streamProtocol: StreamProtocol = {
  path: "/ws",
  tagField: "type",
  correlation: "id",
  errors: errorTable,
};

/** One WebSocket to Stream. */
export class StreamClient extends Socket {
  constructor(options: StreamOptions = {}) {
    super(streamProtocol, { ...options, baseUrl: options.baseUrl ?? "wss://x.example" });
  }

  /** `channel /` */
  getPrice(input: t.AskMessageArgs): Promise<Decimal> {
    return this.request(getPrice, input);
  }

  /** `channel /` */
  ticks(options?: SubscriptionOptions): Subscription<t.TickMessageData> {
    return this.subscribe(ticks, {}, options);
  }
}
