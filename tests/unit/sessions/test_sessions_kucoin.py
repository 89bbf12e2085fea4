"""KuCoin's published documents, joined by the shipped overlays: a token and its server."""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from kucoin_venue import KEY, PASSPHRASE, REFUSED, SECRET, KucoinVenue
from session_venue import serve

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import load
from venuekit.overlays import overlay_files
from venuekit_runtime import errors
from venuekit_runtime.stream.backoff import Backoff

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "kucoin"
QUICK = Backoff(base_s=0.01, cap_s=0.05)
SPOT, FUTURES, PUBLIC = "spot-private", "futures-private", "spot-public"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleType]:
    """The emitted packages of a REST document with a document of sockets, by what they join."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the repository")
    found = {}
    for name in (SPOT, FUTURES, PUBLIC):
        rest = name.partition("-")[0]
        documents = [CORPUS / f"{one}.openapi.json" for one in (f"rest-{rest}", f"ws-{name}")]
        overlays = [f"kucoin-{rest}", f"kucoin-ws-{name}", f"kucoin-{name}-session"]
        loaded = load(documents, overlay_files([Path(one) for one in overlays]))
        package = f"kucoin_{name.replace('-', '_')}"
        emission = emit(loaded.contract, Options(package=package))
        assert [f for f in emission.findings if f.severity == "error"] == []
        folder = tmp_path_factory.mktemp(package)
        for path, content in emission.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else content.decode()
            (folder / path).write_text(text, encoding="utf-8")
        sys.path.insert(0, str(folder / "src"))
        found[name] = importlib.import_module(package)
    return found


@pytest.fixture
def kucoin() -> Iterator[KucoinVenue]:
    """A venue of this test's own."""
    with serve(KucoinVenue) as running:
        yield running


@asynccontextmanager
async def socket(
    package: ModuleType, venue: KucoinVenue, secret: str = SECRET, **options: Any
) -> AsyncIterator[Any]:
    held = package.SignedCredentials(key=KEY, secret=secret, passphrase=PASSPHRASE)
    async with (
        package.AsyncClient(venue.url, held) as rest,
        package.StreamClient(rest=rest, backoff=QUICK, **options) as stream,
    ):
        yield stream


