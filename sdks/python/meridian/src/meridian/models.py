"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Model, OpenEnum


class ServerTime(Model):
    """The venue's clock."""

    server_time_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""


class Error(Model):
    """A refusal. The command was not carried out, unless the code says that its outcome is
    unknown.
    """

    code: ErrorCode
    """What was wrong, for programs. `errors.yaml` says for each code what to do."""

    message: str
    """What was wrong, for people. The wording may change at any time."""

    request_id: str
    """Id of the request in the venue's logs. Quote it when you ask for help."""

    details: ErrorDetails | UnsetType = UNSET
    """Facts that belong to the code, for programs. Which are present depends on the code."""


class InstrumentList(Model):
    """All instruments that are open for trading."""

    instruments: list[Instrument]
    """The instruments, ordered by symbol."""


class Book(Model):
    """The best levels of both sides at one moment, best first."""

    symbol: Symbol
    """Name of an instrument, base currency first."""

    sequence: Sequence
    """Position in a stream of events. It only ever grows."""

    timestamp_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""

    bids: list[Level]
    """Buy levels, highest price first."""

    asks: list[Level]
    """Sell levels, lowest price first."""


class TradePage(Model):
    """One page of trades, newest first."""

    trades: list[Trade]
    """The trades of this page."""

    next_cursor: Cursor | None
    """Cursor of the next page; null on the last one."""


class PlaceOrder(Model):
    """A new order. A limit order must have a price; a market order must have none."""

    client_order_id: ClientOrderId
    """The client's own id of an order, unique for the account. Placing the same order again under
    the same id gives the first order back, so a repeat is safe; another order under that id is
    refused with `DUPLICATE_CLIENT_ORDER_ID`.
    """

    symbol: Symbol
    """Name of an instrument, base currency first."""

    side: Side
    """Side of the book."""

    order_type: OrderType
    """A limit order carries a price, a market order takes what the book offers."""

    quantity: Quantity
    """Quantity in the instrument's base currency."""

    price: Price | UnsetType = UNSET
    """Price of one unit of the base currency, in the instrument's quote currency."""

    time_in_force: PlaceOrderTimeInForce | UnsetType = UNSET
    """How long the order stands."""

    post_only: bool | UnsetType = UNSET
    """Refuse the order with `POST_ONLY_WOULD_TAKE` rather than let it take liquidity."""


class Order(Model):
    """An order as the venue holds it."""

    order_id: OrderId
    """The venue's own id of an order. It survives a replace."""

    client_order_id: ClientOrderId
    """The client's own id of an order, unique for the account. Placing the same order again under
    the same id gives the first order back, so a repeat is safe; another order under that id is
    refused with `DUPLICATE_CLIENT_ORDER_ID`.
    """

    symbol: Symbol
    """Name of an instrument, base currency first."""

    side: Side
    """Side of the book."""

    order_type: OrderType
    """A limit order carries a price, a market order takes what the book offers."""

    time_in_force: TimeInForce
    """How long the order stands. `good_till_cancel` rests in the book, `immediate_or_cancel`
    expires what is not filled at once, `fill_or_kill` fills whole or expires whole.
    """

    post_only: bool
    """Whether the order was refused the right to take liquidity."""

    quantity: Quantity
    """Quantity in the instrument's base currency."""

    price: Price | None
    """Limit price; null for a market order."""

    cumulative_quantity: Quantity
    """Quantity in the instrument's base currency."""

    leaves_quantity: Quantity
    """Quantity in the instrument's base currency."""

    average_price: Price | None
    """Volume-weighted price of all fills, rounded half even to 8 decimals; null before the first
    fill.
    """

    order_status: OrderStatus
    """Where the order stands. `filled`, `canceled`, `rejected` and `expired` are final."""

    created_at_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""

    updated_at_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""

    sequence: Sequence
    """Position in a stream of events. It only ever grows."""


class OrderStatus(OpenEnum):
    """Where the order stands. `filled`, `canceled`, `rejected` and `expired` are final."""

    NEW = "new"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELED = "canceled"
    REJECTED = "rejected"
    EXPIRED = "expired"


class OrderPage(Model):
    """One page of orders, newest first."""

    orders: list[Order]
    """The orders of this page."""

    next_cursor: Cursor | None
    """Cursor of the next page; null on the last one."""


