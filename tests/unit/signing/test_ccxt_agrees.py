"""Requests that ccxt signs for real venues are verified by the catalogue's schemes.

ccxt is written apart from this project, so that both would have to make the same mistake. The
verifier reads the request as ccxt sends it: places, formats, canonical string and signature.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from venuekit.contract.signing import DECODED_TYPE, ValueType
from venuekit.signing.catalogue import catalogue_entry
from venuekit.signing.interpreter import DECODERS
from venuekit.signing.public_keys import public_part
from venuekit.signing.received import Placed, Received, Refusal
from venuekit.signing.verifier import Verifier
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.engines import EmittedPython
from venuekit.vectors.run import spoiled

ccxt = pytest.importorskip("ccxt", reason="ccxt, a test-only dependency, is not installed")

SECRET = "c2VjcmV0LWZvci12ZWN0b3JzLW9ubHktMzItYnl0ZXMhIQ=="
SEED = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
COUNT = 25

Call = tuple[str, list[str], str]


@dataclass(frozen=True)
class Venue:
    """One exchange of ccxt, the scheme that it follows, and what to call."""

    exchange: str
    scheme: str
    calls: tuple[Call, ...]
    key: str = "testkey0001"
    secret: str = SECRET
    lacks: tuple[str, ...] = ()
    """Values that ccxt leaves out or writes in another form, which the venue takes as well."""

    def __str__(self) -> str:
        return f"{self.exchange}-{self.scheme}"


P = ["private"]
VENUES = (
    Venue("binance", "binance-rest", (("openOrders", P, "GET"), ("order", P, "DELETE"))),
    Venue("bybit", "bybit-v5", (("v5/order/create", P, "POST"), ("v5/order/realtime", P, "GET"))),
    Venue("okx", "okx-v5", (("trade/order", P, "POST"), ("account/balance", P, "GET"))),
    Venue(
        "bitget",
        "bitget-v2",
        (
            ("v2/spot/trade/place-order", ["private", "spot"], "POST"),
            ("v2/spot/account/assets", ["private", "spot"], "GET"),
        ),
    ),
    Venue("kraken", "kraken-spot", (("AddOrder", P, "POST"), ("Balance", P, "POST"))),
    Venue(
        "krakenfutures",
        "kraken-futures",
        (("sendorder", P, "POST"), ("openpositions", P, "GET")),
        lacks=("Nonce",),
    ),
    Venue("kucoin", "kucoin", (("orders", P, "POST"), ("accounts", P, "GET"))),
    Venue(
        "mexc",
        "mexc-spot-v3",
        (("order", ["spot", "private"], "POST"), ("order", ["spot", "private"], "GET")),
    ),
    Venue(
        "mexc",
        "mexc-contract",
        (
            ("order/submit", ["contract", "private"], "POST"),
            ("position/open_positions", ["contract", "private"], "GET"),
        ),
    ),
    Venue(
        "htx",
        "htx-v2",
        (
            ("v1/account/accounts", ["spot", "private"], "GET"),
            ("v1/order/orders/place", ["spot", "private"], "POST"),
        ),
    ),
    Venue(
        "gemini",
        "gemini-payload",
        (("v1/order/new", P, "POST"), ("v1/balances", P, "POST")),
        key="account-testkey0001",
    ),
    Venue(
        "bitfinex",
        "bitfinex-v2",
        (("auth/w/order/submit", P, "POST"), ("auth/r/wallets", P, "POST")),
    ),
    Venue(
        "gate",
        "gate-v4",
        (("orders", ["private", "spot"], "POST"), ("open_orders", ["private", "spot"], "GET")),
    ),
    Venue("btcmarkets", "btcmarkets-v3", (("orders", P, "POST"), ("orders", P, "GET"))),
    Venue(
        "bingx",
        "bingx-v1",
        (
            ("trade/order", ["spot", "v1", "private"], "POST"),
            ("account/balance", ["spot", "v1", "private"], "GET"),
        ),
    ),
    Venue("coinbaseexchange", "coinbase-exchange", (("orders", P, "POST"), ("orders", P, "GET"))),
    Venue("bitstamp", "bitstamp-v2", (("buy/btcusd/", P, "POST"), ("balance/", P, "POST"))),
    Venue(
        "cryptocom",
        "cryptocom-v1",
        (
            ("private/create-order", ["v1", "private"], "POST"),
            ("private/user-balance", ["v1", "private"], "POST"),
        ),
        lacks=("nonce",),
    ),
    Venue(
        "whitebit",
        "whitebit",
        (
            ("trade-account/balance", ["v4", "private"], "POST"),
            ("order/new", ["v4", "private"], "POST"),
        ),
    ),
    Venue("bitso", "bitso", (("orders", P, "POST"), ("balance", P, "GET"))),
    Venue("bitvavo", "bitvavo", (("order", P, "POST"), ("orders", P, "GET"))),
    Venue("backpack", "backpack", (("api/v1/orders", P, "GET"),), secret=SEED),
    Venue(
        "deribit",
        "deribit-rest",
        (("get_account_summary", P, "GET"), ("buy", P, "GET")),
        lacks=("nonce",),
    ),
    Venue("upbit", "upbit-jwt", (("orders", P, "GET"), ("accounts", P, "GET"))),
    Venue("bithumb", "bithumb-v1-nul", (("info/balance", P, "POST"),)),
)


def parameters(r: random.Random) -> dict[str, str]:
    """Values with spaces, separators and letters beyond ASCII, as a careless caller has them."""
    alphabet = "abcXYZ019-._~ :/@,;é你"
    found = {"symbol": "BTC-USDT", "quantity": str(r.randrange(1, 10**6))}
    for number in range(r.randrange(4)):
        found[f"p{number}"] = "".join(r.choice(alphabet) for _ in range(r.randrange(1, 10)))
    return found


def received(signed: Mapping[str, Any]) -> Received:
    url = urlsplit(signed["url"])
    body = signed.get("body") or b""
    return Received(
        method=signed["method"],
        host=url.netloc,
        target=(url.path or "/") + (f"?{url.query}" if url.query else ""),
        body=body.encode() if isinstance(body, str) else body,
        headers=tuple(
            (name.encode(), str(value).encode())
            for name, value in (signed.get("headers") or {}).items()
        ),
    )


def verifier(venue: Venue) -> tuple[Verifier, dict[str, Any]]:
    entry = catalogue_entry(venue.scheme)
    assert entry is not None
    parts = {"key": venue.key, "secret": venue.secret, "passphrase": "passphrase1"}
    material = {
        part.name: DECODERS[part.decoding](venue.scheme, parts, part.name)
        if DECODED_TYPE[part.decoding] in (ValueType.TEXT, ValueType.BYTES)
        else public_part(part.decoding, parts[part.name])
        for part in entry.scheme.credentials
    }
    return Verifier(entry.scheme), material


def exchange(venue: Venue) -> Any:
    settings = {"apiKey": venue.key, "secret": venue.secret, "password": "passphrase1"}
    return getattr(ccxt, venue.exchange)(settings)


def own_inputs(venue: Venue, given: Mapping[str, str]) -> dict[str, Any]:
    """What the venue's server knows for itself."""
    if venue.scheme == "backpack":
        return {"instruction": "orderQueryAll", "params": list(given.items())}
    return {}


