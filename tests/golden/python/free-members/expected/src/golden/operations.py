"""REST operations as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.operation import (
    Body,
    BodyField,
    HttpOperation,
    Response,
    TypeRef,
)

if TYPE_CHECKING:
    from golden import models

_MODELS = "golden.models"

PUT_ACCOUNT: HttpOperation[models.Account] = HttpOperation(
    name="putAccount",
    method="POST",
    path="/accounts",
    effect="create",
    body=Body(
        "application/json",
        fields=(
            BodyField("account_id", "account_id", required=True),
            BodyField("extra", "extra"),
            BodyField("parent", "parent"),
        ),
        free=BodyField("extra_free", "extra", wire="decimal_number"),
    ),
    responses=(Response("200", "application/json", TypeRef(_MODELS, "Account")),),
)
