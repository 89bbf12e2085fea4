"""Signs a 300-byte order as a real venue wants it; usage: sign_venue.py VENUE ours|ccxt|official.

From a mapping of the order to what goes on the wire, in each contestant's own way: the catalogue's
emitted signer over a body that msgspec writes, ccxt's `sign`, the functions of the venue's own SDK.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from urllib.parse import urlencode

import msgspec
from rounds import play

BATCH = 50
KEY, SECRET, PHRASE = "bench-key-0000001", "bench-secret-of-thirty-two-bytes", "phrase"
HOST = "api.venue.example"
ORDER = {
    "symbol": "BTC-USDT",
    "side": "buy",
    "type": "limit",
    "quantity": "0.25",
    "price": "64250.5",
    "timeInForce": "GTC",
    "clientOrderId": "a" * 176,
}
# Venue: the catalogue's scheme, the path, ccxt's exchange and how its `sign` is asked.
VENUES: dict[str, tuple[str, str, tuple[str, list[str]]]] = {
    "binance": ("binance-rest", "/api/v3/order", ("order", ["private"])),
    "okx": ("okx-v5", "/api/v5/trade/order", ("trade/order", ["private"])),
    "bybit": ("bybit-v5", "/v5/order/create", ("v5/order/create", ["private"])),
    "kucoin": ("kucoin", "/api/v1/orders", ("orders", ["private"])),
}


assert len(msgspec.json.encode(ORDER)) == 300, len(msgspec.json.encode(ORDER))


def ours(venue: str) -> Callable[[], object]:
    """The emitted signer, on a new draft each time."""
    from venuekit.signing.catalogue import catalogue_entry
    from venuekit.vectors.engines import EmittedPython
    from venuekit_runtime.signing import RequestDraft

    name, path, _ = VENUES[venue]
    entry = catalogue_entry(name)
    assert entry is not None
    held = {"key": KEY, "secret": SECRET, "passphrase": PHRASE}
    parts = {part.name: held[part.name] for part in entry.scheme.credentials}
    sign = EmittedPython(entry.scheme).signer(parts).sign
    encode = msgspec.json.Encoder().encode
    if venue == "binance":
        return lambda: sign(RequestDraft("POST", HOST, path, urlencode(ORDER)))
    return lambda: sign(RequestDraft("POST", HOST, path, "", [], encode(ORDER), "application/json"))


def by_ccxt(venue: str) -> Callable[[], object]:
    """ccxt's own `sign`."""
    import ccxt

    client = getattr(ccxt, venue)({"apiKey": KEY, "secret": SECRET, "password": PHRASE})
    path, api = VENUES[venue][2]
    return lambda: client.sign(path, api, "POST", ORDER)


def official(venue: str) -> Callable[[], object]:
    """What the venue's own SDK calls between the order and the wire."""
    match venue:
        case "binance":
            return binance()
        case "okx":
            return okx()
        case "bybit":
            return bybit()
        case _:
            return kucoin()


def binance() -> Callable[[], object]:
    """`binance.api.API.sign_request` up to the sending."""
    from binance.lib.authentication import hmac_hashing
    from binance.lib.utils import encoded_string, get_timestamp

    def sign() -> str:
        payload = {**ORDER, "timestamp": get_timestamp()}
        return (
            f"{encoded_string(payload)}&signature={hmac_hashing(SECRET, encoded_string(payload))}"
        )

    return sign


def okx() -> Callable[[], object]:
    """`okx.okxclient.OkxClient._request` up to the sending, without its logging."""
    from okx import utils

    def sign() -> object:
        stamp, body = utils.get_timestamp(), json.dumps(ORDER)
        text = utils.pre_hash(stamp, "POST", "/api/v5/trade/order", body, False)
        return utils.get_header(KEY, utils.sign(text, SECRET), stamp, PHRASE, "0", False)

    return sign


def bybit() -> Callable[[], object]:
    """`pybit._http_manager` up to the sending."""
    from pybit import _helpers
    from pybit._http_manager import generate_signature

    def sign() -> object:
        stamp, body = _helpers.generate_timestamp(), json.dumps(ORDER)
        return body, generate_signature(False, SECRET, f"{stamp}{KEY}5000{body}")

    return sign


def kucoin() -> Callable[[], object]:
    """The signer of the universal SDK, which keeps the signed passphrase."""
    from kucoin_universal_sdk.internal.infra.default_signer import KcSigner

    signer = KcSigner(KEY, SECRET, PHRASE)
    return lambda: signer.headers(f"POST/api/v1/orders{json.dumps(ORDER)}")


def many(sign: Callable[[], object]) -> Callable[[], object]:
    """So many signatures in one go, so that reading the clock weighs nothing."""

    def batch() -> None:
        for _ in range(BATCH):
            sign()

    return batch


if __name__ == "__main__":
    venue, kind = sys.argv[1:]
    play(many({"ours": ours, "ccxt": by_ccxt, "official": official}[kind](venue)), BATCH)