class ReplaceOrder(Model):
    """New quantity, new price, or both. What is absent stays as it is."""

    quantity: Quantity | UnsetType = UNSET
    """Quantity in the instrument's base currency."""

    price: Price | UnsetType = UNSET
    """Price of one unit of the base currency, in the instrument's quote currency."""


class ExecutionPage(Model):
    """One page of executions, oldest first."""

    executions: list[Execution]
    """The executions of this page."""

    next_cursor: Cursor | None
    """Cursor of the next page; null on the last one."""


class BalanceList(Model):
    """One entry for each currency that the account has ever held."""

    balances: list[Balance]
    """The balances, ordered by currency."""


class LogOn(Model):
    """The parts of the signature, as the headers of a REST request carry them."""

    key: str
    """Id of the key that signed."""

    timestamp: str
    """Moment of signing in milliseconds since 1970-01-01T00:00:00Z, in the digits that were
    signed.
    """

    nonce: str
    """Sixteen random bytes, never used before with this key."""

    signature: str
    """Signature of the canonical string."""


class LogOnRequest(Model):
    """Signs this socket on."""

    op: Literal["log_on"]
    """Name of the command."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    params: LogOn
    """The parts of the signature, as the headers of a REST request carry them."""


class SignedOn(Model):
    """Who is signed on."""

    key: str
    """Id of the key that signed."""


class LogOnReply(Model):
    """This socket is signed on."""

    type: Literal["log_on_reply"]
    """Kind of the frame."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    result: SignedOn
    """Who is signed on."""


class Subscription(Model):
    """A topic, named."""

    topic: Topic
    """Address of a channel, with its parameters filled in."""


class SubscribeRequest(Model):
    """Starts a topic."""

    op: Literal["subscribe"]
    """Name of the command."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    params: Subscription
    """A topic, named."""


class SubscribeReply(Model):
    """The topic is started."""

    type: Literal["subscribe_reply"]
    """Kind of the frame."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    result: Subscription
    """A topic, named."""


class UnsubscribeRequest(Model):
    """Stops a topic."""

    op: Literal["unsubscribe"]
    """Name of the command."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    params: Subscription
    """A topic, named."""


class UnsubscribeReply(Model):
    """The topic is stopped."""

    type: Literal["unsubscribe_reply"]
    """Kind of the frame."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    result: Subscription
    """A topic, named."""


class PlaceOrderRequest(Model):
    """Places an order."""

    op: Literal["place_order"]
    """Name of the command."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    params: PlaceOrder
    """A new order. A limit order must have a price; a market order must have none."""


class PlaceOrderReply(Model):
    """The order was accepted."""

    type: Literal["place_order_reply"]
    """Kind of the frame."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    result: Order
    """An order as the venue holds it."""


class ReplaceOrderRequest(Model):
    """Replaces an order."""

    op: Literal["replace_order"]
    """Name of the command."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    params: OrderReplacement
    """Which order to replace, and by what. What is absent stays as it is."""


class ReplaceOrderReply(Model):
    """The order was replaced."""

    type: Literal["replace_order_reply"]
    """Kind of the frame."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    result: Order
    """An order as the venue holds it."""


class CancelOrderRequest(Model):
    """Cancels an order."""

    op: Literal["cancel_order"]
    """Name of the command."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    params: OrderCancellation
    """Which order to cancel."""


class CancelOrderReply(Model):
    """The order was canceled."""

    type: Literal["cancel_order_reply"]
    """Kind of the frame."""

    id: CorrelationId
    """The client's own mark of a request; the reply carries it back."""

    result: Order
    """An order as the venue holds it."""


class ErrorReply(Model):
    """A request was refused."""

    type: Literal["error"]
    """Kind of the frame."""

    id: CorrelationId | None
    """The id of the request; null when it could not be read."""

    error: Error
    """A refusal. The command was not carried out, unless the code says that its outcome is
    unknown.
    """


class HeartbeatFrame(Model):
    """The stream is alive."""

    type: Literal["heartbeat"]
    """Kind of the frame."""

    timestamp_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""


class BookSnapshotFrame(Model):
    """The whole book of an instrument."""

    type: Literal["book_snapshot"]
    """Kind of the frame."""

    topic: Topic
    """Address of a channel, with its parameters filled in."""

    sequence: Sequence
    """Position in a stream of events. It only ever grows."""

    timestamp_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""

    bids: list[Level]
    """Buy levels, highest price first."""

    asks: list[Level]
    """Sell levels, lowest price first."""


