/** The contract's schemas, as types: all of them vanish when compiled. */

import type { Decimal, DecimalInput } from "@venuekit/runtime";

/** The venue's clock. */
export interface ServerTime {
  readonly serverTimeMs: TimestampMs;
}

/** A refusal. The command was not carried out, unless the code says that its outcome is unknown. */
export interface Error {
  readonly code: ErrorCode;
  /** What was wrong, for people. The wording may change at any time. */
  readonly message: string;
  readonly details?: ErrorDetails | undefined;
  /** Id of the request in the venue's logs. Quote it when you ask for help. */
  readonly requestId: string;
}

/** All instruments that are open for trading. */
export interface InstrumentList {
  /** The instruments, ordered by symbol. */
  readonly instruments: readonly Instrument[];
}

/** Name of an instrument, base currency first. */
export type Symbol = string;

/** The best levels of both sides at one moment, best first. */
export interface Book {
  readonly symbol: Symbol;
  readonly sequence: Sequence;
  readonly timestampMs: TimestampMs;
  /** Buy levels, highest price first. */
  readonly bids: readonly Level[];
  /** Sell levels, lowest price first. */
  readonly asks: readonly Level[];
}

/** Opaque position in a list. Pass it back unchanged to read the next page. */
export type Cursor = string;

/** One page of trades, newest first. */
export interface TradePage {
  /** The trades of this page. */
  readonly trades: readonly Trade[];
  /** Cursor of the next page; null on the last one. */
  readonly nextCursor: Cursor | null;
}

/** A new order. A limit order must have a price; a market order must have none. */
export interface PlaceOrder {
  readonly clientOrderId: ClientOrderId;
  readonly symbol: Symbol;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly quantity: QuantityInput;
  readonly price?: PriceInput | undefined;
  /**
   * How long the order stands.
   *
   * The venue's default: "good_till_cancel".
   */
  readonly timeInForce?: PlaceOrderTimeInForce | undefined;
  /**
   * Refuse the order with `POST_ONLY_WOULD_TAKE` rather than let it take liquidity.
   *
   * The venue's default: false.
   */
  readonly postOnly?: boolean | undefined;
}

/** An order as the venue holds it. */
export interface Order {
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly symbol: Symbol;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** Whether the order was refused the right to take liquidity. */
  readonly postOnly: boolean;
  readonly quantity: Quantity;
  /** Limit price; null for a market order. */
  readonly price: Price | null;
  readonly cumulativeQuantity: Quantity;
  readonly leavesQuantity: Quantity;
  /**
   * Volume-weighted price of all fills, rounded half even to 8 decimals; null before the first
   * fill.
   */
  readonly averagePrice: Price | null;
  readonly orderStatus: OrderStatus;
  readonly createdAtMs: TimestampMs;
  readonly updatedAtMs: TimestampMs;
  readonly sequence: Sequence;
}

/** Where the order stands. `filled`, `canceled`, `rejected` and `expired` are final. */
export type OrderStatus = "new" | "partially_filled" | "filled" | "canceled" | "rejected" | "expired" | (string & {});

/** One page of orders, newest first. */
export interface OrderPage {
  /** The orders of this page. */
  readonly orders: readonly Order[];
  /** Cursor of the next page; null on the last one. */
  readonly nextCursor: Cursor | null;
}

/** The venue's own id of an order. It survives a replace. */
export type OrderId = string;

/** New quantity, new price, or both. What is absent stays as it is. */
export interface ReplaceOrder {
  readonly quantity?: QuantityInput | undefined;
  readonly price?: PriceInput | undefined;
}

/**
 * The client's own id of an order, unique for the account. Placing the same order again under the
 * same id gives the first order back, so a repeat is safe; another order under that id is refused
 * with `DUPLICATE_CLIENT_ORDER_ID`.
 */
export type ClientOrderId = string;

