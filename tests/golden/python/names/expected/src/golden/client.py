"""The sync client: data and one call each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.client import BaseClient

from golden import operations

if TYPE_CHECKING:
    from venuekit_runtime.core import CallOptions

    from golden import models


class Client(BaseClient):
    """Calls Names and waits for each answer."""

    _default_base_url = ""
    _user_agent = "golden/1"

    def import_(
        self,
        id: str,
        *,
        id_query: str | None = None,
        from_: int | None = None,
        self_: str | None = None,
        options: CallOptions | None = None,
    ) -> models.ImportResponse:
        """Import."""
        return self._call(
            operations.IMPORT,
            {
                "id": id,
                "id_query": id_query,
                "from_": from_,
                "self_": self_,
            },
            options,
        )
