"""What a server of this contract must answer, by operation."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from venuekit_runtime.server.handling import Context

from golden import answers, models


class Handlers(Protocol):
    """Answers every REST operation; a method that is missing is a type error."""

    async def place_order(
        self,
        context: Context,
        /,
        *,
        price: Decimal,
        side: models.OrderSide,
        count: int,
        parent: models.Order | None = None,
    ) -> (
        models.Order
        | answers.Created[models.Order]
        | answers.Refused4XX[models.PlaceOrderResponse4Xx]
    ):
        """Place order.

        Raises:
            errors.NoMoneyError
        """
        ...
