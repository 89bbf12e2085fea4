"""The shipped overlays and the published documents that they complete, one or several each."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from venuekit.load import Loaded, load
from venuekit.overlays import overlay_files

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
_KRAKEN = "asyncapi-examples/kraken-websocket-request-reply"


def _documents() -> dict[str, str]:
    """Return the document, or a pattern of several, of each overlay by its name."""
    found = {
        "okx": "openxapi/okx-rest.openapi.yaml",
        "oanda": "oanda/v20.swagger.json",
        "gemini-marketdata": "asyncapi-examples/websocket-gemini.asyncapi.yml",
        "kraken-websocket": f"{_KRAKEN}-multiple-channels.asyncapi.yml",
        "kraken-websocket-filtered": f"{_KRAKEN}-message-filter-in-reply.asyncapi.yml",
    }
    for product in ("spot", "umfutures", "cmfutures", "options", "pmargin"):
        start = f"openxapi/binance-{product}"
        found[f"binance-{product}"] = f"{start}.openapi.yaml"
        found[f"binance-{product}-streams"] = f"{start}-streams.asyncapi.yaml"
        if product not in ("options", "pmargin"):
            found[f"binance-{product}-websocket"] = f"{start}.asyncapi.yaml"
        if product != "spot":
            # It joins two documents, each of which has an overlay of its own as well.
            both = f"{start}.openapi.yaml {start}-streams.asyncapi.yaml"
            found[f"binance-{product}-session"] = both
    for part in ("account", "broker", "earn", "futures", "margin", "spot"):
        found[f"kucoin-{part}"] = f"kucoin/rest-{part}.openapi.json"
    for part in ("futures", "margin", "spot"):
        for access in ("private", "public"):
            found[f"kucoin-ws-{part}-{access}"] = f"kucoin/ws-{part}-{access}.openapi.json"
            # Margin's sockets take the token of spot.
            rest = f"kucoin/rest-{'spot' if part == 'margin' else part}.openapi.json"
            both = f"{rest} kucoin/ws-{part}-{access}.openapi.json"
            found[f"kucoin-{part}-{access}-session"] = both
    for part in ("allmids", "assetctxs", "candle", "l2book", "userstate"):
        found[f"hyperliquid-{part}"] = f"hyperliquid/info/{part}.yaml"
    found["hyperliquid"] = "hyperliquid/info/*.yaml"
    return found


DOCUMENTS = _documents()


@functools.cache
def _completed(name: str) -> Loaded:
    documents = [path for p in DOCUMENTS[name].split() for path in sorted(CORPUS.glob(p))]
    return load(documents, overlay_files([Path(one) for one in _together(name)]))


def _together(name: str) -> list[str]:
    """Return the overlays that complete what an overlay completes, itself among them."""
    start, _, last = name.rpartition("-")
    if last != "session":
        return [name]
    venue, _, rest = start.partition("-")
    if venue == "binance":
        return [start, f"{start}-streams", name]
    part = rest.partition("-")[0]
    return [f"kucoin-{'spot' if part == 'margin' else part}", f"kucoin-ws-{rest}", name]


@pytest.fixture(scope="session")
def documents() -> dict[str, str]:
    """The document of each overlay, by the overlay's name."""
    return DOCUMENTS


@pytest.fixture(scope="session")
def completed() -> Callable[[str], Loaded]:
    """What loads a document with its overlay, each once."""
    return _completed