class BookDeltaFrame(Model):
    """The levels of a book that changed."""

    type: Literal["book_delta"]
    """Kind of the frame."""

    topic: Topic
    """Address of a channel, with its parameters filled in."""

    sequence: Sequence
    """Position in a stream of events. It only ever grows."""

    previous_sequence: Sequence
    """Position in a stream of events. It only ever grows."""

    timestamp_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""

    bids: list[Level]
    """Buy levels that changed. The quantity 0 removes a level."""

    asks: list[Level]
    """Sell levels that changed. The quantity 0 removes a level."""


class TradeFrame(Model):
    """A trade, on its topic."""

    type: Literal["trade"]
    """Kind of the frame."""

    topic: Topic
    """Address of a channel, with its parameters filled in."""

    data: Trade
    """Two orders met. The side is that of the order that took liquidity."""


class OrderFrame(Model):
    """An order of the account, on its topic."""

    type: Literal["order"]
    """Kind of the frame."""

    topic: Topic
    """Address of a channel, with its parameters filled in."""

    data: Order
    """An order as the venue holds it."""


class ExecutionFrame(Model):
    """An execution of the account, on its topic."""

    type: Literal["execution"]
    """Kind of the frame."""

    topic: Topic
    """Address of a channel, with its parameters filled in."""

    data: Execution
    """One report about one order. The fields from `last_quantity` on are null unless the report is
    a fill.
    """


class CancelRejection(Model):
    """Why a cancel or replace was refused."""

    order_id: OrderId
    """The venue's own id of an order. It survives a replace."""

    request_id: str
    """The id of the refused request."""

    client_order_id: ClientOrderId
    """The client's own id of an order, unique for the account. Placing the same order again under
    the same id gives the first order back, so a repeat is safe; another order under that id is
    refused with `DUPLICATE_CLIENT_ORDER_ID`.
    """

    order_status: OrderStatus
    """Where the order stands. `filled`, `canceled`, `rejected` and `expired` are final."""

    response_to: CancelRejectionResponseTo
    """What was refused."""

    code: ErrorCode
    """What was wrong, for programs. `errors.yaml` says for each code what to do."""

    message: str | UnsetType = UNSET
    """What was wrong, for people."""


class SessionLogOn(Model):
    """Opens a FIX session. The parts of the signature stand in the client's Logon alone."""

    heartbeat_s: int
    """Longest silence between two messages. Unit: s."""

    key: str | UnsetType = UNSET
    """Id of the key that signed."""

    timestamp: str | UnsetType = UNSET
    """Moment of signing in milliseconds, in the digits that were signed."""

    nonce: str | UnsetType = UNSET
    """Sixteen random bytes, never used before with this key."""

    signature: str | UnsetType = UNSET
    """Signature of the canonical string."""

    reset_sequence: bool | UnsetType = UNSET
    """Start both sequences at 1."""

    cancel_on_disconnect: SessionLogOnCancelOnDisconnect | UnsetType = UNSET
    """Which orders the venue cancels when the connection is lost."""


class SessionHeartbeat(Model):
    """The FIX session is alive."""

    test_request_id: str | UnsetType = UNSET
    """The id of the test request that this answers."""


class SessionTestRequest(Model):
    """Asks for a heartbeat."""

    test_request_id: str
    """The heartbeat carries it back."""


class SessionResendRequest(Model):
    """Asks for messages again."""

    begin_sequence: int
    """First message wanted."""

    end_sequence: int
    """Last message wanted; 0 for all."""


class SessionReject(Model):
    """A message broke the rules."""

    reference_sequence: int
    """The message that was rejected."""

    reference_tag: int | UnsetType = UNSET
    """The tag that was wrong."""

    reference_message_type: str | UnsetType = UNSET
    """MsgType of the message that was rejected."""

    reason: SessionRejectReason | UnsetType = UNSET
    """What was wrong."""

    text: str | UnsetType = UNSET
    """What was wrong, for people."""


class SessionSequenceReset(Model):
    """Fills a gap or sets the next sequence number."""

    new_sequence: int
    """Number of the next message."""

    is_gap_fill: bool | UnsetType = UNSET
    """Whether this stands in the place of session messages."""


class SessionLogOut(Model):
    """Closes the FIX session."""

    text: str | UnsetType = UNSET
    """Why, for people."""


