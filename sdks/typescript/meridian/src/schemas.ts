/** How values travel: the tables by which the runtime turns them. */

import type { Schema } from "@venuekit/runtime";

export const ServerTime: Schema = { kind: "object", fields: [["serverTimeMs", "server_time_ms"]] };

export const Error: Schema = {
  kind: "object",
  fields: [["details", "details", () => ErrorDetails], ["requestId", "request_id"]],
};

export const InstrumentList: Schema = {
  kind: "object",
  fields: [["instruments", "instruments", { kind: "array", items: () => Instrument }]],
};

export const Book: Schema = {
  kind: "object",
  fields: [
    ["timestampMs", "timestamp_ms"],
    ["bids", "bids", { kind: "array", items: () => Level }],
    ["asks", "asks", { kind: "array", items: () => Level }],
  ],
};

export const TradePage: Schema = {
  kind: "object",
  fields: [
    ["trades", "trades", { kind: "array", items: () => Trade }],
    ["nextCursor", "next_cursor"],
  ],
};

export const PlaceOrder: Schema = {
  kind: "object",
  fields: [
    ["clientOrderId", "client_order_id"],
    ["orderType", "order_type"],
    ["quantity", "quantity", "decimal"],
    ["price", "price", "decimal"],
    ["timeInForce", "time_in_force"],
    ["postOnly", "post_only"],
  ],
};

export const Order: Schema = {
  kind: "object",
  fields: [
    ["orderId", "order_id"],
    ["clientOrderId", "client_order_id"],
    ["orderType", "order_type"],
    ["timeInForce", "time_in_force"],
    ["postOnly", "post_only"],
    ["quantity", "quantity", "decimal"],
    ["price", "price", "decimal"],
    ["cumulativeQuantity", "cumulative_quantity", "decimal"],
    ["leavesQuantity", "leaves_quantity", "decimal"],
    ["averagePrice", "average_price", "decimal"],
    ["orderStatus", "order_status"],
    ["createdAtMs", "created_at_ms"],
    ["updatedAtMs", "updated_at_ms"],
  ],
};

export const OrderPage: Schema = {
  kind: "object",
  fields: [
    ["orders", "orders", { kind: "array", items: () => Order }],
    ["nextCursor", "next_cursor"],
  ],
};

export const ReplaceOrder: Schema = {
  kind: "object",
  fields: [["quantity", "quantity", "decimal"], ["price", "price", "decimal"]],
};

export const ExecutionPage: Schema = {
  kind: "object",
  fields: [
    ["executions", "executions", { kind: "array", items: () => Execution }],
    ["nextCursor", "next_cursor"],
  ],
};

export const BalanceList: Schema = {
  kind: "object",
  fields: [["balances", "balances", { kind: "array", items: () => Balance }]],
};

export const PlaceOrderRequest: Schema = {
  kind: "object",
  fields: [["params", "params", () => PlaceOrder]],
};

export const PlaceOrderReply: Schema = {
  kind: "object",
  fields: [["result", "result", () => Order]],
};

export const ReplaceOrderRequest: Schema = {
  kind: "object",
  fields: [["params", "params", () => OrderReplacement]],
};

export const ReplaceOrderReply: Schema = {
  kind: "object",
  fields: [["result", "result", () => Order]],
};

export const CancelOrderRequest: Schema = {
  kind: "object",
  fields: [["params", "params", () => OrderCancellation]],
};

export const CancelOrderReply: Schema = {
  kind: "object",
  fields: [["result", "result", () => Order]],
};

export const ErrorReply: Schema = { kind: "object", fields: [["error", "error", () => Error]] };

export const HeartbeatFrame: Schema = { kind: "object", fields: [["timestampMs", "timestamp_ms"]] };

export const BookSnapshotFrame: Schema = {
  kind: "object",
  fields: [
    ["timestampMs", "timestamp_ms"],
    ["bids", "bids", { kind: "array", items: () => Level }],
    ["asks", "asks", { kind: "array", items: () => Level }],
  ],
};

export const BookDeltaFrame: Schema = {
  kind: "object",
  fields: [
    ["previousSequence", "previous_sequence"],
    ["timestampMs", "timestamp_ms"],
    ["bids", "bids", { kind: "array", items: () => Level }],
    ["asks", "asks", { kind: "array", items: () => Level }],
  ],
};

