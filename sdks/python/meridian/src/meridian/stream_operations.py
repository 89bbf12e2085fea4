"""The socket as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.operation import (
    BodyField,
    BookRule,
    Channel,
    ChannelParameter,
    Cost,
    DedupKey,
    ErrorTable,
    Event,
    Frame,
    SequenceRule,
    StreamOperation,
    StreamProtocol,
    TypeRef,
)

if TYPE_CHECKING:
    from meridian import models

_MODELS = "meridian.models"
_ERRORS = ErrorTable(TypeRef("meridian.errors", "BY_CODE"))

LOG_ON: StreamOperation[models.SignedOn] = StreamOperation(
    name="logOn",
    effect="read",
    frame=Frame(((("op",), "log_on"),), correlation=("id",), payload=("params",)),
    replies=(Event(TypeRef(_MODELS, "LogOnReply"), ("type",), "log_on_reply", result="result"),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("stream", 1),),
)

SUBSCRIBE: StreamOperation[models.Subscription] = StreamOperation(
    name="subscribe",
    effect="read",
    frame=Frame(((("op",), "subscribe"),), correlation=("id",), payload=("params",)),
    fields=(
        BodyField("topic", "topic", required=True),
    ),
    replies=(Event(TypeRef(_MODELS, "SubscribeReply"), ("type",), "subscribe_reply", result="result"),),
    costs=(Cost("stream", 1),),
)

UNSUBSCRIBE: StreamOperation[models.Subscription] = StreamOperation(
    name="unsubscribe",
    effect="read",
    frame=Frame(((("op",), "unsubscribe"),), correlation=("id",), payload=("params",)),
    fields=(
        BodyField("topic", "topic", required=True),
    ),
    replies=(Event(TypeRef(_MODELS, "UnsubscribeReply"), ("type",), "unsubscribe_reply", result="result"),),
    costs=(Cost("stream", 1),),
)

PLACE_ORDER: StreamOperation[models.Order] = StreamOperation(
    name="placeOrder",
    effect="create",
    frame=Frame(((("op",), "place_order"),), correlation=("id",), payload=("params",)),
    fields=(
        BodyField("client_order_id", "client_order_id", required=True),
        BodyField("symbol", "symbol", required=True),
        BodyField("side", "side", required=True),
        BodyField("order_type", "order_type", required=True),
        BodyField("quantity", "quantity", required=True, wire="decimal"),
        BodyField("price", "price", wire="decimal"),
        BodyField("time_in_force", "time_in_force"),
        BodyField("post_only", "post_only"),
    ),
    replies=(Event(TypeRef(_MODELS, "PlaceOrderReply"), ("type",), "place_order_reply", result="result"),),
    security=(("ed25519",), ("hmac",)),
    dedup_key=DedupKey("client_order_id", "client_order_id", is_resend_safe=True, resolver="getOrderByClientOrderId"),
    costs=(Cost("orders", 1),),
)

REPLACE_ORDER: StreamOperation[models.Order] = StreamOperation(
    name="replaceOrder",
    effect="replace",
    frame=Frame(((("op",), "replace_order"),), correlation=("id",), payload=("params",)),
    fields=(
        BodyField("order_id", "order_id", required=True),
        BodyField("quantity", "quantity", wire="decimal"),
        BodyField("price", "price", wire="decimal"),
    ),
    replies=(Event(TypeRef(_MODELS, "ReplaceOrderReply"), ("type",), "replace_order_reply", result="result"),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("orders", 1),),
)

CANCEL_ORDER: StreamOperation[models.Order] = StreamOperation(
    name="cancelOrder",
    effect="cancel",
    frame=Frame(((("op",), "cancel_order"),), correlation=("id",), payload=("params",)),
    fields=(
        BodyField("order_id", "order_id", required=True),
    ),
    replies=(Event(TypeRef(_MODELS, "CancelOrderReply"), ("type",), "cancel_order_reply", result="result"),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("cancels", 1),),
)

BOOK_UPDATES: Channel[models.BookSnapshotFrame | models.BookDeltaFrame] = Channel(
    name="bookUpdates",
    address="book.{symbol}",
    parameters=(ChannelParameter("symbol", "symbol"),),
    events=(
        Event(TypeRef(_MODELS, "BookSnapshotFrame"), ("type",), "book_snapshot"),
        Event(TypeRef(_MODELS, "BookDeltaFrame"), ("type",), "book_delta"),
    ),
    is_subscribed=True,
    sequence=SequenceRule(("sequence",), previous=("previous_sequence",), snapshot_tags=("book_snapshot",)),
    book=BookRule("bids", "asks", "price", "quantity"),
)

TRADE_UPDATES: Channel[models.Trade] = Channel(
    name="tradeUpdates",
    address="trades.{symbol}",
    parameters=(ChannelParameter("symbol", "symbol"),),
    events=(
        Event(TypeRef(_MODELS, "TradeFrame"), ("type",), "trade", result="data"),
    ),
    is_subscribed=True,
)

ORDER_UPDATES: Channel[models.Order] = Channel(
    name="orderUpdates",
    address="orders",
    events=(
        Event(TypeRef(_MODELS, "OrderFrame"), ("type",), "order", result="data"),
    ),
    is_subscribed=True,
    security=(("ed25519",), ("hmac",)),
)

EXECUTION_UPDATES: Channel[models.Execution] = Channel(
    name="executionUpdates",
    address="executions",
    events=(
        Event(TypeRef(_MODELS, "ExecutionFrame"), ("type",), "execution", result="data"),
    ),
    is_subscribed=True,
    security=(("ed25519",), ("hmac",)),
    sequence=SequenceRule(("data", "sequence")),
)

HEARTBEATS: Channel[models.TimestampMs] = Channel(
    name="heartbeats",
    address="/",
    events=(
        Event(TypeRef(_MODELS, "HeartbeatFrame"), ("type",), "heartbeat", result="timestamp_ms"),
    ),
)

PROTOCOL: StreamProtocol = StreamProtocol(
    path="/v1/stream",
    correlation=("id",),
    topic=("topic",),
    error=("error",),
    log_on=LOG_ON,
    subscribe=SUBSCRIBE,
    unsubscribe=UNSUBSCRIBE,
    silence_s=10.0,
    errors=_ERRORS,
)