class OrderReplacement(Model):
    """Which order to replace, and by what. What is absent stays as it is."""

    order_id: OrderId
    """The venue's own id of an order. It survives a replace."""

    quantity: Quantity | UnsetType = UNSET
    """Quantity in the instrument's base currency."""

    price: Price | UnsetType = UNSET
    """Price of one unit of the base currency, in the instrument's quote currency."""


class OrderCancellation(Model):
    """Which order to cancel."""

    order_id: OrderId
    """The venue's own id of an order. It survives a replace."""


class Execution(Model):
    """One report about one order. The fields from `last_quantity` on are null unless the report is
    a fill.
    """

    execution_id: str
    """Id of this report, unique at the venue."""

    execution_type: ExecutionType
    """What happened to the order."""

    order_id: OrderId
    """The venue's own id of an order. It survives a replace."""

    client_order_id: ClientOrderId
    """The client's own id of an order, unique for the account. Placing the same order again under
    the same id gives the first order back, so a repeat is safe; another order under that id is
    refused with `DUPLICATE_CLIENT_ORDER_ID`.
    """

    symbol: Symbol
    """Name of an instrument, base currency first."""

    side: Side
    """Side of the book."""

    order_status: OrderStatus
    """Where the order stands. `filled`, `canceled`, `rejected` and `expired` are final."""

    quantity: Quantity
    """Quantity in the instrument's base currency."""

    price: Price | None
    """Limit price of the order; null for a market order."""

    last_quantity: Quantity | None
    """Quantity of this fill."""

    last_price: Price | None
    """Price of this fill."""

    cumulative_quantity: Quantity
    """Quantity in the instrument's base currency."""

    leaves_quantity: Quantity
    """Quantity in the instrument's base currency."""

    average_price: Price | None
    """Volume-weighted price of all fills, rounded half even to 8 decimals; null before the first
    fill.
    """

    liquidity: Liquidity | None
    """Maker or taker in this fill."""

    fee: Amount | None
    """Fee charged for this fill."""

    fee_currency: Currency | None
    """Currency of the fee."""

    trade_id: str | None
    """Id of the public trade that this fill is one half of."""

    sequence: Sequence
    """Position in a stream of events. It only ever grows."""

    timestamp_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""


class ErrorCode(OpenEnum):
    """What was wrong, for programs. `errors.yaml` says for each code what to do."""

    AUTH_MISSING = "AUTH_MISSING"
    AUTH_INVALID = "AUTH_INVALID"
    AUTH_TIMESTAMP = "AUTH_TIMESTAMP"
    AUTH_REPLAY = "AUTH_REPLAY"
    FORBIDDEN = "FORBIDDEN"
    MALFORMED_REQUEST = "MALFORMED_REQUEST"
    VALIDATION_FAILED = "VALIDATION_FAILED"
    UNKNOWN_INSTRUMENT = "UNKNOWN_INSTRUMENT"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    DUPLICATE_CLIENT_ORDER_ID = "DUPLICATE_CLIENT_ORDER_ID"
    ORDER_CLOSED = "ORDER_CLOSED"
    INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE"
    PRICE_INCREMENT = "PRICE_INCREMENT"
    QUANTITY_INCREMENT = "QUANTITY_INCREMENT"
    QUANTITY_RANGE = "QUANTITY_RANGE"
    NOTIONAL_TOO_SMALL = "NOTIONAL_TOO_SMALL"
    POST_ONLY_WOULD_TAKE = "POST_ONLY_WOULD_TAKE"
    NO_LIQUIDITY = "NO_LIQUIDITY"
    RATE_LIMITED = "RATE_LIMITED"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    INTERNAL = "INTERNAL"
    UNAVAILABLE = "UNAVAILABLE"


class ErrorDetails(Model):
    """Facts that belong to the code, for programs. Which are present depends on the code."""

    field_: str | UnsetType = field(name="field", default=UNSET)
    """Path of the field that was refused, `price` or `data.price` for instance."""

    server_time_ms: TimestampMs | UnsetType = UNSET
    """Milliseconds since 1970-01-01T00:00:00Z."""


