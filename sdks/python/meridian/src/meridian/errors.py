"""Everything that a call can raise; one class for each code of the venue."""

from __future__ import annotations

from venuekit_runtime.errors import (
    ApiError,
    ConfigurationError,
    ConnectError,
    DecodeError,
    NotConnectedError,
    ProtocolError,
    SigningError,
    StreamClosedError,
    StreamError,
    TimeoutError,
    TransportError,
    UnknownOutcomeError,
    VenueError,
)


class AuthMissingError(ApiError):
    """AUTH_MISSING (status 401): A header of the signature is absent, or a private command came
    before the log-on of its stream.

    Send all four headers, MERIDIAN-KEY, MERIDIAN-TIMESTAMP, MERIDIAN-NONCE and
    MERIDIAN-SIGNATURE; log on before private commands of a stream.
    """

    retry_class = "after_fix"


class AuthInvalidError(ApiError):
    """AUTH_INVALID (status 401): The key is unknown, or the signature does not belong to the bytes
    that arrived.

    Compare the canonical string byte by byte with the vectors of the signing guide. Sign the
    bytes that are sent, never a second serialisation of them.
    """

    retry_class = "after_fix"


class AuthTimestampError(ApiError):
    """AUTH_TIMESTAMP (status 401): The timestamp is more than 5000 ms old or more than 1000 ms
    ahead of the venue's clock.

    Measure the offset of your clock from `details.server_time_ms`, correct the clock, and sign
    anew.
    """

    retry_class = "after_fix"


class AuthReplayError(ApiError):
    """AUTH_REPLAY (status 401): The nonce was used before with this key inside the time window.

    Draw a fresh random nonce for every attempt and sign anew. If you did not send the first
    request, revoke the key.
    """

    retry_class = "after_fix"


class ForbiddenError(ApiError):
    """FORBIDDEN (status 403): The key has no right to do this.

    Use a key with the right to trade.
    """

    retry_class = "never"


class MalformedRequestError(ApiError):
    """MALFORMED_REQUEST (status 400): The request could not be read, because it is not JSON in
    UTF-8, names a field or parameter twice, or has a target that is not in plain form.

    Send one JSON object, and write the target without dot segments, empty segments or a
    fragment.
    """

    retry_class = "after_fix"


class ValidationFailedError(ApiError):
    """VALIDATION_FAILED (status 400): A field is absent, unknown, or not what the contract says.

    Correct the field that `details.field` names.
    """

    retry_class = "after_fix"


class UnknownInstrumentError(ApiError):
    """UNKNOWN_INSTRUMENT (status 404): No instrument has this symbol.

    Take the symbol from `listInstruments`.
    """

    retry_class = "after_fix"


class UnknownOrderError(ApiError):
    """UNKNOWN_ORDER (status 404): The account has no order with this id. Another account's order
    looks the same.

    Look the order up by its client order id. If it is unknown too, it was never accepted.
    """

    retry_class = "never"


class DuplicateClientOrderIdError(ApiError):
    """DUPLICATE_CLIENT_ORDER_ID (status 409): The account used this client order id for a
    different order.

    Choose a new client order id for a new order. To learn what stands under the old one, call
    `getOrderByClientOrderId`.
    """

    retry_class = "after_fix"


class OrderClosedError(ApiError):
    """ORDER_CLOSED (status 409): The order is filled, canceled, rejected or expired and can no
    longer change.

    Read the order; its `order_status` says how it ended.
    """

    retry_class = "never"


class InsufficientBalanceError(ApiError):
    """INSUFFICIENT_BALANCE (status 422): The available balance does not cover the order.

    Lower the quantity or the price, or cancel orders that reserve the balance.
    """

    retry_class = "after_fix"


class PriceIncrementError(ApiError):
    """PRICE_INCREMENT (status 422): The price is not a multiple of the instrument's price
    increment.

    Round the price to `price_increment` of `listInstruments`, with decimals and not with
    floats.
    """

    retry_class = "after_fix"


class QuantityIncrementError(ApiError):
    """QUANTITY_INCREMENT (status 422): The quantity is not a multiple of the instrument's quantity
    increment.

    Round the quantity to `quantity_increment` of `listInstruments`, with decimals and not with
    floats.
    """

    retry_class = "after_fix"


class QuantityRangeError(ApiError):
    """QUANTITY_RANGE (status 422): The quantity is under the instrument's minimum or over its
    maximum.

    Keep between `minimum_quantity` and `maximum_quantity` of `listInstruments`.
    """

    retry_class = "after_fix"


class NotionalTooSmallError(ApiError):
    """NOTIONAL_TOO_SMALL (status 422): Price multiplied by quantity is under the instrument's
    minimum notional.

    Raise the quantity until the notional reaches `minimum_notional` of `listInstruments`.
    """

    retry_class = "after_fix"


