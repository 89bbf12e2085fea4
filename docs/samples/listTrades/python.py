"""Lists the last ten trades."""

import os

import meridian

with meridian.Client(base_url=os.environ["MERIDIAN_URL"]) as client:
    page = client.list_trades(symbol="BTC-USD", limit=10)
    for trade in page.trades:
        print(trade.trade_id, trade.side, trade.quantity, trade.price)
    print("more" if page.next_cursor else "end")
