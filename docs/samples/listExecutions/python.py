"""Lists the first executions of one instrument."""

import os

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
with meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials) as client:
    page = client.list_executions(symbol="BTC-USD", limit=50)
    for execution in page.executions:
        print(execution.sequence, execution.execution_type, execution.order_id)
