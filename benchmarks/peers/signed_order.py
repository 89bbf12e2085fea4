"""A signed Meridian order as a user of a plain HTTP library writes it by hand.

The body and the answer go through msgspec, so that peers differ from the SDK in the HTTP library
and not in the JSON library.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets
import time

import msgspec

KEY = "bench-key"
SECRET = "bench-secret-of-thirty-two-bytes"
TARGET = "/v1/orders"

_numbers = itertools.count(1)


class PlaceOrder(msgspec.Struct):
    """The order that every contestant places."""

    client_order_id: str
    symbol: str = "BTC-USD"
    side: str = "buy"
    order_type: str = "limit"
    quantity: str = "0.25"
    price: str = "64250.5"


class Order(msgspec.Struct):
    """The members of the answer that a trader reads first."""

    order_id: str
    client_order_id: str
    symbol: str
    order_status: str
    quantity: str
    leaves_quantity: str
    cumulative_quantity: str
    sequence: int
    price: str | None = None


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Order).decode


def next_id() -> str:
    """A client order id that no other order of this process has."""
    return f"bench-{next(_numbers)}"


def body() -> bytes:
    """The next order, serialised."""
    return encode(PlaceOrder(next_id()))


def headers(host: str, body: bytes) -> dict[str, str]:
    """What signs a POST to /v1/orders: HMAC-SHA256 over the canonical string."""
    timestamp = str(time.time_ns() // 1_000_000)
    nonce = secrets.token_hex(16)
    digest = hashlib.sha256(body).hexdigest()
    text = "\n".join(("MERIDIAN-1", "POST", host, TARGET, digest, timestamp, nonce, KEY))
    signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "MERIDIAN-KEY": KEY,
        "MERIDIAN-TIMESTAMP": timestamp,
        "MERIDIAN-NONCE": nonce,
        "MERIDIAN-SIGNATURE": signature,
    }
