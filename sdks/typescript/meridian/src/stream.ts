/** The stream clients of Meridian. */

import {
  type Channel,
  type StreamOperation,
  StreamClient as Socket,
  type StreamOptions,
  type StreamProtocol,
  type Subscription,
  type SubscriptionOptions,
} from "@venuekit/runtime";
import { errorTable } from "./errors.ts";
import * as schemas from "./schemas.ts";
import type * as t from "./types.ts";

const logOn: StreamOperation<never, unknown> = {
  name: "logOn",
  effect: "read",
  frame: { constants: [["op", "log_on"]], correlation: "id", payload: "params" },
  replies: [
    { tag: "log_on_reply", result: "result" },
    { tag: "error", schema: schemas.ErrorReply, isError: true },
  ],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "stream", weight: 1 }],
  errors: errorTable,
};

const subscribeOperation: StreamOperation<never, unknown> = {
  name: "subscribe",
  effect: "read",
  frame: { constants: [["op", "subscribe"]], correlation: "id", payload: "params" },
  replies: [
    { tag: "subscribe_reply", result: "result" },
    { tag: "error", schema: schemas.ErrorReply, isError: true },
  ],
  costs: [{ bucket: "stream", weight: 1 }],
  errors: errorTable,
};

const unsubscribe: StreamOperation<never, unknown> = {
  name: "unsubscribe",
  effect: "read",
  frame: { constants: [["op", "unsubscribe"]], correlation: "id", payload: "params" },
  replies: [
    { tag: "unsubscribe_reply", result: "result" },
    { tag: "error", schema: schemas.ErrorReply, isError: true },
  ],
  costs: [{ bucket: "stream", weight: 1 }],
  errors: errorTable,
};

const placeOrder: StreamOperation<t.PlaceOrder, t.Order> = {
  name: "placeOrder",
  effect: "create",
  frame: { constants: [["op", "place_order"]], correlation: "id", payload: "params" },
  schema: schemas.PlaceOrder,
  replies: [
    { tag: "place_order_reply", schema: schemas.Order, result: "result" },
    { tag: "error", schema: schemas.ErrorReply, isError: true },
  ],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "orders", weight: 1 }],
  errors: errorTable,
  dedupKey: { property: "clientOrderId", resolver: "getOrderByClientOrderId" },
};

const replaceOrder: StreamOperation<t.OrderReplacement, t.Order> = {
  name: "replaceOrder",
  effect: "replace",
  frame: { constants: [["op", "replace_order"]], correlation: "id", payload: "params" },
  schema: schemas.OrderReplacement,
  replies: [
    { tag: "replace_order_reply", schema: schemas.Order, result: "result" },
    { tag: "error", schema: schemas.ErrorReply, isError: true },
  ],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "orders", weight: 1 }],
  errors: errorTable,
};

const cancelOrder: StreamOperation<t.OrderCancellation, t.Order> = {
  name: "cancelOrder",
  effect: "cancel",
  frame: { constants: [["op", "cancel_order"]], correlation: "id", payload: "params" },
  schema: schemas.OrderCancellation,
  replies: [
    { tag: "cancel_order_reply", schema: schemas.Order, result: "result" },
    { tag: "error", schema: schemas.ErrorReply, isError: true },
  ],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "cancels", weight: 1 }],
  errors: errorTable,
};

const bookUpdates: Channel<{ readonly symbol: string; }, t.BookSnapshotFrame | t.BookDeltaFrame> = {
  name: "bookUpdates",
  address: "book.{symbol}",
  isTopic: true,
  parameters: [{ property: "symbol", name: "symbol" }],
  events: [
    { tag: "book_snapshot", schema: schemas.BookSnapshotFrame },
    { tag: "book_delta", schema: schemas.BookDeltaFrame },
  ],
  stream: {
    snapshot: "book_snapshot",
    delta: "book_delta",
    sequence: {
      rule: "previous_equals_last",
      field: "sequence",
      previousField: "previous_sequence",
    },
    resume: "snapshot",
  },
};

const tradeUpdates: Channel<{ readonly symbol: string; }, t.Trade> = {
  name: "tradeUpdates",
  address: "trades.{symbol}",
  isTopic: true,
  parameters: [{ property: "symbol", name: "symbol" }],
  events: [{ tag: "trade", schema: schemas.Trade, result: "data" }],
};

const orderUpdates: Channel<object, t.Order> = {
  name: "orderUpdates",
  address: "orders",
  isTopic: true,
  events: [{ tag: "order", schema: schemas.Order, result: "data" }],
  security: [["ed25519"], ["hmac"]],
};

const executionUpdates: Channel<object, t.Execution> = {
  name: "executionUpdates",
  address: "executions",
  isTopic: true,
  events: [{ tag: "execution", schema: schemas.Execution, result: "data" }],
  security: [["ed25519"], ["hmac"]],
  stream: { sequence: { rule: "increment", field: "data.sequence" }, resume: "none" },
};

