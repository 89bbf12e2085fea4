"""Gives an order a new quantity and a new price. Usage: python.py ORDER_ID"""

import os
import sys
from decimal import Decimal

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    order = client.replace_order(
        order_id=sys.argv[1],
        quantity=Decimal("0.02"),
        price=Decimal("50100"),
    )
    print(order.order_id, order.quantity, order.price)
