"""Venues that only verify the signature, decode the order and answer: no matching, no journal.

usage: venue_of_libraries.py fastapi|asgi PORT KEYS_FILE

`fastapi` is the usual way, with typed models; `asgi` is the least that uvicorn can run.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Request
from pydantic import BaseModel

TARGET = "/v1/orders"
SECRETS: dict[str, bytes] = {}
WINDOW_MS = 5_000


def is_signed(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the request was signed by a known key within the window."""
    key, timestamp = headers["meridian-key"], headers["meridian-timestamp"]
    age_ms = time.time_ns() // 1_000_000 - int(timestamp)
    if key not in SECRETS or not -1_000 <= age_ms <= WINDOW_MS:
        return False
    digest = hashlib.sha256(body).hexdigest()
    nonce = headers["meridian-nonce"]
    parts = ("MERIDIAN-1", "POST", headers["host"], TARGET, digest, timestamp, nonce, key)
    wanted = hmac.new(SECRETS[key], "\n".join(parts).encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), headers["meridian-signature"].encode())


class PlaceOrder(BaseModel):
    """The order, as a FastAPI user types it."""

    client_order_id: str
    symbol: str
    side: Literal["buy", "sell"]
    order_type: Literal["limit", "market"]
    quantity: str
    price: str | None = None
    time_in_force: str = "good_till_cancel"
    post_only: bool = False


class Order(BaseModel):
    """The answer."""

    order_id: str
    client_order_id: str
    symbol: str
    side: str
    order_type: str
    time_in_force: str
    post_only: bool
    quantity: str
    price: str | None
    cumulative_quantity: str
    leaves_quantity: str
    average_price: str | None
    order_status: str
    created_at_ms: int
    updated_at_ms: int
    sequence: int


def answer(order: Any, number: int) -> dict[str, Any]:
    """An order that rests, whatever was asked for."""
    now_ms = time.time_ns() // 1_000_000
    return {
        "order_id": str(number),
        "client_order_id": order.client_order_id,
        "symbol": order.symbol,
        "side": order.side,
        "order_type": order.order_type,
        "time_in_force": order.time_in_force,
        "post_only": order.post_only,
        "quantity": order.quantity,
        "price": order.price,
        "cumulative_quantity": "0",
        "leaves_quantity": order.quantity,
        "average_price": None,
        "order_status": "new",
        "created_at_ms": now_ms,
        "updated_at_ms": now_ms,
        "sequence": number,
    }


def fastapi_venue() -> FastAPI:
    """One typed operation."""
    app = FastAPI()
    count = 0

    @app.post(TARGET, status_code=201)
    async def place(
        order: PlaceOrder, request: Request, meridian_key: Annotated[str, Header()]
    ) -> Order:
        nonlocal count
        if not is_signed(request.headers, await request.body()):
            raise HTTPException(401, f"the signature of {meridian_key} does not hold")
        count += 1
        return Order(**answer(order, count))

    return app


class LeanOrder(msgspec.Struct):
    """The order, for the lean venue."""

    client_order_id: str
    symbol: str
    side: Literal["buy", "sell"]
    order_type: Literal["limit", "market"]
    quantity: str
    price: str | None = None
    time_in_force: str = "good_till_cancel"
    post_only: bool = False


def asgi_venue() -> Any:
    """One ASGI function: verify, decode, answer."""
    decoder = msgspec.json.Decoder(LeanOrder)
    encode = msgspec.json.Encoder().encode
    count = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal count
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, content = 401, b"{}"
        if is_signed(headers, body):
            count += 1
            status, content = 201, encode(answer(decoder.decode(body), count))
        length = str(len(content)).encode()
        named = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": status, "headers": named})
        await send({"type": "http.response.body", "body": content})

    return app


def main(kind: str, port: str, keys_file: str) -> None:
    """Serve with uvicorn's fastest settings until the process is ended."""
    for key, secret in json.loads(Path(keys_file).read_text()):
        SECRETS[key] = secret.encode()
    app = fastapi_venue() if kind == "fastapi" else asgi_venue()
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
