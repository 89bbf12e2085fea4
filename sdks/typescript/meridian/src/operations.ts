/** The REST operations, as data that the runtime reads. */

import type { HttpOperation } from "@venuekit/runtime";
import { errorTable } from "./errors.ts";
import * as schemas from "./schemas.ts";
import type * as t from "./types.ts";

/**
 * Read the venue's clock
 *
 * Returns the clock that judges the timestamps of signed requests. Measure your offset with it:
 * half of the round trip lies between the answer and its arrival.
 *
 * `GET /v1/time`
 *
 * Errors: MALFORMED_REQUEST, VALIDATION_FAILED, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const getTime: HttpOperation<object, t.ServerTime> = {
  name: "getTime",
  method: "GET",
  path: "/v1/time",
  effect: "read",
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.ServerTime }],
  costs: [{ bucket: "public", weight: 1 }],
  errors: errorTable,
};

/**
 * List the instruments
 *
 * Returns every instrument that is open for trading, with the increments and limits that its orders
 * must keep. Read it at start and once a day.
 *
 * `GET /v1/instruments`
 *
 * Errors: MALFORMED_REQUEST, VALIDATION_FAILED, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const listInstruments: HttpOperation<object, t.InstrumentList> = {
  name: "listInstruments",
  method: "GET",
  path: "/v1/instruments",
  effect: "read",
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.InstrumentList }],
  costs: [{ bucket: "public", weight: 5 }],
  errors: errorTable,
};

/**
 * Read the book of an instrument
 *
 * Returns the best levels of both sides. To follow the book, subscribe to the channel
 * `book.{symbol}` instead; its `sequence` counts the same changes as this one.
 *
 * `GET /v1/instruments/{symbol}/book`
 *
 * Errors: MALFORMED_REQUEST, VALIDATION_FAILED, UNKNOWN_INSTRUMENT, RATE_LIMITED, INTERNAL,
 * UNAVAILABLE.
 */
export const getBook: HttpOperation<t.GetBookInput, t.Book> = {
  name: "getBook",
  method: "GET",
  path: "/v1/instruments/{symbol}/book",
  effect: "read",
  parameters: [
    { property: "symbol", name: "symbol", in: "path", isRequired: true },
    { property: "depth", name: "depth", in: "query" },
  ],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.Book }],
  costs: [{ bucket: "public", weight: 5 }],
  errors: errorTable,
};

/**
 * List the trades of an instrument
 *
 * Returns public trades, newest first. Pass `next_cursor` back to read older ones.
 *
 * `GET /v1/instruments/{symbol}/trades`
 *
 * Errors: MALFORMED_REQUEST, VALIDATION_FAILED, UNKNOWN_INSTRUMENT, RATE_LIMITED, INTERNAL,
 * UNAVAILABLE.
 */
export const listTrades: HttpOperation<t.ListTradesInput, t.TradePage> = {
  name: "listTrades",
  method: "GET",
  path: "/v1/instruments/{symbol}/trades",
  effect: "read",
  parameters: [
    { property: "symbol", name: "symbol", in: "path", isRequired: true },
    { property: "limit", name: "limit", in: "query" },
    { property: "cursor", name: "cursor", in: "query" },
  ],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.TradePage }],
  costs: [{ bucket: "public", weight: 5 }],
  errors: errorTable,
  pages: { parameter: "cursor", items: ["trades"], next: ["nextCursor"] },
};

/**
 * Place an order
 *
 * Places a limit or market order. The answer comes after the order is on disk.
 *
 * A repeat is safe: the same order under the same `client_order_id` returns the first order again,
 * whatever became of it meanwhile. When no answer arrives, the outcome is unknown; look the order
 * up with `getOrderByClientOrderId` or send the same order once more.
 *
 * An order that meets an order of the same account takes nothing from it: what is left of the new
 * one is canceled.
 *
 * `POST /v1/orders`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, FORBIDDEN, MALFORMED_REQUEST,
 * VALIDATION_FAILED, UNKNOWN_INSTRUMENT, DUPLICATE_CLIENT_ORDER_ID, INSUFFICIENT_BALANCE,
 * PRICE_INCREMENT, QUANTITY_INCREMENT, QUANTITY_RANGE, NOTIONAL_TOO_SMALL, POST_ONLY_WOULD_TAKE,
 * NO_LIQUIDITY, RATE_LIMITED, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INTERNAL, UNAVAILABLE.
 */
export const placeOrder: HttpOperation<t.PlaceOrderInput, t.Order> = {
  name: "placeOrder",
  method: "POST",
  path: "/v1/orders",
  effect: "create",
  body: { mediaType: "application/json", schema: schemas.PlaceOrder, isRequired: true },
  responses: [
    { status: "200", mediaType: "application/json", schema: schemas.Order },
    { status: "201", mediaType: "application/json", schema: schemas.Order },
  ],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "orders", weight: 1 }],
  errors: errorTable,
  dedupKey: { property: "clientOrderId", resolver: "getOrderByClientOrderId" },
};

