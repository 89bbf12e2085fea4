"""What a client loads before its first order, in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("meridian")

READY = """
import sys, meridian
client = meridian.Client("http://127.0.0.1:1", meridian.HmacCredentials(key="k", secret="s"),
                         retry=meridian.RetryPolicy(attempts=1))
order = {"client_order_id": "a", "symbol": "BTC-USD", "side": "buy", "order_type": "market",
         "quantity": "1"}
request, _ = client._core.prepare(meridian.operations.PLACE_ORDER, order, None)
assert b"BTC-USD" in request.body
meridian.models, meridian.errors
"""
# Each takes milliseconds, and none is needed to write an order and to sign it.
LATER = {
    "asyncio",
    "cryptography",
    "dataclasses",
    "http.client",
    "logging",
    "random",
    "selectors",
    "socket",
    "ssl",
    "threading",
    "urllib.parse",
    "weakref",
    "websockets",
}
SENT = """
try:
    client.place_order(**order)
except meridian.errors.ConnectError:
    pass
else:
    raise SystemExit("somebody listens on port 1")
"""


def run(text: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", text], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout.splitlines()


def test_the_first_order_is_written_without_what_it_does_not_need() -> None:
    before = set(run("import sys, msgspec; print(*sorted(sys.modules), sep='\\n')"))
    after = set(run(f"{READY}\nprint(*sorted(sys.modules), sep='\\n')"))
    assert "msgspec" in before
    assert (after - before) & LATER == set()
    # What is left is ours, and what HMAC needs.
    assert {"venuekit_runtime.client", "meridian.models", "hashlib"} <= after


def test_what_is_loaded_later_is_there_when_an_order_is_sent() -> None:
    loaded = set(run(f"{READY}{SENT}\nprint(*sorted(sys.modules), sep='\\n')"))
    assert "socket" in loaded
    assert {"ssl", "asyncio", "logging"} & loaded == set()


def test_a_logger_that_is_set_up_after_the_client_hears_of_orders() -> None:
    setup = "import logging\nlogging.basicConfig(level=logging.DEBUG, stream=sys.stdout)\n"
    lines = run(f"{READY}{setup}{SENT}")
    assert len(lines) == 1
    assert lines[0].startswith("DEBUG:venuekit.http:POST /v1/orders: ConnectError in ")


def test_nobody_hears_of_orders_who_did_not_ask() -> None:
    setup = "import logging\nlogging.basicConfig(level=logging.INFO, stream=sys.stdout)\n"
    assert run(f"{READY}{setup}{SENT}") == []
