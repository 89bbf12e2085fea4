"""Places an order, and finds out what became of it when no answer comes."""

import os
import time
import uuid
from decimal import Decimal

import meridian

credentials = meridian.HmacCredentials(
    key=os.environ["MERIDIAN_KEY"],
    secret=os.environ["MERIDIAN_SECRET"],
)
client = meridian.Client(base_url=os.environ["MERIDIAN_URL"], credentials=credentials)
client_order_id = f"python-{uuid.uuid4().hex[:16]}"


def place() -> meridian.models.Order:
    return client.place_order(
        client_order_id=client_order_id,
        symbol="BTC-USD",
        side="buy",
        order_type="limit",
        quantity=Decimal("0.01"),
        price=Decimal("50000"),
    )


def resolve() -> meridian.models.Order:
    time.sleep(6)  # Longer than the request's timestamp holds: nothing is in flight any more.
    try:
        return client.get_order_by_client_order_id(client_order_id=client_order_id)
    except meridian.errors.UnknownOrderError:
        return place()  # The same id, so that it can not become a second order.


with client:
    try:
        order = place()
    except meridian.errors.UnknownOutcomeError:
        order = resolve()
    print(order.order_id, order.client_order_id, order.order_status)