/** One page of executions, oldest first. */
export interface ExecutionPage {
  /** The executions of this page. */
  readonly executions: readonly Execution[];
  /** Cursor of the next page; null on the last one. */
  readonly nextCursor: Cursor | null;
}

/** One entry for each currency that the account has ever held. */
export interface BalanceList {
  /** The balances, ordered by currency. */
  readonly balances: readonly Balance[];
}

/** The client's own mark of a request; the reply carries it back. */
export type CorrelationId = string;

/** Address of a channel, with its parameters filled in. */
export type Topic = string;

/** The parts of the signature, as the headers of a REST request carry them. */
export interface LogOn {
  /** Id of the key that signed. */
  readonly key: string;
  /**
   * Moment of signing in milliseconds since 1970-01-01T00:00:00Z, in the digits that were signed.
   */
  readonly timestamp: string;
  /** Sixteen random bytes, never used before with this key. */
  readonly nonce: string;
  /** Signature of the canonical string. */
  readonly signature: string;
}

/** Signs this socket on. */
export interface LogOnRequest {
  /** Name of the command. */
  readonly op: "log_on";
  readonly id: CorrelationId;
  readonly params: LogOn;
}

/** Who is signed on. */
export interface SignedOn {
  /** Id of the key that signed. */
  readonly key: string;
}

/** This socket is signed on. */
export interface LogOnReply {
  /** Kind of the frame. */
  readonly type: "log_on_reply";
  readonly id: CorrelationId;
  readonly result: SignedOn;
}

/** A topic, named. */
export interface Subscription {
  readonly topic: Topic;
}

/** Starts a topic. */
export interface SubscribeRequest {
  /** Name of the command. */
  readonly op: "subscribe";
  readonly id: CorrelationId;
  readonly params: Subscription;
}

/** The topic is started. */
export interface SubscribeReply {
  /** Kind of the frame. */
  readonly type: "subscribe_reply";
  readonly id: CorrelationId;
  readonly result: Subscription;
}

/** Stops a topic. */
export interface UnsubscribeRequest {
  /** Name of the command. */
  readonly op: "unsubscribe";
  readonly id: CorrelationId;
  readonly params: Subscription;
}

/** The topic is stopped. */
export interface UnsubscribeReply {
  /** Kind of the frame. */
  readonly type: "unsubscribe_reply";
  readonly id: CorrelationId;
  readonly result: Subscription;
}

/** Places an order. */
export interface PlaceOrderRequest {
  /** Name of the command. */
  readonly op: "place_order";
  readonly id: CorrelationId;
  readonly params: PlaceOrder;
}

/** The order was accepted. */
export interface PlaceOrderReply {
  /** Kind of the frame. */
  readonly type: "place_order_reply";
  readonly id: CorrelationId;
  readonly result: Order;
}

/** Replaces an order. */
export interface ReplaceOrderRequest {
  /** Name of the command. */
  readonly op: "replace_order";
  readonly id: CorrelationId;
  readonly params: OrderReplacement;
}

/** The order was replaced. */
export interface ReplaceOrderReply {
  /** Kind of the frame. */
  readonly type: "replace_order_reply";
  readonly id: CorrelationId;
  readonly result: Order;
}

/** Cancels an order. */
export interface CancelOrderRequest {
  /** Name of the command. */
  readonly op: "cancel_order";
  readonly id: CorrelationId;
  readonly params: OrderCancellation;
}

/** The order was canceled. */
export interface CancelOrderReply {
  /** Kind of the frame. */
  readonly type: "cancel_order_reply";
  readonly id: CorrelationId;
  readonly result: Order;
}

/** A request was refused. */
export interface ErrorReply {
  /** Kind of the frame. */
  readonly type: "error";
  /** The id of the request; null when it could not be read. */
  readonly id: CorrelationId | null;
  readonly error: Error;
}

/** The stream is alive. */
export interface HeartbeatFrame {
  /** Kind of the frame. */
  readonly type: "heartbeat";
  readonly timestampMs: TimestampMs;
}

