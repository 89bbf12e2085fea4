"""Cancels an order. Usage: python.py ORDER_ID"""

import os
import sys

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    order = client.cancel_order(order_id=sys.argv[1])
    print(order.order_id, order.order_status)