def go(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(15):
            await run()

    asyncio.run(bounded())


def test_a_signed_call_gets_the_token_and_the_socket_opens_where_the_reply_says(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    async def run() -> None:
        async with socket(packages[SPOT], kucoin) as stream:
            event = await anext(stream.account())
            assert event.data.currency == "USDT"
            assert (await stream.ping()).type == "pong"

    go(run)
    assert kucoin.calls == {"open": 1, "connect": 1}
    assert kucoin.hosts == [kucoin.urls[1].removeprefix("http://")]
    assert kucoin.subscribed == ["/account/balance"]


def test_the_futures_do_the_same(packages: dict[str, ModuleType], kucoin: KucoinVenue) -> None:
    async def run() -> None:
        async with socket(packages[FUTURES], kucoin) as stream:
            stream.balance()
            assert (await stream.ping()).type == "pong"

    go(run)
    assert kucoin.calls == {"open": 1, "connect": 1}
    assert kucoin.subscribed == ["/contractAccount/wallet"]


def test_a_public_token_asks_for_no_key(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    async def run() -> None:
        package = packages[PUBLIC]
        async with (
            package.AsyncClient(kucoin.url) as rest,
            package.StreamClient(rest=rest, backoff=QUICK) as stream,
        ):
            stream.ticker(symbol="BTC-USDT")
            assert (await stream.ping()).type == "pong"

    go(run)
    assert kucoin.calls == {"open": 1, "connect": 1}


def test_a_wrong_signature_is_the_venues_refusal(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    async def run() -> None:
        async with socket(packages[SPOT], kucoin, secret="another-secret"):
            pytest.fail("it must not open")

    with pytest.raises(errors.SessionError, match=r"getPrivateToken .* session of socketToken"):
        go(run)
    assert kucoin.calls == {"open": 1, "unsigned": 1}


def test_a_socket_that_was_lost_takes_a_new_token_where_the_old_is_refused(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    async def run() -> None:
        async with socket(packages[SPOT], kucoin) as stream:
            events = stream.account()
            await anext(events)
            await asyncio.get_running_loop().run_in_executor(None, kucoin.drop_sockets)
            await anext(events)
            assert (kucoin.calls["open"], kucoin.calls["connect"]) == (1, 2)
            kucoin.revoke()
            await asyncio.get_running_loop().run_in_executor(None, kucoin.drop_sockets)
            await anext(events)

    go(run)
    assert (kucoin.calls["open"], kucoin.calls["refused"]) == (2, 1)
    assert len(kucoin.connections) == len(set(kucoin.connections)) == 3


def test_a_reconnect_goes_where_the_new_reply_says(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    async def run() -> None:
        async with socket(packages[SPOT], kucoin) as stream:
            events = stream.account()
            await anext(events)
            # Now the venue names the first port for its sockets.
            kucoin.endpoint = f"{kucoin.url.replace('http', 'ws', 1)}/endpoint"
            kucoin.revoke()
            await asyncio.get_running_loop().run_in_executor(None, kucoin.drop_sockets)
            await anext(events)

    go(run)
    places = [url.removeprefix("http://") for url in kucoin.urls]
    assert (kucoin.hosts[0], kucoin.hosts[-1]) == (places[1], places[0])


def test_an_error_frame_is_a_typed_refusal(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    kucoin.refused_topics = ["/account/balance"]

    async def run() -> None:
        async with socket(packages[SPOT], kucoin) as stream:
            with pytest.raises(errors.ApiError, match="topic /account/balance is not found") as one:
                await anext(stream.account())
            assert (one.value.code, one.value.status) == ("404", 0)
            kucoin.refused_topics = ["ping"]
            with pytest.raises(errors.ApiError, match="type is not supported") as one:
                await stream.ping(timeout_s=5)
            assert one.value.code == "400"

    go(run)
    assert kucoin.calls["connect"] == 1


def test_an_error_frame_that_says_that_the_token_is_over_brings_a_new_one(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    async def run() -> None:
        async with socket(packages[SPOT], kucoin) as stream:
            kucoin.revoke()
            await anext(stream.account())

    go(run)
    assert (kucoin.calls["gone"], kucoin.calls["open"]) == (1, 2)


@pytest.mark.parametrize(("address", "words"), REFUSED)
def test_a_token_is_taken_to_no_other_host(
    packages: dict[str, ModuleType], kucoin: KucoinVenue, address: str, words: str
) -> None:
    kucoin.endpoint = address

    async def run() -> None:
        async with socket(packages[SPOT], kucoin):
            pytest.fail("it must not open")

    with pytest.raises(errors.SessionError, match=words) as caught:
        go(run)
    assert isinstance(caught.value.__cause__, errors.ConfigurationError)
    assert "user:word" not in str(caught.value)
    assert kucoin.calls == {"open": 1}


def test_what_a_caller_names_goes_before_the_reply(
    packages: dict[str, ModuleType], kucoin: KucoinVenue
) -> None:
    kucoin.endpoint = "wss://ws-api-spot.kucoin.com/"
    mine = f"{kucoin.urls[1].replace('http', 'ws', 1)}/endpoint"

    async def run() -> None:
        async with socket(packages[SPOT], kucoin, base_url=mine) as stream:
            await anext(stream.account())

    go(run)
    assert kucoin.calls == {"open": 1, "connect": 1}


def test_the_token_is_not_shown(
    packages: dict[str, ModuleType], kucoin: KucoinVenue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    async def run() -> None:
        async with socket(packages[SPOT], kucoin) as stream:
            await anext(stream.account())
            shown.extend(map(repr, (stream, vars(stream), vars(stream._kept))))

    go(run)
    text = caplog.text + "".join(shown)
    assert "getPrivateToken" in text
    for secret in (*kucoin.given, SECRET, PASSPHRASE):
        assert secret not in text