/** The whole book of an instrument. */
export interface BookSnapshotFrame {
  /** Kind of the frame. */
  readonly type: "book_snapshot";
  readonly topic: Topic;
  readonly sequence: Sequence;
  readonly timestampMs: TimestampMs;
  /** Buy levels, highest price first. */
  readonly bids: readonly Level[];
  /** Sell levels, lowest price first. */
  readonly asks: readonly Level[];
}

/** The levels of a book that changed. */
export interface BookDeltaFrame {
  /** Kind of the frame. */
  readonly type: "book_delta";
  readonly topic: Topic;
  readonly sequence: Sequence;
  readonly previousSequence: Sequence;
  readonly timestampMs: TimestampMs;
  /** Buy levels that changed. The quantity 0 removes a level. */
  readonly bids: readonly Level[];
  /** Sell levels that changed. The quantity 0 removes a level. */
  readonly asks: readonly Level[];
}

/** A trade, on its topic. */
export interface TradeFrame {
  /** Kind of the frame. */
  readonly type: "trade";
  readonly topic: Topic;
  readonly data: Trade;
}

/** An order of the account, on its topic. */
export interface OrderFrame {
  /** Kind of the frame. */
  readonly type: "order";
  readonly topic: Topic;
  readonly data: Order;
}

/** An execution of the account, on its topic. */
export interface ExecutionFrame {
  /** Kind of the frame. */
  readonly type: "execution";
  readonly topic: Topic;
  readonly data: Execution;
}

/** Why a cancel or replace was refused. */
export interface CancelRejection {
  readonly orderId: OrderId;
  /** The id of the refused request. */
  readonly requestId: string;
  readonly clientOrderId: ClientOrderId;
  readonly orderStatus: OrderStatus;
  /** What was refused. */
  readonly responseTo: CancelRejectionResponseTo;
  readonly code: ErrorCode;
  /** What was wrong, for people. */
  readonly message?: string | undefined;
}

/** Opens a FIX session. The parts of the signature stand in the client's Logon alone. */
export interface SessionLogOn {
  /**
   * Longest silence between two messages.
   *
   * Unit: s.
   */
  readonly heartbeatS: number;
  /** Id of the key that signed. */
  readonly key?: string | undefined;
  /** Moment of signing in milliseconds, in the digits that were signed. */
  readonly timestamp?: string | undefined;
  /** Sixteen random bytes, never used before with this key. */
  readonly nonce?: string | undefined;
  /** Signature of the canonical string. */
  readonly signature?: string | undefined;
  /**
   * Start both sequences at 1.
   *
   * The venue's default: false.
   */
  readonly resetSequence?: boolean | undefined;
  /**
   * Which orders the venue cancels when the connection is lost.
   *
   * The venue's default: "session".
   */
  readonly cancelOnDisconnect?: SessionLogOnCancelOnDisconnect | undefined;
}

/** The FIX session is alive. */
export interface SessionHeartbeat {
  /** The id of the test request that this answers. */
  readonly testRequestId?: string | undefined;
}

/** Asks for a heartbeat. */
export interface SessionTestRequest {
  /** The heartbeat carries it back. */
  readonly testRequestId: string;
}

/** Asks for messages again. */
export interface SessionResendRequest {
  /** First message wanted. */
  readonly beginSequence: number;
  /** Last message wanted; 0 for all. */
  readonly endSequence: number;
}

/** A message broke the rules. */
export interface SessionReject {
  /** The message that was rejected. */
  readonly referenceSequence: number;
  /** The tag that was wrong. */
  readonly referenceTag?: number | undefined;
  /** MsgType of the message that was rejected. */
  readonly referenceMessageType?: string | undefined;
  /** What was wrong. */
  readonly reason?: SessionRejectReason | undefined;
  /** What was wrong, for people. */
  readonly text?: string | undefined;
}

/** Fills a gap or sets the next sequence number. */
export interface SessionSequenceReset {
  /**
   * Whether this stands in the place of session messages.
   *
   * The venue's default: false.
   */
  readonly isGapFill?: boolean | undefined;
  /** Number of the next message. */
  readonly newSequence: number;
}

