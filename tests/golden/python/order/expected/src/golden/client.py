"""The sync client: data and one call each."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType
from venuekit_runtime.client import BaseClient

from golden import operations

if TYPE_CHECKING:
    from venuekit_runtime.core import CallOptions

    from golden import models


class Client(BaseClient):
    """Calls An order and waits for each answer."""

    _default_base_url = "https://api.venue.example/v2"
    _user_agent = "golden/2"

    def place_order(
        self,
        *,
        client_order_id: str,
        quantity: Decimal,
        side: models.PlaceOrderRequestSide | str | None = None,
        stop: Decimal | None | UnsetType = UNSET,
        options: CallOptions | None = None,
    ) -> models.PlaceOrderResponse:
        """Place order.

        Args:
            client_order_id: Your own id.
        """
        return self._call(
            operations.PLACE_ORDER,
            {
                "client_order_id": client_order_id,
                "quantity": quantity,
                "side": side,
                "stop": stop,
            },
            options,
        )

    def find_order(self, client_order_id: str, *, options: CallOptions | None = None) -> str | None:
        """Find order."""
        return self._call(operations.FIND_ORDER, {"client_order_id": client_order_id}, options)