@pytest.mark.parametrize("venue", VENUES, ids=str)
def test_what_ccxt_signs_is_verified(venue: Venue) -> None:
    judge, material = verifier(venue)
    client = exchange(venue)
    r = random.Random(str(venue))
    for number in range(COUNT):
        path, api, method = venue.calls[number % len(venue.calls)]
        given = parameters(r)
        request = received(client.sign(path, api, method, given))
        request = replace(request, inputs=own_inputs(venue, given))
        placed = judge.read(request)
        if isinstance(placed, Refusal) and any(name in placed.message for name in venue.lacks):
            assert takes_loosely(venue, judge, request, material), (number, request)
            continue
        assert isinstance(placed, Placed), (placed, request)
        refusal = judge.check_signature(request, placed, material)
        assert refusal is None, (number, request)
        assert signed_by_us(venue, judge, request, placed) == placed.signature, (number, request)
        other = replace(placed, signature=spoiled(placed.signature))
        assert judge.check_signature(request, other, material) is not None


def signed_by_us(venue: Venue, judge: Verifier, request: Received, placed: Placed) -> Any:
    """Our emitted signer's signature of the request that ccxt signed, with its time and nonce."""
    # What verifies a request sees it as its signer did: without the signature.
    bare = judge.frame(request, placed, verifier(venue)[1]).request
    parts = {"key": venue.key, "secret": venue.secret, "passphrase": "passphrase1"}
    settings = {i.name: i.default for i in judge.scheme.inputs if i.default is not None}
    stated = {name: text for name, text in placed.inputs.items() if name in settings}
    prepared = PreparedRequest(
        parts={part.name: parts[part.name] for part in judge.scheme.credentials},
        method=bare.method,
        host=bare.host,
        path=bare.path,
        query=bare.query,
        headers=tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in request.headers),
        body=bare.body.decode(),
        message=message_of(bare.body),
        timestamp=placed.timestamp,
        nonce=placed.nonce,
        inputs={**settings, **stated, **request.inputs},
    )
    return EmittedPython(judge.scheme).sign(judge.use, prepared).signature


def message_of(body: bytes) -> Any:
    return json.loads(body) if body.startswith(b"{") else None


def takes_loosely(
    venue: Venue, judge: Verifier, request: Received, material: Mapping[str, Any]
) -> bool:
    """Verify where a value is absent or in another form: it is read here by hand."""
    headers = {name.decode().lower(): value.decode() for name, value in request.headers}
    if venue.scheme == "kraken-futures":
        placed = Placed(signature=headers["authent"])
    elif venue.scheme == "deribit-rest":
        stated = dict(pair.split("=") for pair in headers["authorization"].split(" ")[1].split(","))
        placed = Placed(
            stated["sig"], stated["id"], stated["ts"], int(stated["ts"]), stated["nonce"]
        )
    else:
        body = json.loads(request.body)
        placed = Placed(signature=body["sig"], nonce=str(body["nonce"]))
    return judge.accepts(request, placed, material)


def test_at_least_twenty_venues_are_compared() -> None:
    assert len({venue.exchange for venue in VENUES}) >= 20
