"""The stream client: requests and channels over one WebSocket."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from venuekit_runtime.stream.client import BaseStreamClient

from golden import stream_operations

if TYPE_CHECKING:
    pass


class StreamClient(BaseStreamClient):
    """Trades with and listens to Signed messages over one socket that comes back by itself."""

    _default_base_url = "wss://ws.venue.example"
    _protocol = stream_operations.PROTOCOL
    _operations = (
        stream_operations.PLACE_ORDER,
        stream_operations.GET_TIME,
    )
    _channels = ()

    async def place_order(
        self,
        *,
        symbol: str,
        side: str,
        type: str | None = None,
        time_in_force: str | None = None,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        new_client_order_id: str | None = None,
        recv_window: int | None = None,
        timeout_s: float | None = None,
    ) -> int:
        """Place order."""
        return await self._ask(
            stream_operations.PLACE_ORDER,
            {
                "symbol": symbol,
                "side": side,
                "type": type,
                "time_in_force": time_in_force,
                "quantity": quantity,
                "price": price,
                "new_client_order_id": new_client_order_id,
                "recv_window": recv_window,
            },
            timeout_s,
        )

    async def get_time(self, *, timeout_s: float | None = None) -> int:
        """Get time."""
        return await self._ask(stream_operations.GET_TIME, {}, timeout_s)
