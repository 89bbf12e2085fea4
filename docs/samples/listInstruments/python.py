"""Lists the instruments and the steps of their prices."""

import os

import meridian

with meridian.Client(base_url=os.environ["MERIDIAN_URL"]) as client:
    for instrument in client.list_instruments().instruments:
        print(instrument.symbol, instrument.price_increment)
