/** One function for each operation: what is not imported is not bundled. */

import type { CallOptions, HttpClient } from "@venuekit/runtime";
import * as operations from "./operations.ts";
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
export const getTime = (client: HttpClient, options?: CallOptions): Promise<t.ServerTime> =>
  client.call(operations.getTime, {}, options);

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
export const listInstruments = (client: HttpClient, options?: CallOptions): Promise<t.InstrumentList> =>
  client.call(operations.listInstruments, {}, options);

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
export const getBook = (client: HttpClient, input: t.GetBookInput, options?: CallOptions): Promise<t.Book> =>
  client.call(operations.getBook, input, options);

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
export const listTrades = (client: HttpClient, input: t.ListTradesInput, options?: CallOptions): Promise<t.TradePage> =>
  client.call(operations.listTrades, input, options);

/** Yields every item of `listTrades`, page by page. */
export const iterListTrades = (client: HttpClient, input: t.ListTradesInput, options?: CallOptions): AsyncGenerator<t.Trade, void, undefined> =>
  client.iterate(operations.listTrades, input, options);

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
export const placeOrder = (client: HttpClient, input: t.PlaceOrderInput, options?: CallOptions): Promise<t.Order> =>
  client.call(operations.placeOrder, input, options);

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
export const listOrders = (client: HttpClient, input: t.ListOrdersInput = {}, options?: CallOptions): Promise<t.OrderPage> =>
  client.call(operations.listOrders, input, options);

/** Yields every item of `listOrders`, page by page. */
export const iterListOrders = (client: HttpClient, input: t.ListOrdersInput = {}, options?: CallOptions): AsyncGenerator<t.Order, void, undefined> =>
  client.iterate(operations.listOrders, input, options);

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
export const getOrder = (client: HttpClient, input: t.GetOrderInput, options?: CallOptions): Promise<t.Order> =>
  client.call(operations.getOrder, input, options);

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
export const replaceOrder = (client: HttpClient, input: t.ReplaceOrderInput, options?: CallOptions): Promise<t.Order> =>
  client.call(operations.replaceOrder, input, options);

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
export const cancelOrder = (client: HttpClient, input: t.CancelOrderInput, options?: CallOptions): Promise<t.Order> =>
  client.call(operations.cancelOrder, input, options);

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
export const getOrderByClientOrderId = (client: HttpClient, input: t.GetOrderByClientOrderIdInput, options?: CallOptions): Promise<t.Order> =>
  client.call(operations.getOrderByClientOrderId, input, options);

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
export const listExecutions = (client: HttpClient, input: t.ListExecutionsInput = {}, options?: CallOptions): Promise<t.ExecutionPage> =>
  client.call(operations.listExecutions, input, options);

/** Yields every item of `listExecutions`, page by page. */
export const iterListExecutions = (client: HttpClient, input: t.ListExecutionsInput = {}, options?: CallOptions): AsyncGenerator<t.Execution, void, undefined> =>
  client.iterate(operations.listExecutions, input, options);

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
export const listBalances = (client: HttpClient, options?: CallOptions): Promise<t.BalanceList> =>
  client.call(operations.listBalances, {}, options);
