"""REST operations as data."""

from __future__ import annotations

from venuekit_runtime.operation import (
    Body,
    BodyField,
    HttpOperation,
    PartEncoding,
    Response,
)

ADD_DOCUMENT: HttpOperation[bytes] = HttpOperation(
    name="addDocument",
    method="POST",
    path="/documents",
    effect="create",
    body=Body(
        "multipart/form-data",
        fields=(
            BodyField("scan", "scan", required=True),
            BodyField("pages", "pages"),
            BodyField("title", "title", required=True),
            BodyField("worth", "worth", wire="decimal"),
            BodyField("tags", "tags"),
        ),
        encodings=(PartEncoding("scan", media_type="image/png"),),
    ),
    responses=(Response("200", "application/pdf"),),
)

ADD_PARTS: HttpOperation[None] = HttpOperation(
    name="addParts",
    method="POST",
    path="/parts",
    effect="create",
    body=Body("multipart/form-data", whole="body", required=False),
    responses=(Response("204"),),
)

ADD_FILTER: HttpOperation[None] = HttpOperation(
    name="addFilter",
    method="POST",
    path="/filters",
    effect="create",
    body=Body(
        "application/x-www-form-urlencoded",
        fields=(
            BodyField("side", "side"),
        ),
        required=False,
        encodings=(PartEncoding("side", style="deepObject"),),
    ),
    responses=(Response("204"),),
)
