"""The async client: data and one call each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.async_client import BaseAsyncClient

from golden import operations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from venuekit_runtime.core import CallOptions

    from golden import models


class AsyncClient(BaseAsyncClient):
    """Calls Pages without blocking the event loop."""

    _default_base_url = "https://api.example"
    _user_agent = "golden/1.0.0"

    async def list_orders(
        self,
        *,
        page_token: str | None = None,
        options: CallOptions | None = None,
    ) -> models.ListOrdersResponse:
        """List orders."""
        return await self._call(operations.LIST_ORDERS, {"page_token": page_token}, options)

    def iter_list_orders(
        self,
        *,
        page_token: str | None = None,
        max_items: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[str]:
        """Every item of `list_orders`, page by page; a page is asked for when it is needed."""
        return self._iterate(
            operations.LIST_ORDERS,
            {
                "page_token": page_token,
            },
            max_items,
            options,
        )

    async def list_fills(
        self,
        *,
        page: int | None = None,
        options: CallOptions | None = None,
    ) -> models.ListFillsResponse:
        """List fills."""
        return await self._call(operations.LIST_FILLS, {"page": page}, options)

    def iter_list_fills(
        self,
        *,
        page: int | None = None,
        max_items: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[str]:
        """Every item of `list_fills`, page by page; a page is asked for when it is needed."""
        return self._iterate(operations.LIST_FILLS, {"page": page}, max_items, options)

    async def list_trades(
        self,
        *,
        page: int | None = None,
        options: CallOptions | None = None,
    ) -> models.ListTradesResponse:
        """List trades."""
        return await self._call(operations.LIST_TRADES, {"page": page}, options)
