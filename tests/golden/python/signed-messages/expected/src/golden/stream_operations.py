"""The socket as data."""

from __future__ import annotations

from venuekit_runtime.operation import (
    BodyField,
    DedupKey,
    Event,
    Frame,
    StreamOperation,
    StreamProtocol,
    TypeRef,
)

_MODELS = "golden.models"

PLACE_ORDER: StreamOperation[int] = StreamOperation(
    name="placeOrder",
    effect="create",
    frame=Frame(((("method",), "order.place"),), correlation=("id",), payload=("params",)),
    fields=(
        BodyField("symbol", "symbol", required=True),
        BodyField("side", "side", required=True),
        BodyField("type", "type"),
        BodyField("time_in_force", "timeInForce"),
        BodyField("quantity", "quantity", wire="decimal"),
        BodyField("price", "price", wire="decimal"),
        BodyField("new_client_order_id", "newClientOrderId"),
        BodyField("recv_window", "recvWindow"),
    ),
    replies=(Event(TypeRef(_MODELS, "Answer"), result="status", requires=("id", "status")),),
    security=(("signed",),),
    dedup_key=DedupKey("new_client_order_id", "newClientOrderId", is_resend_safe=True),
    is_signed=True,
)

GET_TIME: StreamOperation[int] = StreamOperation(
    name="getTime",
    effect="read",
    frame=Frame(((("method",), "time"),), correlation=("id",)),
    replies=(Event(TypeRef(_MODELS, "Answer"), result="status", requires=("id", "status")),),
)

PROTOCOL: StreamProtocol = StreamProtocol(
    path="/ws-api/v3",
    correlation=("id",),
    silence_s=6.0,
)
