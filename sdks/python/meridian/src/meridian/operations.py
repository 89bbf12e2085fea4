"""REST operations as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.operation import (
    Body,
    BodyField,
    Cost,
    DedupKey,
    ErrorTable,
    HttpOperation,
    PageRule,
    Parameter,
    Response,
    TypeRef,
)

if TYPE_CHECKING:
    from meridian import models

_MODELS = "meridian.models"
_ERRORS = ErrorTable(TypeRef("meridian.errors", "BY_CODE"))

GET_TIME: HttpOperation[models.ServerTime] = HttpOperation(
    name="getTime",
    method="GET",
    path="/v1/time",
    effect="read",
    responses=(Response("200", "application/json", TypeRef(_MODELS, "ServerTime")),),
    costs=(Cost("public", 1),),
    errors=_ERRORS,
)

LIST_INSTRUMENTS: HttpOperation[models.InstrumentList] = HttpOperation(
    name="listInstruments",
    method="GET",
    path="/v1/instruments",
    effect="read",
    responses=(Response("200", "application/json", TypeRef(_MODELS, "InstrumentList")),),
    costs=(Cost("public", 5),),
    errors=_ERRORS,
)

GET_BOOK: HttpOperation[models.Book] = HttpOperation(
    name="getBook",
    method="GET",
    path="/v1/instruments/{symbol}/book",
    effect="read",
    parameters=(
        Parameter("symbol", "symbol", "path", required=True, style="simple", explode=False),
        Parameter("depth", "depth", "query"),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "Book")),),
    costs=(Cost("public", 5),),
    errors=_ERRORS,
)

LIST_TRADES: HttpOperation[models.TradePage] = HttpOperation(
    name="listTrades",
    method="GET",
    path="/v1/instruments/{symbol}/trades",
    effect="read",
    parameters=(
        Parameter("symbol", "symbol", "path", required=True, style="simple", explode=False),
        Parameter("limit", "limit", "query"),
        Parameter("cursor", "cursor", "query"),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "TradePage")),),
    costs=(Cost("public", 5),),
    errors=_ERRORS,
    pages=PageRule("cursor", ("trades",), next=("next_cursor",)),
)

PLACE_ORDER: HttpOperation[models.Order] = HttpOperation(
    name="placeOrder",
    method="POST",
    path="/v1/orders",
    effect="create",
    body=Body(
        "application/json",
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
    ),
    responses=(
        Response("200", "application/json", TypeRef(_MODELS, "Order")),
        Response("201", "application/json", TypeRef(_MODELS, "Order")),
    ),
    security=(("ed25519",), ("hmac",)),
    dedup_key=DedupKey("client_order_id", "client_order_id", is_resend_safe=True, resolver="getOrderByClientOrderId"),
    costs=(Cost("orders", 1),),
    errors=_ERRORS,
)

LIST_ORDERS: HttpOperation[models.OrderPage] = HttpOperation(
    name="listOrders",
    method="GET",
    path="/v1/orders",
    effect="read",
    parameters=(
        Parameter("symbol", "symbol", "query"),
        Parameter("order_status", "order_status", "query"),
        Parameter("cursor", "cursor", "query"),
        Parameter("limit", "limit", "query"),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "OrderPage")),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("query", 5),),
    errors=_ERRORS,
    pages=PageRule("cursor", ("orders",), next=("next_cursor",)),
)

GET_ORDER: HttpOperation[models.Order] = HttpOperation(
    name="getOrder",
    method="GET",
    path="/v1/orders/{order_id}",
    effect="read",
    parameters=(
        Parameter("order_id", "order_id", "path", required=True, style="simple", explode=False),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "Order")),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("query", 1),),
    errors=_ERRORS,
)

REPLACE_ORDER: HttpOperation[models.Order] = HttpOperation(
    name="replaceOrder",
    method="PUT",
    path="/v1/orders/{order_id}",
    effect="replace",
    parameters=(
        Parameter("order_id", "order_id", "path", required=True, style="simple", explode=False),
    ),
    body=Body(
        "application/json",
        fields=(
            BodyField("quantity", "quantity", wire="decimal"),
            BodyField("price", "price", wire="decimal"),
        ),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "Order")),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("orders", 1),),
    errors=_ERRORS,
)

CANCEL_ORDER: HttpOperation[models.Order] = HttpOperation(
    name="cancelOrder",
    method="DELETE",
    path="/v1/orders/{order_id}",
    effect="cancel",
    parameters=(
        Parameter("order_id", "order_id", "path", required=True, style="simple", explode=False),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "Order")),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("cancels", 1),),
    errors=_ERRORS,
)

GET_ORDER_BY_CLIENT_ORDER_ID: HttpOperation[models.Order] = HttpOperation(
    name="getOrderByClientOrderId",
    method="GET",
    path="/v1/orders/by-client-order-id/{client_order_id}",
    effect="read",
    parameters=(
        Parameter("client_order_id", "client_order_id", "path", required=True, style="simple", explode=False),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "Order")),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("query", 1),),
    errors=_ERRORS,
)

LIST_EXECUTIONS: HttpOperation[models.ExecutionPage] = HttpOperation(
    name="listExecutions",
    method="GET",
    path="/v1/executions",
    effect="read",
    parameters=(
        Parameter("symbol", "symbol", "query"),
        Parameter("order_id", "order_id", "query"),
        Parameter("cursor", "cursor", "query"),
        Parameter("limit", "limit", "query"),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "ExecutionPage")),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("query", 5),),
    errors=_ERRORS,
    pages=PageRule("cursor", ("executions",), next=("next_cursor",)),
)

LIST_BALANCES: HttpOperation[models.BalanceList] = HttpOperation(
    name="listBalances",
    method="GET",
    path="/v1/balances",
    effect="read",
    responses=(Response("200", "application/json", TypeRef(_MODELS, "BalanceList")),),
    security=(("ed25519",), ("hmac",)),
    costs=(Cost("query", 5),),
    errors=_ERRORS,
)