class Instrument(Model):
    """A spot instrument and the limits that its orders keep."""

    symbol: Symbol
    """Name of an instrument, base currency first."""

    base_currency: Currency
    """Code of a currency."""

    quote_currency: Currency
    """Code of a currency."""

    price_increment: Price
    """Price of one unit of the base currency, in the instrument's quote currency."""

    quantity_increment: Quantity
    """Quantity in the instrument's base currency."""

    minimum_quantity: Quantity
    """Quantity in the instrument's base currency."""

    maximum_quantity: Quantity
    """Quantity in the instrument's base currency."""

    minimum_notional: Notional
    """Price multiplied by quantity, in the instrument's quote currency."""


class Level(Model):
    """One price in the book and the whole quantity that rests there."""

    price: Price
    """Price of one unit of the base currency, in the instrument's quote currency."""

    quantity: Quantity
    """Quantity in the instrument's base currency."""


class Trade(Model):
    """Two orders met. The side is that of the order that took liquidity."""

    trade_id: str
    """Id of the trade, unique at the venue."""

    symbol: Symbol
    """Name of an instrument, base currency first."""

    price: Price
    """Price of one unit of the base currency, in the instrument's quote currency."""

    quantity: Quantity
    """Quantity in the instrument's base currency."""

    side: Side
    """Side of the book."""

    timestamp_ms: TimestampMs
    """Milliseconds since 1970-01-01T00:00:00Z."""


class Side(OpenEnum):
    """Side of the book."""

    BUY = "buy"
    SELL = "sell"


class OrderType(OpenEnum):
    """A limit order carries a price, a market order takes what the book offers."""

    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(OpenEnum):
    """How long the order stands. `good_till_cancel` rests in the book, `immediate_or_cancel`
    expires what is not filled at once, `fill_or_kill` fills whole or expires whole.
    """

    GOOD_TILL_CANCEL = "good_till_cancel"
    IMMEDIATE_OR_CANCEL = "immediate_or_cancel"
    FILL_OR_KILL = "fill_or_kill"


class Balance(Model):
    """The amount of one currency. `total` is `available` plus `reserved`, exactly and always."""

    currency: Currency
    """Code of a currency."""

    total: Amount
    """Amount of the currency that is named beside it."""

    available: Amount
    """Amount of the currency that is named beside it."""

    reserved: Amount
    """Amount of the currency that is named beside it."""


class ExecutionType(OpenEnum):
    """What happened to the order."""

    NEW = "new"
    FILL = "fill"
    CANCELED = "canceled"
    REPLACED = "replaced"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Liquidity(OpenEnum):
    """Whether the order rested in the book (`maker`) or took from it (`taker`)."""

    MAKER = "maker"
    TAKER = "taker"


class PlaceOrderTimeInForce(OpenEnum):
    """How long the order stands."""

    GOOD_TILL_CANCEL = "good_till_cancel"
    IMMEDIATE_OR_CANCEL = "immediate_or_cancel"
    FILL_OR_KILL = "fill_or_kill"


class CancelRejectionResponseTo(OpenEnum):
    """What was refused."""

    CANCEL = "cancel"
    REPLACE = "replace"


class SessionLogOnCancelOnDisconnect(OpenEnum):
    """Which orders the venue cancels when the connection is lost."""

    OFF = "off"
    SESSION = "session"
    ACCOUNT = "account"


class SessionRejectReason(OpenEnum):
    """What was wrong."""

    INVALID_TAG = "invalid_tag"
    REQUIRED_TAG_MISSING = "required_tag_missing"
    TAG_NOT_DEFINED = "tag_not_defined"
    UNDEFINED_TAG = "undefined_tag"
    TAG_WITHOUT_VALUE = "tag_without_value"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    INCORRECT_DATA_FORMAT = "incorrect_data_format"
    COMPID_PROBLEM = "compid_problem"
    SENDING_TIME_ACCURACY = "sending_time_accuracy"
    INVALID_MESSAGE_TYPE = "invalid_message_type"
    TAG_REPEATED = "tag_repeated"
    TAG_OUT_OF_ORDER = "tag_out_of_order"
    OTHER = "other"


Symbol: TypeAlias = str


Cursor: TypeAlias = str


OrderId: TypeAlias = str


ClientOrderId: TypeAlias = str


CorrelationId: TypeAlias = str


Topic: TypeAlias = str


TimestampMs: TypeAlias = int


Sequence: TypeAlias = int


Quantity: TypeAlias = Decimal


Price: TypeAlias = Decimal


Amount: TypeAlias = Decimal


Currency: TypeAlias = str


Notional: TypeAlias = Decimal
