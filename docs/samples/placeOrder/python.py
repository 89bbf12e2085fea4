"""Places a limit order under an id of its own."""

import os
import uuid
from decimal import Decimal

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    order = client.place_order(
        client_order_id=f"python-{uuid.uuid4().hex[:16]}",
        symbol="BTC-USD",
        side="buy",
        order_type="limit",
        quantity=Decimal("0.01"),
        price=Decimal("50000"),
    )
    print(order.order_id, order.client_order_id, order.order_status)
