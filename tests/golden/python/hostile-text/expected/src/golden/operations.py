"""REST operations as data."""

from __future__ import annotations

from venuekit_runtime.operation import (
    HttpOperation,
    Parameter,
    Response,
)

SAY_IT: HttpOperation[None] = HttpOperation(
    name="say\nit",
    method="POST",
    path="/a\"b\\c/{x}",
    effect="create",
    parameters=(Parameter("x", "x", "path", required=True, style="simple", explode=False),),
    responses=(Response("204"),),
)
