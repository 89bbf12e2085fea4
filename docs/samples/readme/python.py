"""Places an order, cancels it, and says what became of it."""

import os
from decimal import Decimal

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"], secret=os.environ["MERIDIAN_SECRET"]
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    try:
        order = client.place_order(
            client_order_id="my-first-order",  # unique per account: a repeat is safe
            symbol="BTC-USD",
            side="buy",
            order_type="limit",
            quantity=Decimal("0.01"),  # exact, never a float
            price=Decimal("50000"),
        )
        print(client.cancel_order(order_id=order.order_id).order_status)
    except meridian.errors.InsufficientBalanceError as error:
        print(error.message)
