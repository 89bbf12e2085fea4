"""Lists the open orders of one instrument, page by page."""

import os

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    cursor = None
    while True:
        page = client.list_orders(symbol="BTC-USD", order_status="new", limit=50, cursor=cursor)
        for order in page.orders:
            print(order.order_id, order.side, order.leaves_quantity, order.price)
        cursor = page.next_cursor
        if cursor is None:
            break
