"""What each error page says about seeing it in the sandbox is true."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

ERRORS = yaml.safe_load((Path(__file__).parents[3] / "spec" / "errors.yaml").read_text())[
    "x-errors"
]
NOT_BY_REQUEST = {"INTERNAL", "UNAVAILABLE"}
"""A full disk and a stopping server; the server's own tests cause them."""

Provoke = Callable[[Any], Any]


def order(**fields: Any) -> dict[str, Any]:
    base = {
        "client_order_id": os.urandom(8).hex(),
        "symbol": "BTC-USD",
        "side": "buy",
        "order_type": "limit",
        "quantity": "0.01",
        "price": "50000",
    }
    return {k: v for k, v in {**base, **fields}.items() if v is not None}


def place(venue: Any, **fields: Any) -> Any:
    return venue.ask("POST", "/v1/orders", order(**fields))


def plain(venue: Any, method: str, target: str) -> Any:
    return venue.send(method, target, b"", {})


def balances(venue: Any, **more: Any) -> Any:
    return venue.ask("GET", "/v1/balances", **more)


def replay(venue: Any) -> Any:
    headers = venue.signed("GET", "/v1/balances", b"")
    venue.send("GET", "/v1/balances", b"", headers)
    return venue.send("GET", "/v1/balances", b"", headers)


def duplicate(venue: Any) -> Any:
    name = os.urandom(8).hex()
    place(venue, client_order_id=name)
    return place(venue, client_order_id=name, quantity="0.02")


def cancel_twice(venue: Any) -> Any:
    target = f"/v1/orders/{place(venue)['order_id']}"
    venue.ask("DELETE", target)
    return venue.ask("DELETE", target)


def take_post_only(venue: Any) -> Any:
    venue.place("sell", "90000", "bob")
    return place(venue, price="95000", post_only=True)


def flood(venue: Any) -> Any:
    """Ask over one connection until the bucket of this address is empty."""
    connection = HTTPConnection(urlsplit(venue.url).netloc, timeout=60)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        connection.request("GET", "/v1/instruments")
        response = connection.getresponse()
        body = response.read()
        if response.status == 429:
            connection.close()
            assert int(response.headers["Retry-After"]) >= 0
            return {**json.loads(body), "status": response.status}
    raise AssertionError("the bucket never emptied")


WAYS: dict[str, Provoke] = {
    "AUTH_MISSING": lambda v: plain(v, "GET", "/v1/balances"),
    "AUTH_INVALID": lambda v: balances(v, secret="wrong"),
    "AUTH_TIMESTAMP": lambda v: balances(v, late_ms=60_000),
    "AUTH_REPLAY": replay,
    "FORBIDDEN": lambda v: v.ask("POST", "/v1/orders", order(), key="read_only"),
    "MALFORMED_REQUEST": lambda v: v.ask("POST", "/v1/orders", raw=b"{"),
    "VALIDATION_FAILED": lambda v: place(v, symbol=None),
    "UNKNOWN_INSTRUMENT": lambda v: plain(v, "GET", "/v1/instruments/XXX-USD/book"),
    "UNKNOWN_ORDER": lambda v: v.ask("GET", "/v1/orders/0"),
    "DUPLICATE_CLIENT_ORDER_ID": duplicate,
    "ORDER_CLOSED": cancel_twice,
    "INSUFFICIENT_BALANCE": lambda v: place(v, quantity="999"),
    "PRICE_INCREMENT": lambda v: place(v, price="100.001"),
    "QUANTITY_INCREMENT": lambda v: place(v, quantity="0.000015"),
    "QUANTITY_RANGE": lambda v: place(v, quantity="900000"),
    "NOTIONAL_TOO_SMALL": lambda v: place(v, quantity="0.00001", price="0.01"),
    "POST_ONLY_WOULD_TAKE": take_post_only,
    "NO_LIQUIDITY": lambda v: place(v, symbol="ETH-USD", order_type="market", price=None),
    "BODY_TOO_LARGE": lambda v: v.ask("POST", "/v1/orders", raw=b" " * 70_000),
    "UNSUPPORTED_MEDIA_TYPE": lambda v: v.ask("POST", "/v1/orders", order(), media="text/plain"),
    "NOT_FOUND": lambda v: plain(v, "GET", "/v1/nothing"),
    "METHOD_NOT_ALLOWED": lambda v: plain(v, "DELETE", "/v1/time"),
    "RATE_LIMITED": flood,
}


def test_every_code_has_a_way() -> None:
    assert set(WAYS) | NOT_BY_REQUEST == set(ERRORS)


@pytest.mark.parametrize("code", WAYS)
def test_the_sandbox_answers_with_the_code(venue: Any, code: str) -> None:
    answer = WAYS[code](venue)
    assert answer["code"] == code
    assert answer["status"] == ERRORS[code]["http_status"]
    assert answer["request_id"]
