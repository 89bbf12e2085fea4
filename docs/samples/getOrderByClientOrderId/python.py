"""Reads an order by the client's own id. Usage: python.py CLIENT_ORDER_ID"""

import os
import sys

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    try:
        order = client.get_order_by_client_order_id(client_order_id=sys.argv[1])
        print(order.order_id, order.order_status)
    except meridian.errors.UnknownOrderError:
        print("the venue has no such order")
