"""REST operations as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.operation import (
    HttpOperation,
    PageRule,
    Parameter,
    Response,
    TypeRef,
)

if TYPE_CHECKING:
    from golden import models

_MODELS = "golden.models"

LIST_ORDERS: HttpOperation[models.ListOrdersResponse] = HttpOperation(
    name="listOrders",
    method="GET",
    path="/orders",
    effect="read",
    parameters=(Parameter("page_token", "pageToken", "query"),),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "ListOrdersResponse")),),
    pages=PageRule("page_token", ("data", "items"), next=("data", "next_page_token")),
)

LIST_FILLS: HttpOperation[models.ListFillsResponse] = HttpOperation(
    name="listFills",
    method="GET",
    path="/fills",
    effect="read",
    parameters=(Parameter("page", "page", "query"),),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "ListFillsResponse")),),
    pages=PageRule("page", ("fills",), has_more=("has_more",), first=0),
)

LIST_TRADES: HttpOperation[models.ListTradesResponse] = HttpOperation(
    name="listTrades",
    method="GET",
    path="/trades",
    effect="read",
    parameters=(Parameter("page", "page", "query"),),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "ListTradesResponse")),),
)
