"""Binance's published documents, joined by the shipped overlays: a listen key over real sockets."""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from session_venue import KEY, Venue

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import load
from venuekit.overlays import overlay_files

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "openxapi"
NAMES = ("binance-umfutures", "binance-umfutures-streams", "binance-umfutures-session")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The emitted package of the two documents."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the repository")
    documents = [
        CORPUS / "binance-umfutures.openapi.yaml",
        CORPUS / "binance-umfutures-streams.asyncapi.yaml",
    ]
    contract = load(documents, overlay_files([Path(name) for name in NAMES])).contract
    folder = tmp_path_factory.mktemp("umfutures")
    for path, content in emit(contract, Options(package="umfutures")).files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else content.decode()
        (folder / path).write_text(text, encoding="utf-8")
    sys.path.insert(0, str(folder / "src"))
    return importlib.import_module("umfutures")


def test_the_user_stream_is_opened_kept_and_opened_anew(package: ModuleType, venue: Venue) -> None:
    order = {
        "e": "TRADE_LITE",
        "E": 1721895408092,
        "T": 1721895408214,
        "s": "BTCUSDT",
        "q": "0.001",
    }
    venue.event = order

    async def run() -> None:
        async with package.AsyncClient(venue.url, package.api_key(KEY)) as rest:
            url = venue.url.replace("http", "ws", 1)
            async with package.UserDataStreamClient(url, rest=rest) as stream:
                events = stream.user_data_stream_receive_events()
                first = await asyncio.wait_for(anext(events), 30)
                assert type(first).__name__.startswith("TradeLite")
                venue.revoke()
                seen = set()
                while venue.calls["connect"] < 2 or events.is_stale:
                    seen.add(type(await asyncio.wait_for(anext(events), 30)).__name__)
                assert any(name.startswith("ListenKeyExpired") for name in seen)

    asyncio.run(run())
    assert venue.calls["open"] == 2
    assert venue.calls["connect"] == 2
    assert venue.calls["close"] == 1


def test_the_market_streams_need_no_key(package: ModuleType, venue: Venue) -> None:
    assert package.StreamClient(venue.url).status == "down"
    with pytest.raises(package.errors.ConfigurationError, match="rest=AsyncClient"):
        package.UserDataStreamClient(venue.url)
