"""The same random request signed by a venue's own SDK and by us: the same signature.

Each SDK's own functions are called, with the time that ours used. The SDKs are test-only and stand
in the dependency group `signing`, which `nox -s signing` installs; there none may be absent.
"""

from __future__ import annotations

import importlib
import json
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from venuekit.contract.signing import SigningScheme
from venuekit.signing.catalogue import catalogue_entry
from venuekit.vectors.engines import EmittedPython
from venuekit_runtime.signing import RequestDraft

COUNT = 200
MUST_BE_INSTALLED = "VENUEKIT_OFFICIAL_SDKS"
"""Set by the session that installs the SDKs, so that an absent one fails there."""
KEY, PHRASE = "testkey0001", "passphrase1"
SECRET = "c2VjcmV0LWZvci12ZWN0b3JzLW9ubHktMzItYnl0ZXMhIQ=="
STAMP = 1_700_000_000_123
ALPHABET = "abcXYZ019-._~ :/@,;é你&=+%"

Order = dict[str, str]


@dataclass(frozen=True)
class Venue:
    """An SDK by its package on PyPI and its module, the scheme, and both ways to a signature."""

    package: str
    module: str
    scheme: str
    theirs: Callable[[Any, Order], str]
    ours: Callable[[Any, Order], str]

    def __str__(self) -> str:
        return self.package


def order(r: random.Random) -> Order:
    """An order with spaces, separators and letters beyond ASCII."""
    found = {"symbol": "BTC-USDT", "quantity": str(r.randrange(1, 10**6))}
    for number in range(r.randrange(4)):
        found[f"p{number}"] = "".join(r.choice(ALPHABET) for _ in range(r.randrange(1, 10)))
    return found


def compact(given: Mapping[str, str]) -> str:
    return json.dumps(given, separators=(",", ":"))


def posted(signer: Any, path: str, body: str, timestamp: str, header: str) -> str:
    """The signature of ours over a body, out of its header."""
    draft = RequestDraft("POST", "venue.example", path, body=body.encode())
    signer.sign_at(draft, timestamp, "")
    return dict(draft.headers)[header]


def binance_theirs(module: Any, given: Order) -> str:
    utils = importlib.import_module("binance.lib.utils")
    text = utils.encoded_string({**given, "timestamp": STAMP})
    return str(module.hmac_hashing(SECRET, text))


def binance_ours(signer: Any, given: Order) -> str:
    draft = RequestDraft("POST", "venue.example", "/api/v3/order", urlencode(given, safe="@"))
    signer.sign_at(draft, str(STAMP), "")
    return draft.query.rpartition("signature=")[2]


def okx_theirs(module: Any, given: Order) -> str:
    text = module.pre_hash(ISO, "POST", "/api/v5/trade/order", json.dumps(given), False)
    return str(module.sign(text, SECRET).decode())


def okx_ours(signer: Any, given: Order) -> str:
    return posted(signer, "/api/v5/trade/order", json.dumps(given), ISO, "OK-ACCESS-SIGN")


def bybit_theirs(module: Any, given: Order) -> str:
    return str(module.generate_signature(False, SECRET, f"{STAMP}{KEY}5000{json.dumps(given)}"))


def bybit_ours(signer: Any, given: Order) -> str:
    return posted(signer, "/v5/order/create", json.dumps(given), str(STAMP), "X-BAPI-SIGN")


def kucoin_theirs(module: Any, given: Order) -> str:
    signer = module.KcSigner(KEY, SECRET, PHRASE)
    text = f"{STAMP}POST/api/v1/orders{json.dumps(given)}"
    return str(signer.sign(text.encode(), SECRET.encode()))


def kucoin_ours(signer: Any, given: Order) -> str:
    return posted(signer, "/api/v1/orders", json.dumps(given), str(STAMP), "KC-API-SIGN")


def bitvavo_theirs(module: Any, given: Order) -> str:
    return str(module.createSignature(STAMP, "POST", "/order", given, SECRET))


def bitvavo_ours(signer: Any, given: Order) -> str:
    return posted(signer, "/v2/order", compact(given), str(STAMP), "BITVAVO-ACCESS-SIGNATURE")


def kraken_theirs(module: Any, given: Order) -> str:
    client = module.API(KEY, SECRET)
    return str(client._sign({**given, "nonce": str(STAMP)}, "/0/private/AddOrder"))


def kraken_ours(signer: Any, given: Order) -> str:
    body = urlencode(given).encode()
    draft = RequestDraft("POST", "venue.example", "/0/private/AddOrder", body=body)
    signer.sign_at(draft, "", str(STAMP))
    return dict(draft.headers)["API-Sign"]


def gate_theirs(module: Any, given: Order) -> str:
    configuration = module.Configuration(key=KEY, secret=SECRET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.import_module("time"), "time", lambda: STAMP // 1000)
        client = module.ApiClient(configuration)
        signed = client.gen_sign("POST", "/api/v4/spot/orders", "", json.dumps(given))
    assert signed["Timestamp"] == str(STAMP // 1000)
    return str(signed["SIGN"])


def gate_ours(signer: Any, given: Order) -> str:
    path, stamp = "/api/v4/spot/orders", str(STAMP // 1000)
    return posted(signer, path, json.dumps(given), stamp, "SIGN")


ISO = "2023-11-14T22:13:20.123Z"
VENUES = (
    Venue(
        "binance-connector",
        "binance.lib.authentication",
        "binance-rest",
        binance_theirs,
        binance_ours,
    ),
    Venue("python-okx", "okx.utils", "okx-v5", okx_theirs, okx_ours),
    Venue("pybit", "pybit._http_manager", "bybit-v5", bybit_theirs, bybit_ours),
    Venue(
        "kucoin-universal-sdk",
        "kucoin_universal_sdk.internal.infra.default_signer",
        "kucoin",
        kucoin_theirs,
        kucoin_ours,
    ),
    Venue(
        "python-bitvavo-api",
        "python_bitvavo_api.bitvavo",
        "bitvavo",
        bitvavo_theirs,
        bitvavo_ours,
    ),
    Venue("krakenex", "krakenex", "kraken-spot", kraken_theirs, kraken_ours),
    Venue("gate-api", "gate_api", "gate-v4", gate_theirs, gate_ours),
)


def scheme_of(venue: Venue) -> SigningScheme:
    entry = catalogue_entry(venue.scheme)
    assert entry is not None
    return entry.scheme


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
@pytest.mark.parametrize("venue", VENUES, ids=str)
def test_the_same_request_has_the_same_signature(venue: Venue) -> None:
    try:
        module = importlib.import_module(venue.module)
    except ImportError as error:
        if os.environ.get(MUST_BE_INSTALLED):
            pytest.fail(f"{venue.package} is not installed: {error}")
        pytest.skip(f"{venue.package}, which `nox -s signing` installs, is not here")
    scheme = scheme_of(venue)
    held = {"key": KEY, "secret": SECRET, "passphrase": PHRASE}
    parts = {part.name: held[part.name] for part in scheme.credentials}
    signer = EmittedPython(scheme).signer(parts)
    r = random.Random(venue.package)
    seen = set()
    for _ in range(COUNT):
        given = order(r)
        signature = venue.ours(signer, given)
        assert signature == venue.theirs(module, given), given
        seen.add(signature)
    assert len(seen) > COUNT * 0.9