/** Closes the FIX session. */
export interface SessionLogOut {
  /** Why, for people. */
  readonly text?: string | undefined;
}

/** Which order to replace, and by what. What is absent stays as it is. */
export interface OrderReplacement {
  readonly orderId: OrderId;
  readonly quantity?: QuantityInput | undefined;
  readonly price?: PriceInput | undefined;
}

/** Which order to cancel. */
export interface OrderCancellation {
  readonly orderId: OrderId;
}

/**
 * One report about one order. The fields from `last_quantity` on are null unless the report is a
 * fill.
 */
export interface Execution {
  /** Id of this report, unique at the venue. */
  readonly executionId: string;
  readonly executionType: ExecutionType;
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly symbol: Symbol;
  readonly side: Side;
  readonly orderStatus: OrderStatus;
  readonly quantity: Quantity;
  /** Limit price of the order; null for a market order. */
  readonly price: Price | null;
  /** Quantity of this fill. */
  readonly lastQuantity: Quantity | null;
  /** Price of this fill. */
  readonly lastPrice: Price | null;
  readonly cumulativeQuantity: Quantity;
  readonly leavesQuantity: Quantity;
  /**
   * Volume-weighted price of all fills, rounded half even to 8 decimals; null before the first
   * fill.
   */
  readonly averagePrice: Price | null;
  /** Maker or taker in this fill. */
  readonly liquidity: Liquidity | null;
  /** Fee charged for this fill. */
  readonly fee: Amount | null;
  /** Currency of the fee. */
  readonly feeCurrency: Currency | null;
  /** Id of the public trade that this fill is one half of. */
  readonly tradeId: string | null;
  readonly sequence: Sequence;
  readonly timestampMs: TimestampMs;
}

/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 *
 * Unit: unix-ms.
 */
export type TimestampMs = number;

/** What was wrong, for programs. `errors.yaml` says for each code what to do. */
export type ErrorCode = "AUTH_MISSING" | "AUTH_INVALID" | "AUTH_TIMESTAMP" | "AUTH_REPLAY" | "FORBIDDEN" | "MALFORMED_REQUEST" | "VALIDATION_FAILED" | "UNKNOWN_INSTRUMENT" | "UNKNOWN_ORDER" | "DUPLICATE_CLIENT_ORDER_ID" | "ORDER_CLOSED" | "INSUFFICIENT_BALANCE" | "PRICE_INCREMENT" | "QUANTITY_INCREMENT" | "QUANTITY_RANGE" | "NOTIONAL_TOO_SMALL" | "POST_ONLY_WOULD_TAKE" | "NO_LIQUIDITY" | "RATE_LIMITED" | "BODY_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "INTERNAL" | "UNAVAILABLE" | (string & {});

/** Facts that belong to the code, for programs. Which are present depends on the code. */
export interface ErrorDetails {
  /** Path of the field that was refused, `price` or `data.price` for instance. */
  readonly field?: string | undefined;
  readonly serverTimeMs?: TimestampMs | undefined;
}

/** A spot instrument and the limits that its orders keep. */
export interface Instrument {
  readonly symbol: Symbol;
  readonly baseCurrency: Currency;
  readonly quoteCurrency: Currency;
  readonly priceIncrement: Price;
  readonly quantityIncrement: Quantity;
  readonly minimumQuantity: Quantity;
  readonly maximumQuantity: Quantity;
  readonly minimumNotional: Notional;
}

/** Position in a stream of events. It only ever grows. */
export type Sequence = number;

/** One price in the book and the whole quantity that rests there. */
export interface Level {
  readonly price: Price;
  readonly quantity: Quantity;
}

/** Two orders met. The side is that of the order that took liquidity. */
export interface Trade {
  /** Id of the trade, unique at the venue. */
  readonly tradeId: string;
  readonly symbol: Symbol;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly side: Side;
  readonly timestampMs: TimestampMs;
}

