"""A nonce that the server gives for each request: no two requests ever have the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest
from nonce_venue import NonceVenue
from session_venue import KEY, SECRET, serve

from venuekit_runtime import errors
from venuekit_runtime.retry import RetryPolicy


@pytest.fixture
def nonces() -> Iterator[NonceVenue]:
    """A venue of this test's own."""
    with serve(NonceVenue) as running:
        yield running


@pytest.fixture
def package(emitted: Callable[..., ModuleType]) -> ModuleType:
    """The package of the venue's document."""
    return emitted("session_nonce", "nonce.openapi.yaml")


def test_calls_at_once_in_one_loop_share_no_nonce(package: ModuleType, nonces: NonceVenue) -> None:
    async def run() -> list[str]:
        held = package.SignedCredentials(key=KEY, secret=SECRET)
        async with package.AsyncClient(nonces.url, held) as client:
            replies = await asyncio.gather(*(client.get_account() for _ in range(40)))
            return [reply.name for reply in replies]

    used = asyncio.run(run())
    assert len(set(used)) == 40
    assert all(int(nonce) > 2**53 for nonce in used)
    assert nonces.calls == {"open": 40}
    assert nonces.most_asking > 1, "they were asked for at once, not one after the other"


def test_calls_at_once_in_many_threads_share_no_nonce(
    package: ModuleType, nonces: NonceVenue
) -> None:
    held = package.SignedCredentials(key=KEY, secret=SECRET)
    with package.Client(nonces.url, held) as client, ThreadPoolExecutor(16) as pool:
        names = [f"o-{n}" for n in range(40)]
        used = [r.name for r in pool.map(lambda n: client.place_order(client_order_id=n), names)]
    assert len(set(used)) == 40
    assert sorted(nonces.orders) == sorted(names)
    assert nonces.calls == {"open": 40}
    assert nonces.most_asking > 1


def test_each_attempt_has_a_nonce_of_its_own(package: ModuleType, nonces: NonceVenue) -> None:
    nonces.refusals["after"] = 1
    held = package.SignedCredentials(key=KEY, secret=SECRET)
    policy = RetryPolicy(attempts=3, base_s=0.01, cap_s=0.02)
    with package.Client(nonces.url, held, retry=policy) as client:
        client.get_account()
    assert len(set(nonces.spent)) == 2
    assert nonces.calls == {"open": 2}


def test_a_nonce_that_was_gone_is_replaced_once(package: ModuleType, nonces: NonceVenue) -> None:
    held = package.SignedCredentials(key=KEY, secret=SECRET)
    with package.Client(nonces.url, held) as client:
        nonces.refusals["forget"] = 1
        client.place_order(client_order_id="a-1")
        assert nonces.calls == {"open": 2, "refused": 1}
        nonces.refusals["forget"] = 2
        with pytest.raises(errors.ApiError, match="NONCE_GONE"):
            client.place_order(client_order_id="a-2")
    assert nonces.orders == ["a-1"]


def test_without_a_nonce_nothing_is_sent(package: ModuleType, nonces: NonceVenue) -> None:
    nonces.refusals["nonce"] = -1
    held = package.SignedCredentials(key=KEY, secret=SECRET)
    with (
        package.Client(nonces.url, held) as client,
        pytest.raises(errors.SessionError, match=r"getNonce did not open the session of signed"),
    ):
        client.place_order(client_order_id="a-1")
    assert nonces.orders == nonces.spent == []
    assert set(nonces.calls) == {"nonce failed"}