export const TradeFrame: Schema = { kind: "object", fields: [["data", "data", () => Trade]] };

export const OrderFrame: Schema = { kind: "object", fields: [["data", "data", () => Order]] };

export const ExecutionFrame: Schema = {
  kind: "object",
  fields: [["data", "data", () => Execution]],
};

export const CancelRejection: Schema = {
  kind: "object",
  fields: [
    ["orderId", "order_id"],
    ["requestId", "request_id"],
    ["clientOrderId", "client_order_id"],
    ["orderStatus", "order_status"],
    ["responseTo", "response_to"],
  ],
};

export const SessionLogOn: Schema = {
  kind: "object",
  fields: [
    ["heartbeatS", "heartbeat_s"],
    ["resetSequence", "reset_sequence"],
    ["cancelOnDisconnect", "cancel_on_disconnect"],
  ],
};

export const SessionHeartbeat: Schema = {
  kind: "object",
  fields: [["testRequestId", "test_request_id"]],
};

export const SessionTestRequest: Schema = {
  kind: "object",
  fields: [["testRequestId", "test_request_id"]],
};

export const SessionResendRequest: Schema = {
  kind: "object",
  fields: [["beginSequence", "begin_sequence"], ["endSequence", "end_sequence"]],
};

export const SessionReject: Schema = {
  kind: "object",
  fields: [
    ["referenceSequence", "reference_sequence"],
    ["referenceTag", "reference_tag"],
    ["referenceMessageType", "reference_message_type"],
  ],
};

export const SessionSequenceReset: Schema = {
  kind: "object",
  fields: [["isGapFill", "is_gap_fill"], ["newSequence", "new_sequence"]],
};

export const OrderReplacement: Schema = {
  kind: "object",
  fields: [
    ["orderId", "order_id"],
    ["quantity", "quantity", "decimal"],
    ["price", "price", "decimal"],
  ],
};

export const OrderCancellation: Schema = { kind: "object", fields: [["orderId", "order_id"]] };

export const Execution: Schema = {
  kind: "object",
  fields: [
    ["executionId", "execution_id"],
    ["executionType", "execution_type"],
    ["orderId", "order_id"],
    ["clientOrderId", "client_order_id"],
    ["orderStatus", "order_status"],
    ["quantity", "quantity", "decimal"],
    ["price", "price", "decimal"],
    ["lastQuantity", "last_quantity", "decimal"],
    ["lastPrice", "last_price", "decimal"],
    ["cumulativeQuantity", "cumulative_quantity", "decimal"],
    ["leavesQuantity", "leaves_quantity", "decimal"],
    ["averagePrice", "average_price", "decimal"],
    ["fee", "fee", "decimal"],
    ["feeCurrency", "fee_currency"],
    ["tradeId", "trade_id"],
    ["timestampMs", "timestamp_ms"],
  ],
};

export const ErrorDetails: Schema = {
  kind: "object",
  fields: [["serverTimeMs", "server_time_ms"]],
};

export const Instrument: Schema = {
  kind: "object",
  fields: [
    ["baseCurrency", "base_currency"],
    ["quoteCurrency", "quote_currency"],
    ["priceIncrement", "price_increment", "decimal"],
    ["quantityIncrement", "quantity_increment", "decimal"],
    ["minimumQuantity", "minimum_quantity", "decimal"],
    ["maximumQuantity", "maximum_quantity", "decimal"],
    ["minimumNotional", "minimum_notional", "decimal"],
  ],
};

export const Level: Schema = {
  kind: "object",
  fields: [["price", "price", "decimal"], ["quantity", "quantity", "decimal"]],
};

export const Trade: Schema = {
  kind: "object",
  fields: [
    ["tradeId", "trade_id"],
    ["price", "price", "decimal"],
    ["quantity", "quantity", "decimal"],
    ["timestampMs", "timestamp_ms"],
  ],
};

export const Balance: Schema = {
  kind: "object",
  fields: [
    ["total", "total", "decimal"],
    ["available", "available", "decimal"],
    ["reserved", "reserved", "decimal"],
  ],
};