/** Side of the book. */
export type Side = "buy" | "sell" | (string & {});

/** A limit order carries a price, a market order takes what the book offers. */
export type OrderType = "limit" | "market" | (string & {});

/**
 * Quantity in the instrument's base currency.
 *
 * Unit: <instrument.base_currency>.
 */
export type Quantity = Decimal;

/**
 * Quantity in the instrument's base currency.
 *
 * Unit: <instrument.base_currency>.
 */
export type QuantityInput = DecimalInput;

/**
 * Price of one unit of the base currency, in the instrument's quote currency.
 *
 * Unit: <instrument.quote_currency>.
 */
export type Price = Decimal;

/**
 * Price of one unit of the base currency, in the instrument's quote currency.
 *
 * Unit: <instrument.quote_currency>.
 */
export type PriceInput = DecimalInput;

/**
 * How long the order stands. `good_till_cancel` rests in the book, `immediate_or_cancel` expires
 * what is not filled at once, `fill_or_kill` fills whole or expires whole.
 */
export type TimeInForce = "good_till_cancel" | "immediate_or_cancel" | "fill_or_kill" | (string & {});

/** The amount of one currency. `total` is `available` plus `reserved`, exactly and always. */
export interface Balance {
  readonly currency: Currency;
  readonly total: Amount;
  readonly available: Amount;
  readonly reserved: Amount;
}

/** What happened to the order. */
export type ExecutionType = "new" | "fill" | "canceled" | "replaced" | "rejected" | "expired" | (string & {});

/** Whether the order rested in the book (`maker`) or took from it (`taker`). */
export type Liquidity = "maker" | "taker" | (string & {});

/**
 * Amount of the currency that is named beside it.
 *
 * Unit: <currency>.
 */
export type Amount = Decimal;

/** Code of a currency. */
export type Currency = string;

/**
 * Price multiplied by quantity, in the instrument's quote currency.
 *
 * Unit: <instrument.quote_currency>.
 */
export type Notional = Decimal;

/**
 * How long the order stands.
 *
 * The venue's default: "good_till_cancel".
 */
export type PlaceOrderTimeInForce = "good_till_cancel" | "immediate_or_cancel" | "fill_or_kill" | (string & {});

/** What was refused. */
export type CancelRejectionResponseTo = "cancel" | "replace" | (string & {});

/**
 * Which orders the venue cancels when the connection is lost.
 *
 * The venue's default: "session".
 */
export type SessionLogOnCancelOnDisconnect = "off" | "session" | "account" | (string & {});

/** What was wrong. */
export type SessionRejectReason = "invalid_tag" | "required_tag_missing" | "tag_not_defined" | "undefined_tag" | "tag_without_value" | "value_out_of_range" | "incorrect_data_format" | "compid_problem" | "sending_time_accuracy" | "invalid_message_type" | "tag_repeated" | "tag_out_of_order" | "other" | (string & {});

/** What `getBook` takes. */
export type GetBookInput = {
  /** Name of the instrument. */
  readonly symbol: Symbol;
  /** Greatest number of levels on each side. */
  readonly depth?: number | undefined;
};

/** What `listTrades` takes. */
export type ListTradesInput = {
  /** Name of the instrument. */
  readonly symbol: Symbol;
  /** Greatest number of entries on the page. */
  readonly limit?: number | undefined;
  /** Where to go on, from `next_cursor` of the page before. */
  readonly cursor?: Cursor | undefined;
};

/** What `placeOrder` takes. */
export type PlaceOrderInput = PlaceOrder;

/** What `listOrders` takes. */
export type ListOrdersInput = {
  /** Only this instrument. */
  readonly symbol?: Symbol | undefined;
  /** Only orders of this status. */
  readonly orderStatus?: OrderStatus | undefined;
  /** Where to go on, from `next_cursor` of the page before. */
  readonly cursor?: Cursor | undefined;
  /** Greatest number of entries on the page. */
  readonly limit?: number | undefined;
};

