"""The stream client: requests and channels over one WebSocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.stream.client import BaseStreamClient

from golden import stream_operations

if TYPE_CHECKING:
    from venuekit_runtime.stream.subscription import Subscription

    from golden import models


class StreamClient(BaseStreamClient):
    """Trades with and listens to Stream over one socket that comes back by itself."""

    _default_base_url = "wss://ws.venue.example"
    _protocol = stream_operations.PROTOCOL
    _operations = (
        stream_operations.SUBSCRIBE,
    )
    _channels = (
        stream_operations.ON_TICK,
    )

    def on_tick(self, symbol: str) -> Subscription[models.Tick]:
        """On tick.

        Args:
            symbol: Name of the instrument.
        """
        return self._subscribe(stream_operations.ON_TICK, {"symbol": symbol})
