"""Reads the venue's clock."""

import os

import meridian

with meridian.Client(base_url=os.environ["MERIDIAN_URL"]) as client:
    time = client.get_time()
    print(time.server_time_ms)
