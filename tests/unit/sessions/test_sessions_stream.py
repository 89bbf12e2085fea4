"""Sessions of sockets: a key in the address, a token in each message, against a real venue."""

from __future__ import annotations

import asyncio
import base64
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import pytest
from session_venue import KEY, Venue
from session_venue import SECRET as USER_SECRET

from venuekit_runtime import errors
from venuekit_runtime.stream.backoff import Backoff
from venuekit_runtime.stream.session import Status

QUICK = Backoff(base_s=0.01, cap_s=0.05)
SECRET = base64.b64encode(b"a secret of the private socket").decode()


@asynccontextmanager
async def user_stream(user: ModuleType, venue: Venue, key: str = KEY) -> AsyncIterator[Any]:
    async with user.AsyncClient(venue.url, user.api_key(key)) as rest:
        url = venue.url.replace("http", "ws", 1)
        async with user.StreamClient(url, rest=rest, backoff=QUICK) as stream:
            yield stream


@asynccontextmanager
async def private_stream(kraken: ModuleType, venue: Venue) -> AsyncIterator[Any]:
    credentials = kraken.ApiKeyCredentials(key=KEY, secret=SECRET)
    async with kraken.AsyncClient(f"{venue.url}/0", credentials) as rest:
        url = venue.url.replace("http", "ws", 1)
        async with kraken.StreamClient(url, rest=rest, backoff=QUICK) as stream:
            yield stream


