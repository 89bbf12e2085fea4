"""Tells which kind of document one is, and which kinds cannot be read yet."""

from __future__ import annotations

from typing import Literal

from venuekit.load.findings import Report
from venuekit.load.upgrade import describes_topics
from venuekit.load.validity import asyncapi_cure, asyncapi_versions
from venuekit.source import Document, root

Kind = Literal["openapi", "asyncapi", "swagger", "asyncapi2", "topics"]
"""The kinds that are read; the last three are rewritten as the first two.

Topics are an OpenAPI document whose paths are WebSocket topics.
"""

_OPENAPI = ("3.0", "3.1", "3.2")


def kind_of(document: Document, report: Report) -> Kind | None:
    """Return the kind of a document; None after a finding when it cannot be read."""
    node = root(document)
    for key in ("swagger", "openapi", "asyncapi"):
        member = node.get(key)
        if member is None:
            continue
        version = str(member.value)
        if key == "openapi" and version[:3] in _OPENAPI and isinstance(member.value, str):
            return "topics" if describes_topics(document) else "openapi"
        if key == "asyncapi" and version in asyncapi_versions():
            return "asyncapi" if version.startswith("3.") else "asyncapi2"
        if key == "swagger" and version == "2.0":
            return "swagger"
        is_lacking = key == "asyncapi" and not asyncapi_versions()
        fact = "cannot be read without AsyncAPI's schemas, which this installation lacks"
        report.error(
            "unsupported-document",
            member,
            f"{key} {version} {fact if is_lacking else 'is not yet read'}",
            f"Run: {asyncapi_cure()}" if is_lacking else _cure(key),
        )
        return None
    report.error(
        "unsupported-document",
        node,
        "this is neither an OpenAPI nor an AsyncAPI document",
        "Begin it with `openapi: 3.1.0` or `asyncapi: 3.0.0`.",
    )
    return None


def _cure(key: str) -> str:
    if key == "asyncapi":
        known = ", ".join(asyncapi_versions())
        return f"The versions {known} are read; convert the document to one of them."
    return "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read; convert the document to one of them."
