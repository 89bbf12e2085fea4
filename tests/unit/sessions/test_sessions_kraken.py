"""Kraken's published WebSocket document with a token of its REST API, over real sockets."""

from __future__ import annotations

import asyncio
import base64
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

ROOT = Path(__file__).parents[4] / "shared" / "corpus" / "asyncapi-examples"
SOCKET = ROOT / "kraken-websocket-request-reply-message-filter-in-reply.asyncapi.yml"
DOCUMENTS = Path(__file__).parent / "documents"
SECRET = base64.b64encode(b"a secret of the private socket").decode()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The emitted package of the published document and a small one for REST."""
    if not SOCKET.is_file():
        pytest.skip("the corpus is not beside the repository")
    overlays = [*overlay_files([Path("kraken-websocket-filtered")])]
    overlays.append(DOCUMENTS / "kraken.overlay.yaml")
    contract = load([DOCUMENTS / "kraken.openapi.yaml", SOCKET], overlays).contract
    folder = tmp_path_factory.mktemp("kraken_v1")
    for path, content in emit(contract, Options(package="kraken_v1")).files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else content.decode()
        (folder / path).write_text(text, encoding="utf-8")
    sys.path.insert(0, str(folder / "src"))
    return importlib.import_module("kraken_v1")


def test_each_private_subscription_has_the_token(package: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        credentials = package.ApiKeyCredentials(key=KEY, secret=SECRET)
        async with package.AsyncClient(f"{venue.url}/0", credentials) as rest:
            url = venue.url.replace("http", "ws", 1)
            async with package.StreamClient(url, rest=rest) as stream:
                wanted = package.models.SubscribeSubscription(name="ownTrades")
                for _ in range(2):
                    await stream.receive_subscribe_request(subscription=wanted)

    asyncio.run(run())
    assert venue.calls == {"open": 1, "connect": 1}
    assert venue.subscribed == [venue.given[0]] * 2


def test_without_it_nothing_is_asked(package: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        async with package.StreamClient(venue.url.replace("http", "ws", 1)) as stream:
            wanted = package.models.SubscribeSubscription(name="ownTrades")
            with pytest.raises(package.errors.ConfigurationError, match="rest=AsyncClient"):
                await stream.receive_subscribe_request(subscription=wanted)

    asyncio.run(run())
    assert venue.calls == {"connect": 1}