def go(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await run()

    asyncio.run(bounded())


async def until(is_so: Callable[[], bool], timeout_s: float = 20.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not is_so():  # noqa: ASYNC110 - what is waited for happens in another thread
            await asyncio.sleep(0.01)


def test_the_socket_opens_at_the_address_that_the_session_gives(
    user: ModuleType, venue: Venue
) -> None:
    async def run() -> None:
        async with user_stream(user, venue) as stream:
            events = stream.user_data()
            assert str(await anext(events)) == "1.50"
            assert events.topic == "/ws/{listenKey}", "what is shown holds the name, not the key"

    go(run)
    assert venue.calls == {"open": 1, "connect": 1, "close": 1}
    assert venue.sessions == {}


def test_it_is_refreshed_while_the_socket_is_open(user: ModuleType, venue: Venue) -> None:
    # The contract says when it is refreshed; the venue gives it longer than that, so that a busy
    # machine does not end it.
    venue.lifetime_s = 30.0

    async def run() -> None:
        async with user_stream(user, venue) as stream:
            await until(lambda: venue.calls["refresh"] >= 3)
            assert stream.status is Status.READY

    go(run)
    assert venue.calls["open"] == venue.calls["connect"] == 1
    assert venue.calls["expired"] == 0


def test_after_the_expiry_a_new_key_is_got_and_the_stream_goes_on(
    user: ModuleType, venue: Venue
) -> None:
    # Less than the contract says, so that the venue is the first to end it.
    venue.lifetime_s = 0.7
    venue.refusals["keep"] = -1

    async def run() -> None:
        async with user_stream(user, venue) as stream:
            events = stream.user_data()
            ends = 0
            async for event in events:
                # The caller is told of the end as well, and needs to do nothing about it.
                ends += type(event).__name__ == "ListenKeyExpiredMessage"
                if ends == 2:
                    break
            await until(lambda: venue.calls["open"] >= 3 and not events.is_stale)

    go(run)
    assert venue.calls["connect"] >= 3
    assert len(set(venue.given)) == len(venue.given)


def test_a_key_that_was_forgotten_is_replaced_when_its_refresh_is_refused(
    user: ModuleType, venue: Venue
) -> None:
    venue.lifetime_s = 1000.0

    async def run() -> None:
        async with user_stream(user, venue) as stream:
            await asyncio.sleep(0.1)
            del venue.sessions[venue.given[0]]
            venue.calls.clear()
            await until(lambda: venue.calls["connect"] == 1 and stream.status is Status.READY)

    go(run)
    assert venue.calls["open"] == 1
    assert venue.calls["refused"] == 0


def test_a_reconnect_keeps_a_key_that_still_holds(user: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        async with user_stream(user, venue) as stream:
            events = stream.user_data()
            await anext(events)
            await asyncio.get_running_loop().run_in_executor(None, venue.drop_sockets)
            await anext(events)

    go(run)
    assert (venue.calls["open"], venue.calls["connect"]) == (1, 2)


def test_a_key_that_the_socket_refuses_is_not_tried_again(user: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        async with user_stream(user, venue) as stream:
            events = stream.user_data()
            await anext(events)
            # The venue forgets the key before it closes the socket: its word does not arrive.
            venue.sessions.clear()
            await asyncio.get_running_loop().run_in_executor(None, venue.drop_sockets)
            while str(await anext(events)) != "1.50":
                continue

    go(run)
    assert venue.calls["open"] == 2
    assert venue.calls["refused"] <= 1


def test_without_a_rest_client_it_says_what_to_pass(user: ModuleType, venue: Venue) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"session of listenKey.*rest=AsyncClient"):
        user.StreamClient(venue.url)


def test_a_rest_client_without_credentials_is_no_help(user: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        async with user.AsyncClient(venue.url) as rest:
            with pytest.raises(errors.ConfigurationError, match=r"listenKey cannot be opened"):
                user.StreamClient(venue.url, rest=rest)

    go(run)


def test_a_refused_opening_ends_the_stream_with_its_name(user: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        async with user_stream(user, venue, key="wrong-key"):
            pytest.fail("it must not open")

    with pytest.raises(errors.SessionError, match=r"createListenKey .* session of listenKey"):
        go(run)
    assert venue.calls == {"open": 1}


def test_an_opening_that_fails_for_a_while_is_repeated(user: ModuleType, venue: Venue) -> None:
    venue.refusals["create"] = 4

    async def run() -> None:
        async with user_stream(user, venue) as stream:
            assert stream.status is Status.READY

    go(run)
    assert venue.calls["create failed"] == 4


def test_a_token_stands_in_each_private_message(kraken: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        async with private_stream(kraken, venue) as stream:
            executions = stream.executions()
            assert (await anext(executions))[0].exec_id == "1"
            assert (await stream.add_order(cl_ord_id="a-1")).success

    go(run)
    assert venue.calls["open"] == 1
    assert venue.subscribed == [venue.given[0]] * 2


def test_after_a_reconnect_it_subscribes_again_with_the_same_token(
    kraken: ModuleType, venue: Venue
) -> None:
    async def run() -> None:
        async with private_stream(kraken, venue) as stream:
            executions = stream.executions()
            await anext(executions)
            await asyncio.get_running_loop().run_in_executor(None, venue.drop_sockets)
            await anext(executions)

    go(run)
    assert (venue.calls["open"], venue.calls["connect"]) == (1, 2)
    assert venue.subscribed == [venue.given[0]] * 2


def test_a_token_is_opened_anew_before_it_expires_and_the_socket_stays(
    kraken: ModuleType, venue: Venue
) -> None:
    venue.lifetime_s, venue.grace_s = 1.0, 30.0

    async def run() -> None:
        async with private_stream(kraken, venue) as stream:
            for number in itertools.count():
                assert (await stream.add_order(cl_ord_id=f"a-{number}")).success
                if venue.calls["open"] >= 3:
                    return
                await asyncio.sleep(0.1)

    go(run)
    assert venue.calls["refused"] == 0
    assert venue.calls["connect"] == 1


@pytest.mark.parametrize("name", ["cancel_all", "add_order"])
def test_a_message_that_the_end_of_its_session_refused_is_sent_again(
    kraken: ModuleType, venue: Venue, name: str
) -> None:
    arguments = {"cl_ord_id": "a-1"} if name == "add_order" else {}

    async def run() -> None:
        async with private_stream(kraken, venue) as stream:
            venue.revoke()
            assert (await getattr(stream, name)(**arguments)).success

    go(run)
    assert venue.calls == {"open": 2, "connect": 1, "refused": 1}


def test_a_subscription_that_the_end_of_its_session_refused_comes_back(
    kraken: ModuleType, venue: Venue
) -> None:
    async def run() -> None:
        async with private_stream(kraken, venue) as stream:
            venue.revoke()
            executions = stream.executions()
            assert (await anext(executions))[0].exec_id == "1"

    go(run)
    assert venue.calls["open"] == 2
    assert venue.calls["refused"] == 1


def test_tokens_that_are_never_taken_end_in_the_refusal(kraken: ModuleType, venue: Venue) -> None:
    venue.is_live = lambda token: False  # type: ignore[method-assign]

    async def run() -> None:
        async with private_stream(kraken, venue) as stream:
            with pytest.raises(errors.ApiError, match="Invalid session"):
                await anext(stream.executions())
            with pytest.raises(errors.ApiError, match="Invalid session"):
                await stream.add_order(cl_ord_id="a-1")

    go(run)
    assert venue.calls["open"] <= 3


def test_a_private_message_without_a_session_is_not_sent(kraken: ModuleType, venue: Venue) -> None:
    async def run() -> None:
        async with kraken.StreamClient(venue.url.replace("http", "ws", 1)) as stream:
            with pytest.raises(errors.ConfigurationError, match=r"addOrder .* rest=AsyncClient"):
                await stream.add_order(cl_ord_id="a-1")

    go(run)
    assert venue.calls == {"connect": 1}


def test_a_log_in_stands_in_the_request_that_opens_the_socket(
    emitted: Callable[..., ModuleType], venue: Venue
) -> None:
    package = emitted("session_upgrade", "rest.openapi.yaml", "upgrade.asyncapi.yaml")
    credentials = package.SignatureCredentials(key=KEY, secret=USER_SECRET)

    async def run() -> None:
        async with package.AsyncClient(venue.url, credentials) as rest:
            url = venue.url.replace("http", "ws", 1)
            async with package.StreamClient(url, rest=rest, backoff=QUICK) as stream:
                events = stream.account_updates()
                assert str(await anext(events)) == "1.50"
                venue.revoke()
                await until(lambda: venue.calls["open"] == 2 and stream.status is Status.READY)
                assert str(await anext(events)) == "1.50"

    go(run)
    assert venue.calls["connect"] == 3, "the old token was refused once"
    with pytest.raises(errors.ConfigurationError, match=r"session of socketJwt.*rest="):
        package.StreamClient(venue.url)


def test_neither_key_nor_token_is_shown(
    user: ModuleType, kraken: ModuleType, venue: Venue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    venue.lifetime_s = 30.0

    async def run() -> None:
        async with user_stream(user, venue) as stream:
            await until(lambda: venue.calls["refresh"] >= 1)
            venue.refusals["ws"] = 2
            await asyncio.get_running_loop().run_in_executor(None, venue.drop_sockets)
            await until(lambda: stream.status is Status.READY)
            shown.extend(map(repr, (stream, stream._kept, vars(stream._kept), vars(stream))))
        async with private_stream(kraken, venue) as stream:
            await stream.add_order(cl_ord_id="a-1")
            shown.append(repr(vars(stream._kept)))

    go(run)
    text = caplog.text + "".join(shown)
    assert "createListenKey" in text
    assert len(venue.given) >= 2
    for secret in (*venue.given, KEY):
        assert secret not in text
