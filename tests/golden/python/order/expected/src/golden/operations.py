"""REST operations as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.operation import (
    Body,
    BodyField,
    DedupKey,
    HttpOperation,
    Parameter,
    Response,
    TypeRef,
)

if TYPE_CHECKING:
    from golden import models

_MODELS = "golden.models"

PLACE_ORDER: HttpOperation[models.PlaceOrderResponse] = HttpOperation(
    name="placeOrder",
    method="POST",
    path="/orders",
    effect="create",
    body=Body(
        "application/json",
        fields=(
            BodyField("client_order_id", "clientOrderId", required=True),
            BodyField("quantity", "quantity", required=True, wire="decimal"),
            BodyField("side", "side"),
            BodyField("stop", "stop", nullable=True, wire="decimal"),
        ),
    ),
    responses=(Response("201", "application/json", TypeRef(_MODELS, "PlaceOrderResponse")),),
    security=(("ApiKey",), ()),
    dedup_key=DedupKey("client_order_id", "clientOrderId", is_resend_safe=True, resolver="findOrder"),
)

FIND_ORDER: HttpOperation[str | None] = HttpOperation(
    name="findOrder",
    method="GET",
    path="/orders/by-id/{clientOrderId}",
    effect="read",
    parameters=(
        Parameter("client_order_id", "clientOrderId", "path", required=True, style="simple", explode=False),
    ),
    responses=(Response("200", "text/csv"), Response("204")),
    security=(("ApiKey",), ()),
)