/** What `getOrder` takes. */
export type GetOrderInput = {
  /** The venue's id of the order. */
  readonly orderId: OrderId;
};

/** What `replaceOrder` takes. */
export type ReplaceOrderInput = {
  /** The venue's id of the order. */
  readonly orderId: OrderId;
} & ReplaceOrder;

/** What `cancelOrder` takes. */
export type CancelOrderInput = {
  /** The venue's id of the order. */
  readonly orderId: OrderId;
};

/** What `getOrderByClientOrderId` takes. */
export type GetOrderByClientOrderIdInput = {
  /** The client's own id of the order. */
  readonly clientOrderId: ClientOrderId;
};

/** What `listExecutions` takes. */
export type ListExecutionsInput = {
  /** Only this instrument. */
  readonly symbol?: Symbol | undefined;
  /** Only executions of this order. */
  readonly orderId?: OrderId | undefined;
  /** Where to go on, from `next_cursor` of the page before. */
  readonly cursor?: Cursor | undefined;
  /** Greatest number of entries on the page. */
  readonly limit?: number | undefined;
};

/** The payload of every message of the contract. */
export interface Messages {
  /** Signs this socket on. */
  readonly logOn: LogOnRequest;
  /** This socket is signed on. */
  readonly logOnReply: LogOnReply;
  /** Starts a topic. */
  readonly subscribe: SubscribeRequest;
  /** The topic is started; its messages follow this reply. */
  readonly subscribeReply: SubscribeReply;
  /** Stops a topic. */
  readonly unsubscribe: UnsubscribeRequest;
  /** The topic is stopped. */
  readonly unsubscribeReply: UnsubscribeReply;
  /** A new order. */
  readonly placeOrder: PlaceOrderRequest;
  /** The order was accepted. */
  readonly placeOrderReply: PlaceOrderReply;
  /** New quantity, new price, or both. */
  readonly replaceOrder: ReplaceOrderRequest;
  /** The order as it stands now. */
  readonly replaceOrderReply: ReplaceOrderReply;
  /** Takes an order out of the book. */
  readonly cancelOrder: CancelOrderRequest;
  /** The canceled order. */
  readonly cancelOrderReply: CancelOrderReply;
  /** A request was refused. The id is null when the frame could not be read. */
  readonly errorReply: ErrorReply;
  /** The stream is alive. */
  readonly heartbeat: HeartbeatFrame;
  /** The whole book, best levels first. */
  readonly bookSnapshot: BookSnapshotFrame;
  /** Levels that changed. The quantity 0 removes a level. */
  readonly bookDelta: BookDeltaFrame;
  /** Two orders met. */
  readonly trade: TradeFrame;
  /** An order of the account changed. */
  readonly order: OrderFrame;
  /** Something happened to an order of the account. */
  readonly execution: ExecutionFrame;
  /** Places an order. */
  readonly NewOrderSingle: PlaceOrder;
  /** Gives an order a new quantity, a new price, or both. */
  readonly OrderCancelReplaceRequest: OrderReplacement;
  /** Takes an order out of the book. */
  readonly OrderCancelRequest: OrderCancellation;
  /** One report about one order. */
  readonly ExecutionReport: Execution;
  /** A cancel or replace was refused. */
  readonly OrderCancelReject: CancelRejection;
  /** Opens the session; the first message of both sides. */
  readonly Logon: SessionLogOn;
  /** The session is alive. */
  readonly Heartbeat: SessionHeartbeat;
  /** Asks for a heartbeat. */
  readonly TestRequest: SessionTestRequest;
  /** Asks for messages again. */
  readonly ResendRequest: SessionResendRequest;
  /** A message broke the rules of FIX or of this contract. */
  readonly Reject: SessionReject;
  /** Fills a gap or sets the next sequence number. */
  readonly SequenceReset: SessionSequenceReset;
  /** Closes the session. */
  readonly Logout: SessionLogOut;
}
