"""The sync client: data and one call each."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from venuekit_runtime.client import BaseClient

from golden import operations

if TYPE_CHECKING:
    from venuekit_runtime.bodies import File
    from venuekit_runtime.core import CallOptions

    from golden import models


class Client(BaseClient):
    """Calls Bodies and waits for each answer."""

    _default_base_url = "https://api.example"
    _user_agent = "golden/1.0.0"

    def add_document(
        self,
        *,
        scan: File | bytes,
        title: str,
        pages: list[File | bytes] | None = None,
        worth: Decimal | None = None,
        tags: models.AddDocumentRequestTags | None = None,
        options: CallOptions | None = None,
    ) -> bytes:
        """Add document."""
        return self._call(
            operations.ADD_DOCUMENT,
            {
                "scan": scan,
                "pages": pages,
                "title": title,
                "worth": worth,
                "tags": tags,
            },
            options,
        )

    def add_parts(
        self,
        *,
        body: dict[str, Any] | None = None,
        options: CallOptions | None = None,
    ) -> None:
        """Add parts.

        Args:
            body: The whole body.
        """
        self._call(operations.ADD_PARTS, {"body": body}, options)

    def add_filter(
        self,
        *,
        side: models.AddFilterRequestSide | None = None,
        options: CallOptions | None = None,
    ) -> None:
        """Add filter."""
        self._call(operations.ADD_FILTER, {"side": side}, options)
