"""Meridian as a ccxt exchange, written the way ccxt's own exchanges are: describe, sign, parse."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import signed_order
from ccxt.base.types import Entry


def description(port: str) -> dict[str, Any]:
    """What ccxt calls `describe`, for a venue on this machine."""
    return {
        "id": "meridian",
        "name": "Meridian",
        "version": "v1",
        "rateLimit": 1,
        "enableRateLimit": False,
        "has": {"createOrder": True},
        "urls": {"api": {"private": f"http://127.0.0.1:{port}/v1"}},
        "api": {"private": {"post": ["orders"]}},
        "requiredCredentials": {"apiKey": True, "secret": True},
    }


MARKET = {
    "id": "BTC-USD",
    "symbol": "BTC/USD",
    "base": "BTC",
    "quote": "USD",
    "baseId": "BTC",
    "quoteId": "USD",
    "type": "spot",
    "spot": True,
    "active": True,
    "precision": {"amount": 0.00001, "price": 0.01},
    "limits": {},
}

STATUSES = {"new": "open", "partially_filled": "open", "filled": "closed"}


class Signing:
    """`sign` and `parse_order`, shared by the synchronous and the asynchronous exchange."""

    port: str
    private_post_orders = Entry("orders", "private", "POST", {"cost": 1})

    def describe(self) -> Any:
        """ccxt's description of the venue."""
        return self.deep_extend(super().describe(), description(self.port))

    def sign(
        self,
        path: str,
        api: str = "public",
        method: str = "GET",
        params: Any = None,
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """Write and sign one request with ccxt's own JSON and HMAC."""
        target = f"/v1/{path}"
        host = f"127.0.0.1:{self.port}"
        body = self.json(params)
        timestamp = str(self.milliseconds())
        nonce = secrets.token_hex(16)
        digest = self.hash(self.encode(body), "sha256")
        parts = ("MERIDIAN-1", method, host, target, digest, timestamp, nonce, self.apiKey)
        text = self.encode("\n".join(parts))
        headers = {
            "Content-Type": "application/json",
            "MERIDIAN-KEY": self.apiKey,
            "MERIDIAN-TIMESTAMP": timestamp,
            "MERIDIAN-NONCE": nonce,
            "MERIDIAN-SIGNATURE": self.hmac(text, self.encode(self.secret), hashlib.sha256),
        }
        url = self.urls["api"][api] + "/" + path
        return {"url": url, "method": method, "body": body, "headers": headers}

    def order_request(self) -> dict[str, str]:
        """The parameters of the next order."""
        return {
            "client_order_id": signed_order.next_id(),
            "symbol": "BTC-USD",
            "side": "buy",
            "order_type": "limit",
            "quantity": self.amount_to_precision("BTC/USD", 0.25),
            "price": self.price_to_precision("BTC/USD", 64250.5),
        }

    def parse_order(self, order: Any, market: Any = None) -> Any:
        """The answer in ccxt's unified words."""
        return self.safe_order(
            {
                "info": order,
                "id": self.safe_string(order, "order_id"),
                "clientOrderId": self.safe_string(order, "client_order_id"),
                "timestamp": self.safe_integer(order, "created_at_ms"),
                "datetime": self.iso8601(self.safe_integer(order, "created_at_ms")),
                "symbol": "BTC/USD",
                "type": self.safe_string(order, "order_type"),
                "side": self.safe_string(order, "side"),
                "price": self.safe_string(order, "price"),
                "amount": self.safe_string(order, "quantity"),
                "filled": self.safe_string(order, "cumulative_quantity"),
                "remaining": self.safe_string(order, "leaves_quantity"),
                "average": self.safe_string(order, "average_price"),
                "status": STATUSES[order["order_status"]],
            },
            market,
        )