class PostOnlyWouldTakeError(ApiError):
    """POST_ONLY_WOULD_TAKE (status 422): The order is post-only and would have traded at once.

    Move the price away from the other side of the book and place the order again under a new
    client order id.
    """

    retry_class = "after_fix"


class NoLiquidityError(ApiError):
    """NO_LIQUIDITY (status 422): The order is a market order and the other side of the book is
    empty.

    Wait for the book to fill, or place a limit order.
    """

    retry_class = "after_delay"


class RateLimitedError(ApiError):
    """RATE_LIMITED (status 429): The bucket that the operation draws from is empty.

    Wait for the seconds that `Retry-After` names. The command was not carried out.
    """

    retry_class = "after_delay"


class BodyTooLargeError(ApiError):
    """BODY_TOO_LARGE (status 413): The body is larger than 65536 bytes.

    Send a smaller body.
    """

    retry_class = "after_fix"


class UnsupportedMediaTypeError(ApiError):
    """UNSUPPORTED_MEDIA_TYPE (status 415): The body is not declared as `application/json`, or it
    is compressed.

    Send `Content-Type application/json` and no Content-Encoding.
    """

    retry_class = "after_fix"


class NotFoundError(ApiError):
    """NOT_FOUND (status 404): The contract has no such path.

    Compare the path with the contract. Paths are matched byte by byte.
    """

    retry_class = "never"


class MethodNotAllowedError(ApiError):
    """METHOD_NOT_ALLOWED (status 405): The path exists, and the contract has no such method on it.

    Use a method that the `Allow` header names.
    """

    retry_class = "never"


class InternalError(ApiError):
    """INTERNAL (status 500): The venue failed. It is unknown whether the command was carried out.

    Look the order up by its client order id before doing anything else.
    """

    retry_class = "resolve"


class UnavailableError(ApiError):
    """UNAVAILABLE (status 503): The venue is starting, stopping or recovering. It is unknown
    whether a command in flight was carried out.

    Wait for the seconds that `Retry-After` names, then look the order up by its client order
    id.
    """

    retry_class = "resolve"


BY_CODE: dict[str, type[ApiError]] = {
    "AUTH_MISSING": AuthMissingError,
    "AUTH_INVALID": AuthInvalidError,
    "AUTH_TIMESTAMP": AuthTimestampError,
    "AUTH_REPLAY": AuthReplayError,
    "FORBIDDEN": ForbiddenError,
    "MALFORMED_REQUEST": MalformedRequestError,
    "VALIDATION_FAILED": ValidationFailedError,
    "UNKNOWN_INSTRUMENT": UnknownInstrumentError,
    "UNKNOWN_ORDER": UnknownOrderError,
    "DUPLICATE_CLIENT_ORDER_ID": DuplicateClientOrderIdError,
    "ORDER_CLOSED": OrderClosedError,
    "INSUFFICIENT_BALANCE": InsufficientBalanceError,
    "PRICE_INCREMENT": PriceIncrementError,
    "QUANTITY_INCREMENT": QuantityIncrementError,
    "QUANTITY_RANGE": QuantityRangeError,
    "NOTIONAL_TOO_SMALL": NotionalTooSmallError,
    "POST_ONLY_WOULD_TAKE": PostOnlyWouldTakeError,
    "NO_LIQUIDITY": NoLiquidityError,
    "RATE_LIMITED": RateLimitedError,
    "BODY_TOO_LARGE": BodyTooLargeError,
    "UNSUPPORTED_MEDIA_TYPE": UnsupportedMediaTypeError,
    "NOT_FOUND": NotFoundError,
    "METHOD_NOT_ALLOWED": MethodNotAllowedError,
    "INTERNAL": InternalError,
    "UNAVAILABLE": UnavailableError,
}
"""The class of each code; a code that is not here is a plain ApiError."""

__all__ = [
    "ApiError",
    "AuthInvalidError",
    "AuthMissingError",
    "AuthReplayError",
    "AuthTimestampError",
    "BY_CODE",
    "BodyTooLargeError",
    "ConfigurationError",
    "ConnectError",
    "DecodeError",
    "DuplicateClientOrderIdError",
    "ForbiddenError",
    "InsufficientBalanceError",
    "InternalError",
    "MalformedRequestError",
    "MethodNotAllowedError",
    "NoLiquidityError",
    "NotConnectedError",
    "NotFoundError",
    "NotionalTooSmallError",
    "OrderClosedError",
    "PostOnlyWouldTakeError",
    "PriceIncrementError",
    "ProtocolError",
    "QuantityIncrementError",
    "QuantityRangeError",
    "RateLimitedError",
    "SigningError",
    "StreamClosedError",
    "StreamError",
    "TimeoutError",
    "TransportError",
    "UnavailableError",
    "UnknownInstrumentError",
    "UnknownOrderError",
    "UnknownOutcomeError",
    "UnsupportedMediaTypeError",
    "ValidationFailedError",
    "VenueError",
]