/**
 * List orders
 *
 * Returns the account's orders, newest first, open and closed. Pass `next_cursor` back to read
 * older ones.
 *
 * `GET /v1/orders`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, MALFORMED_REQUEST,
 * VALIDATION_FAILED, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const listOrders: HttpOperation<t.ListOrdersInput, t.OrderPage> = {
  name: "listOrders",
  method: "GET",
  path: "/v1/orders",
  effect: "read",
  parameters: [
    { property: "symbol", name: "symbol", in: "query" },
    { property: "orderStatus", name: "order_status", in: "query" },
    { property: "cursor", name: "cursor", in: "query" },
    { property: "limit", name: "limit", in: "query" },
  ],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.OrderPage }],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "query", weight: 5 }],
  errors: errorTable,
  pages: { parameter: "cursor", items: ["orders"], next: ["nextCursor"] },
};

/**
 * Read an order
 *
 * Returns an order of the account, open or closed.
 *
 * `GET /v1/orders/{order_id}`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, MALFORMED_REQUEST,
 * VALIDATION_FAILED, UNKNOWN_ORDER, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const getOrder: HttpOperation<t.GetOrderInput, t.Order> = {
  name: "getOrder",
  method: "GET",
  path: "/v1/orders/{order_id}",
  effect: "read",
  parameters: [{ property: "orderId", name: "order_id", in: "path", isRequired: true }],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.Order }],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "query", weight: 1 }],
  errors: errorTable,
};

/**
 * Replace an order
 *
 * Gives an open order a new quantity, a new price, or both. The order keeps its ids.
 *
 * The quantity is that of the whole order, fills included, and must be more than is already filled.
 * The order goes to the back of its level, unless only its quantity goes down. Repeating the same
 * replace gives the same order.
 *
 * `PUT /v1/orders/{order_id}`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, FORBIDDEN, MALFORMED_REQUEST,
 * VALIDATION_FAILED, UNKNOWN_ORDER, ORDER_CLOSED, INSUFFICIENT_BALANCE, PRICE_INCREMENT,
 * QUANTITY_INCREMENT, QUANTITY_RANGE, NOTIONAL_TOO_SMALL, POST_ONLY_WOULD_TAKE, RATE_LIMITED,
 * BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INTERNAL, UNAVAILABLE.
 */
export const replaceOrder: HttpOperation<t.ReplaceOrderInput, t.Order> = {
  name: "replaceOrder",
  method: "PUT",
  path: "/v1/orders/{order_id}",
  effect: "replace",
  parameters: [{ property: "orderId", name: "order_id", in: "path", isRequired: true }],
  body: { mediaType: "application/json", schema: schemas.ReplaceOrder, isRequired: true },
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.Order }],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "orders", weight: 1 }],
  errors: errorTable,
};

/**
 * Cancel an order
 *
 * Takes what is left of an order out of the book and frees its reserve. A repeat is safe and is
 * refused with `ORDER_CLOSED`.
 *
 * `DELETE /v1/orders/{order_id}`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, FORBIDDEN, MALFORMED_REQUEST,
 * VALIDATION_FAILED, UNKNOWN_ORDER, ORDER_CLOSED, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const cancelOrder: HttpOperation<t.CancelOrderInput, t.Order> = {
  name: "cancelOrder",
  method: "DELETE",
  path: "/v1/orders/{order_id}",
  effect: "cancel",
  parameters: [{ property: "orderId", name: "order_id", in: "path", isRequired: true }],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.Order }],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "cancels", weight: 1 }],
  errors: errorTable,
};

/**
 * Read an order by its client order id
 *
 * Returns the order that stands under the client's own id. This is how an unknown outcome is
 * resolved: when the answer is `UNKNOWN_ORDER` and nothing is in flight any more, the order was
 * never accepted.
 *
 * `GET /v1/orders/by-client-order-id/{client_order_id}`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, MALFORMED_REQUEST,
 * VALIDATION_FAILED, UNKNOWN_ORDER, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const getOrderByClientOrderId: HttpOperation<t.GetOrderByClientOrderIdInput, t.Order> = {
  name: "getOrderByClientOrderId",
  method: "GET",
  path: "/v1/orders/by-client-order-id/{client_order_id}",
  effect: "read",
  parameters: [
    {
      property: "clientOrderId",
      name: "client_order_id",
      in: "path",
      isRequired: true,
    },
  ],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.Order }],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "query", weight: 1 }],
  errors: errorTable,
};

/**
 * List executions
 *
 * Returns the account's executions, oldest first. Their `sequence` grows by one with each
 * execution, as on the channel `executions`, so that a gap in the stream can be filled from here.
 *
 * `GET /v1/executions`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, MALFORMED_REQUEST,
 * VALIDATION_FAILED, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const listExecutions: HttpOperation<t.ListExecutionsInput, t.ExecutionPage> = {
  name: "listExecutions",
  method: "GET",
  path: "/v1/executions",
  effect: "read",
  parameters: [
    { property: "symbol", name: "symbol", in: "query" },
    { property: "orderId", name: "order_id", in: "query" },
    { property: "cursor", name: "cursor", in: "query" },
    { property: "limit", name: "limit", in: "query" },
  ],
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.ExecutionPage }],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "query", weight: 5 }],
  errors: errorTable,
  pages: { parameter: "cursor", items: ["executions"], next: ["nextCursor"] },
};

/**
 * List balances
 *
 * Returns what the account holds of each currency, free and reserved by open orders.
 *
 * `GET /v1/balances`
 *
 * Errors: AUTH_MISSING, AUTH_INVALID, AUTH_TIMESTAMP, AUTH_REPLAY, MALFORMED_REQUEST,
 * VALIDATION_FAILED, RATE_LIMITED, INTERNAL, UNAVAILABLE.
 */
export const listBalances: HttpOperation<object, t.BalanceList> = {
  name: "listBalances",
  method: "GET",
  path: "/v1/balances",
  effect: "read",
  responses: [{ status: "200", mediaType: "application/json", schema: schemas.BalanceList }],
  security: [["ed25519"], ["hmac"]],
  costs: [{ bucket: "query", weight: 5 }],
  errors: errorTable,
};
