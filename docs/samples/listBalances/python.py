"""Reads the balances."""

import os

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    for balance in client.list_balances().balances:
        print(balance.currency, balance.available, balance.reserved)
