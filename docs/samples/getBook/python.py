"""Reads the ten best levels of each side."""

import os

import meridian

with meridian.Client(base_url=os.environ["MERIDIAN_URL"]) as client:
    book = client.get_book(symbol="BTC-USD", depth=10)
    print(book.symbol, book.sequence)
    for level in book.bids:
        print("bid", level.price, level.quantity)
