"""The sync client: data and one call each."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from venuekit_runtime.client import BaseClient

from golden import operations

if TYPE_CHECKING:
    from venuekit_runtime.core import CallOptions

    from golden import models


class Client(BaseClient):
    """Calls Parameters and waits for each answer."""

    _default_base_url = ""
    _user_agent = "golden/1"

    def list_(
        self,
        ids: list[str],
        *,
        tags: list[int] | None = None,
        filter: dict[str, str] | None = None,
        raw: str | None = None,
        price: Decimal | None = None,
        json: models.ListJson | None = None,
        x_trace: bool | None = None,
        session: str | None = None,
        options: CallOptions | None = None,
    ) -> Any:
        """List."""
        return self._call(
            operations.LIST,
            {
                "ids": ids,
                "tags": tags,
                "filter": filter,
                "raw": raw,
                "price": price,
                "json": json,
                "x_trace": x_trace,
                "session": session,
            },
            options,
        )
