/** The errors of the contract, each with its cause and its cure. */

import { ApiError, type ErrorTable, NO_ERRORS } from "@venuekit/runtime";

/**
 * A header of the signature is absent, or a private command came before the log-on of its stream.
 *
 * Send all four headers, MERIDIAN-KEY, MERIDIAN-TIMESTAMP, MERIDIAN-NONCE and MERIDIAN-SIGNATURE;
 * log on before private commands of a stream.
 */
export class AuthMissingError extends ApiError {
  static readonly code = "AUTH_MISSING";
  static readonly retry = "after_fix";
  override name = "AuthMissingError";
}

/**
 * The key is unknown, or the signature does not belong to the bytes that arrived.
 *
 * Compare the canonical string byte by byte with the vectors of the signing guide. Sign the bytes
 * that are sent, never a second serialisation of them.
 */
export class AuthInvalidError extends ApiError {
  static readonly code = "AUTH_INVALID";
  static readonly retry = "after_fix";
  override name = "AuthInvalidError";
}

/**
 * The timestamp is more than 5000 ms old or more than 1000 ms ahead of the venue's clock.
 *
 * Measure the offset of your clock from `details.server_time_ms`, correct the clock, and sign anew.
 */
export class AuthTimestampError extends ApiError {
  static readonly code = "AUTH_TIMESTAMP";
  static readonly retry = "after_fix";
  override name = "AuthTimestampError";
}

/**
 * The nonce was used before with this key inside the time window.
 *
 * Draw a fresh random nonce for every attempt and sign anew. If you did not send the first request,
 * revoke the key.
 */
export class AuthReplayError extends ApiError {
  static readonly code = "AUTH_REPLAY";
  static readonly retry = "after_fix";
  override name = "AuthReplayError";
}

/**
 * The key has no right to do this.
 *
 * Use a key with the right to trade.
 */
export class ForbiddenError extends ApiError {
  static readonly code = "FORBIDDEN";
  static readonly retry = "never";
  override name = "ForbiddenError";
}

/**
 * The request could not be read, because it is not JSON in UTF-8, names a field or parameter twice,
 * or has a target that is not in plain form.
 *
 * Send one JSON object, and write the target without dot segments, empty segments or a fragment.
 */
export class MalformedRequestError extends ApiError {
  static readonly code = "MALFORMED_REQUEST";
  static readonly retry = "after_fix";
  override name = "MalformedRequestError";
}

/**
 * A field is absent, unknown, or not what the contract says.
 *
 * Correct the field that `details.field` names.
 */
export class ValidationFailedError extends ApiError {
  static readonly code = "VALIDATION_FAILED";
  static readonly retry = "after_fix";
  override name = "ValidationFailedError";
}

/**
 * No instrument has this symbol.
 *
 * Take the symbol from `listInstruments`.
 */
export class UnknownInstrumentError extends ApiError {
  static readonly code = "UNKNOWN_INSTRUMENT";
  static readonly retry = "after_fix";
  override name = "UnknownInstrumentError";
}

/**
 * The account has no order with this id. Another account's order looks the same.
 *
 * Look the order up by its client order id. If it is unknown too, it was never accepted.
 */
export class UnknownOrderError extends ApiError {
  static readonly code = "UNKNOWN_ORDER";
  static readonly retry = "never";
  override name = "UnknownOrderError";
}

/**
 * The account used this client order id for a different order.
 *
 * Choose a new client order id for a new order. To learn what stands under the old one, call
 * `getOrderByClientOrderId`.
 */
export class DuplicateClientOrderIdError extends ApiError {
  static readonly code = "DUPLICATE_CLIENT_ORDER_ID";
  static readonly retry = "after_fix";
  override name = "DuplicateClientOrderIdError";
}

/**
 * The order is filled, canceled, rejected or expired and can no longer change.
 *
 * Read the order; its `order_status` says how it ended.
 */
export class OrderClosedError extends ApiError {
  static readonly code = "ORDER_CLOSED";
  static readonly retry = "never";
  override name = "OrderClosedError";
}

/**
 * The available balance does not cover the order.
 *
 * Lower the quantity or the price, or cancel orders that reserve the balance.
 */
export class InsufficientBalanceError extends ApiError {
  static readonly code = "INSUFFICIENT_BALANCE";
  static readonly retry = "after_fix";
  override name = "InsufficientBalanceError";
}

/**
 * The price is not a multiple of the instrument's price increment.
 *
 * Round the price to `price_increment` of `listInstruments`, with decimals and not with floats.
 */
export class PriceIncrementError extends ApiError {
  static readonly code = "PRICE_INCREMENT";
  static readonly retry = "after_fix";
  override name = "PriceIncrementError";
}

/**
 * The quantity is not a multiple of the instrument's quantity increment.
 *
 * Round the quantity to `quantity_increment` of `listInstruments`, with decimals and not with
 * floats.
 */
export class QuantityIncrementError extends ApiError {
  static readonly code = "QUANTITY_INCREMENT";
  static readonly retry = "after_fix";
  override name = "QuantityIncrementError";
}