const heartbeats: Channel<object, t.HeartbeatFrame> = {
  name: "heartbeats",
  address: "/",
  isTopic: false,
  events: [{ tag: "heartbeat", schema: schemas.HeartbeatFrame }],
};

/** What all of StreamClient's operations share. */
const streamProtocol: StreamProtocol = {
  path: "/v1/stream",
  tagField: "type",
  correlation: "id",
  topicField: "topic",
  logOn: logOn,
  subscribe: subscribeOperation,
  unsubscribe: unsubscribe,
  topicProperty: "topic",
  heartbeatMs: 5000,
  errors: errorTable,
};

/**
 * One WebSocket to Meridian.
 *
 * Requests and replies of one socket, and the heartbeats that show it is alive. Replies may arrive
 * in another order than their requests.
 */
export class StreamClient extends Socket {
  constructor(options: StreamOptions = {}) {
    super(streamProtocol, { ...options, baseUrl: options.baseUrl ?? "ws://127.0.0.1:8700" });
  }

  /**
   * Place an order
   *
   * The same operation as `placeOrder` over REST, on the open socket. A repeat under the same
   * `client_order_id` is safe.
   *
   * `channel /`
   *
   * Errors: AUTH_MISSING, FORBIDDEN, MALFORMED_REQUEST, VALIDATION_FAILED, UNKNOWN_INSTRUMENT,
   * DUPLICATE_CLIENT_ORDER_ID, INSUFFICIENT_BALANCE, PRICE_INCREMENT, QUANTITY_INCREMENT,
   * QUANTITY_RANGE, NOTIONAL_TOO_SMALL, POST_ONLY_WOULD_TAKE, NO_LIQUIDITY, RATE_LIMITED, INTERNAL,
   * UNAVAILABLE.
   */
  placeOrder(input: t.PlaceOrder): Promise<t.Order> {
    return this.request(placeOrder, input);
  }

  /**
   * Replace an order
   *
   * The same operation as `replaceOrder` over REST, on the open socket.
   *
   * `channel /`
   *
   * Errors: AUTH_MISSING, FORBIDDEN, MALFORMED_REQUEST, VALIDATION_FAILED, UNKNOWN_ORDER,
   * ORDER_CLOSED, INSUFFICIENT_BALANCE, PRICE_INCREMENT, QUANTITY_INCREMENT, QUANTITY_RANGE,
   * NOTIONAL_TOO_SMALL, POST_ONLY_WOULD_TAKE, RATE_LIMITED, INTERNAL, UNAVAILABLE.
   */
  replaceOrder(input: t.OrderReplacement): Promise<t.Order> {
    return this.request(replaceOrder, input);
  }

  /**
   * Cancel an order
   *
   * The same operation as `cancelOrder` over REST, on the open socket.
   *
   * `channel /`
   *
   * Errors: AUTH_MISSING, FORBIDDEN, MALFORMED_REQUEST, VALIDATION_FAILED, UNKNOWN_ORDER,
   * ORDER_CLOSED, RATE_LIMITED, INTERNAL, UNAVAILABLE.
   */
  cancelOrder(input: t.OrderCancellation): Promise<t.Order> {
    return this.request(cancelOrder, input);
  }

  /**
   * Follow the book of an instrument
   *
   * A snapshot first, then deltas. Subscribe to `book.{symbol}`.
   *
   * `channel book.{symbol}`
   */
  bookUpdates(input: { readonly symbol: string; }, options?: SubscriptionOptions): Subscription<t.BookSnapshotFrame | t.BookDeltaFrame> {
    return this.subscribe(bookUpdates, input, options);
  }

  /**
   * Follow the trades of an instrument
   *
   * One frame for each trade. Subscribe to `trades.{symbol}`.
   *
   * `channel trades.{symbol}`
   */
  tradeUpdates(input: { readonly symbol: string; }, options?: SubscriptionOptions): Subscription<t.Trade> {
    return this.subscribe(tradeUpdates, input, options);
  }

  /**
   * Follow the account's orders
   *
   * One frame for each change of an order. Log on, then subscribe to `orders`.
   *
   * `channel orders`
   */
  orderUpdates(options?: SubscriptionOptions): Subscription<t.Order> {
    return this.subscribe(orderUpdates, {}, options);
  }

  /**
   * Follow the account's executions
   *
   * One frame for each execution. Log on, then subscribe to `executions`.
   *
   * `channel executions`
   */
  executionUpdates(options?: SubscriptionOptions): Subscription<t.Execution> {
    return this.subscribe(executionUpdates, {}, options);
  }

  /**
   * See that the stream is alive
   *
   * Every 5 seconds the server sends a heartbeat. When none comes for 10 seconds the socket is
   * dead; reconnect.
   *
   * `channel /`
   */
  heartbeats(options?: SubscriptionOptions): Subscription<t.HeartbeatFrame> {
    return this.subscribe(heartbeats, {}, options);
  }
}
