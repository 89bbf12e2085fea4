"""REST operations as data."""

from __future__ import annotations

from typing import Any

from venuekit_runtime.operation import (
    HttpOperation,
    Parameter,
    Response,
)

LIST: HttpOperation[Any] = HttpOperation(
    name="list",
    method="GET",
    path="/a/{ids}",
    effect="read",
    parameters=(
        Parameter("ids", "ids", "path", required=True, style="matrix", explode=False),
        Parameter("tags", "tags", "query", explode=False),
        Parameter("filter", "filter", "query", style="deepObject", explode=False),
        Parameter("raw", "raw", "query", allow_reserved=True),
        Parameter("price", "price", "query", wire="decimal"),
        Parameter("json", "json", "query", wire="json"),
        Parameter("x_trace", "X-Trace", "header", style="simple", explode=False),
        Parameter("session", "session", "cookie"),
    ),
    responses=(Response("200", "application/json"),),
)