/**
 * The quantity is under the instrument's minimum or over its maximum.
 *
 * Keep between `minimum_quantity` and `maximum_quantity` of `listInstruments`.
 */
export class QuantityRangeError extends ApiError {
  static readonly code = "QUANTITY_RANGE";
  static readonly retry = "after_fix";
  override name = "QuantityRangeError";
}

/**
 * Price multiplied by quantity is under the instrument's minimum notional.
 *
 * Raise the quantity until the notional reaches `minimum_notional` of `listInstruments`.
 */
export class NotionalTooSmallError extends ApiError {
  static readonly code = "NOTIONAL_TOO_SMALL";
  static readonly retry = "after_fix";
  override name = "NotionalTooSmallError";
}

/**
 * The order is post-only and would have traded at once.
 *
 * Move the price away from the other side of the book and place the order again under a new client
 * order id.
 */
export class PostOnlyWouldTakeError extends ApiError {
  static readonly code = "POST_ONLY_WOULD_TAKE";
  static readonly retry = "after_fix";
  override name = "PostOnlyWouldTakeError";
}

/**
 * The order is a market order and the other side of the book is empty.
 *
 * Wait for the book to fill, or place a limit order.
 */
export class NoLiquidityError extends ApiError {
  static readonly code = "NO_LIQUIDITY";
  static readonly retry = "after_delay";
  override name = "NoLiquidityError";
}

/**
 * The bucket that the operation draws from is empty.
 *
 * Wait for the seconds that `Retry-After` names. The command was not carried out.
 */
export class RateLimitedError extends ApiError {
  static readonly code = "RATE_LIMITED";
  static readonly retry = "after_delay";
  override name = "RateLimitedError";
}

/**
 * The body is larger than 65536 bytes.
 *
 * Send a smaller body.
 */
export class BodyTooLargeError extends ApiError {
  static readonly code = "BODY_TOO_LARGE";
  static readonly retry = "after_fix";
  override name = "BodyTooLargeError";
}

/**
 * The body is not declared as `application/json`, or it is compressed.
 *
 * Send `Content-Type application/json` and no Content-Encoding.
 */
export class UnsupportedMediaTypeError extends ApiError {
  static readonly code = "UNSUPPORTED_MEDIA_TYPE";
  static readonly retry = "after_fix";
  override name = "UnsupportedMediaTypeError";
}

/**
 * The contract has no such path.
 *
 * Compare the path with the contract. Paths are matched byte by byte.
 */
export class NotFoundError extends ApiError {
  static readonly code = "NOT_FOUND";
  static readonly retry = "never";
  override name = "NotFoundError";
}

/**
 * The path exists, and the contract has no such method on it.
 *
 * Use a method that the `Allow` header names.
 */
export class MethodNotAllowedError extends ApiError {
  static readonly code = "METHOD_NOT_ALLOWED";
  static readonly retry = "never";
  override name = "MethodNotAllowedError";
}

/**
 * The venue failed. It is unknown whether the command was carried out.
 *
 * Look the order up by its client order id before doing anything else.
 */
export class InternalError extends ApiError {
  static readonly code = "INTERNAL";
  static readonly retry = "resolve";
  override name = "InternalError";
}

/**
 * The venue is starting, stopping or recovering. It is unknown whether a command in flight was
 * carried out.
 *
 * Wait for the seconds that `Retry-After` names, then look the order up by its client order id.
 */
export class UnavailableError extends ApiError {
  static readonly code = "UNAVAILABLE";
  static readonly retry = "resolve";
  override name = "UnavailableError";
}

/** The class of each code. */
export const errorTable: ErrorTable = {
  ...NO_ERRORS,
  classes: {
    AUTH_MISSING: AuthMissingError,
    AUTH_INVALID: AuthInvalidError,
    AUTH_TIMESTAMP: AuthTimestampError,
    AUTH_REPLAY: AuthReplayError,
    FORBIDDEN: ForbiddenError,
    MALFORMED_REQUEST: MalformedRequestError,
    VALIDATION_FAILED: ValidationFailedError,
    UNKNOWN_INSTRUMENT: UnknownInstrumentError,
    UNKNOWN_ORDER: UnknownOrderError,
    DUPLICATE_CLIENT_ORDER_ID: DuplicateClientOrderIdError,
    ORDER_CLOSED: OrderClosedError,
    INSUFFICIENT_BALANCE: InsufficientBalanceError,
    PRICE_INCREMENT: PriceIncrementError,
    QUANTITY_INCREMENT: QuantityIncrementError,
    QUANTITY_RANGE: QuantityRangeError,
    NOTIONAL_TOO_SMALL: NotionalTooSmallError,
    POST_ONLY_WOULD_TAKE: PostOnlyWouldTakeError,
    NO_LIQUIDITY: NoLiquidityError,
    RATE_LIMITED: RateLimitedError,
    BODY_TOO_LARGE: BodyTooLargeError,
    UNSUPPORTED_MEDIA_TYPE: UnsupportedMediaTypeError,
    NOT_FOUND: NotFoundError,
    METHOD_NOT_ALLOWED: MethodNotAllowedError,
    INTERNAL: InternalError,
    UNAVAILABLE: UnavailableError,
  },
};
