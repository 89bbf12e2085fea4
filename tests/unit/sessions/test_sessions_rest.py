"""Sessions over REST: opened once, refreshed in time, opened anew, and never shown."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from session_venue import CLIENT, CLIENT_SECRET, KEY, SECRET, Venue

from venuekit_runtime import errors

MANY = 50


def oauth(rest: ModuleType, secret: str = CLIENT_SECRET) -> Any:
    return rest.OauthCredentials(client_id=CLIENT, client_secret=secret)


def client(rest: ModuleType, venue: Venue, **rest_of: Any) -> Any:
    return rest.Client(venue.url, rest_of.pop("credentials", oauth(rest)), **rest_of)


def test_many_threads_open_one_session(rest: ModuleType, venue: Venue) -> None:
    start = threading.Barrier(MANY)

    def call(_: int) -> str:
        start.wait(10)
        name: str = trader.get_account().name
        return name

    with client(rest, venue) as trader, ThreadPoolExecutor(MANY) as pool:
        assert list(pool.map(call, range(MANY))) == ["me"] * MANY
    assert venue.calls == {"open": 1}


def test_many_tasks_open_one_session(rest: ModuleType, venue: Venue) -> None:
    async def run() -> list[str]:
        async with rest.AsyncClient(venue.url, oauth(rest)) as trader:
            found = await asyncio.gather(*(trader.get_account() for _ in range(MANY)))
            return [one.name for one in found]

    assert asyncio.run(run()) == ["me"] * MANY
    assert venue.calls == {"open": 1}


def call_until(trader: Any, is_so: Callable[[], bool], timeout_s: float = 30.0) -> None:
    """Call again and again until something is so: a busy machine only makes that later."""
    until = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        assert trader.get_account().name == "me"
        time.sleep(0.02)


def test_it_is_refreshed_before_it_expires(rest: ModuleType, venue: Venue) -> None:
    venue.lifetime_s, venue.grace_s = 3.0, 30.0
    began = time.monotonic()
    with client(rest, venue) as trader:
        call_until(trader, lambda: venue.calls["refresh"] >= 2)
    # Half of a lifetime passes before each of them: it is not refreshed all the time.
    assert time.monotonic() - began > 2.0
    assert venue.calls["open"] == 1
    assert venue.calls["refresh"] == 2
    assert venue.calls["refused"] == 0


def test_a_refresh_that_fails_is_repeated_and_the_old_token_serves(
    rest: ModuleType, venue: Venue
) -> None:
    venue.lifetime_s, venue.grace_s = 6.0, 30.0
    with client(rest, venue, retry=rest.RetryPolicy(attempts=1)) as trader:
        trader.get_account()
        venue.refusals["issue"] = 2
        call_until(trader, lambda: venue.calls["refresh"] >= 1)
    assert venue.calls["issue failed"] == 2
    assert venue.calls["open"] == 1
    assert venue.calls["refused"] == 0


def test_after_its_expiry_it_is_opened_anew(rest: ModuleType, venue: Venue) -> None:
    venue.lifetime_s, venue.grace_s = 1.0, 30.0
    with client(rest, venue) as trader:
        trader.get_account()
        venue.lifetime_s = 60.0
        time.sleep(1.1)
        assert trader.get_account().name == "me"
    assert venue.calls == {"open": 2}


def test_a_refused_refresh_is_followed_by_an_opening(rest: ModuleType, venue: Venue) -> None:
    venue.lifetime_s, venue.grace_s = 4.0, 30.0
    with client(rest, venue) as trader:
        trader.get_account()
        venue.refreshers.clear()
        venue.lifetime_s = 60.0
        call_until(trader, lambda: venue.calls["refresh"] == 1)
    assert venue.calls == {"open": 2, "refresh": 1}


def test_a_read_whose_session_is_gone_is_repeated_once(rest: ModuleType, venue: Venue) -> None:
    with client(rest, venue) as trader:
        trader.get_account()
        venue.revoke()
        assert trader.get_account().name == "me"
        assert venue.calls == {"open": 2, "refused": 1}


def test_a_session_that_never_holds_is_not_opened_again_and_again(
    rest: ModuleType, venue: Venue
) -> None:
    venue.lifetime_s = 60
    with client(rest, venue) as trader:
        venue.is_live = lambda token: False  # type: ignore[method-assign]
        with pytest.raises(errors.ApiError) as caught:
            trader.get_account()
    assert caught.value.status == 401
    assert venue.calls == {"open": 2, "refused": 2}


@pytest.mark.parametrize("status", [401, 400])
def test_an_order_is_repeated_where_the_refusal_proves_that_it_was_not_placed(
    rest: ModuleType, venue: Venue, status: int
) -> None:
    venue.refused_with["order"] = status
    with client(rest, venue) as trader:
        trader.get_account()
        venue.revoke()
        assert trader.place_order(client_order_id="a-1").name == "a-1"
    assert venue.orders == ["a-1"]
    assert venue.calls == {"open": 2, "refused": 1}


def test_an_order_with_an_open_outcome_is_not_repeated(rest: ModuleType, venue: Venue) -> None:
    venue.refused_with["order"] = 502
    with client(rest, venue) as trader:
        trader.get_account()
        venue.revoke()
        # The code names an end of the session, and the status leaves open what became of it.
        with pytest.raises(errors.VenueError):
            trader.place_order(client_order_id="a-1")
    assert venue.calls == {"open": 1, "refused": 1}


def test_an_opening_that_is_refused_names_scheme_and_operation(
    rest: ModuleType, venue: Venue
) -> None:
    with (
        client(rest, venue, credentials=oauth(rest, "wrong-secret-do-not-show")) as trader,
        pytest.raises(rest.errors.SessionError, match=r"issueToken .* session of oauth") as it,
    ):
        trader.place_order(client_order_id="a-1")
    assert (it.value.scheme, it.value.operation) == ("oauth", "issueToken")
    assert isinstance(it.value.__cause__, errors.ApiError)
    assert "wrong-secret-do-not-show" not in str(it.value)
    assert venue.orders == []


def test_a_refused_opening_is_shared_by_all_who_waited(rest: ModuleType, venue: Venue) -> None:
    async def run() -> list[Any]:
        async with rest.AsyncClient(venue.url, oauth(rest, "wrong-secret")) as trader:
            calls = (trader.get_account() for _ in range(MANY))
            return await asyncio.gather(*calls, return_exceptions=True)

    found = asyncio.run(run())
    assert {type(one) for one in found} == {errors.SessionError}
    assert venue.calls == {"open": 1}


def test_without_credentials_nothing_is_sent(rest: ModuleType, venue: Venue) -> None:
    with (
        client(rest, venue, credentials=None) as trader,
        pytest.raises(errors.ConfigurationError, match=r"getAccount needs credentials for oauth"),
    ):
        trader.get_account()
    assert venue.calls == {}


def test_a_session_that_nothing_can_open_says_what_opens_it(rest: ModuleType, venue: Venue) -> None:
    with (
        client(rest, venue) as trader,
        pytest.raises(errors.ConfigurationError, match=r"jwt is a session that logIn opens"),
    ):
        trader.send_command(client_order_id="c-0")
    assert venue.calls == {}


def test_a_signature_and_a_token_go_together(rest: ModuleType, venue: Venue) -> None:
    credentials = rest.SignatureCredentials(key=KEY, secret=SECRET)
    with client(rest, venue, credentials=credentials) as trader:
        for number in range(3):
            trader.send_command(client_order_id=f"c-{number}")
        venue.revoke()
        trader.send_command(client_order_id="c-3")
    assert venue.orders == ["c-0", "c-1", "c-2", "c-3"]
    assert venue.calls == {"open": 2, "refused": 1, "close": 1}
    assert venue.sessions == {}


def test_a_closing_that_fails_does_not_hold_up_the_client(rest: ModuleType, venue: Venue) -> None:
    credentials = rest.SignatureCredentials(key=KEY, secret=SECRET)
    venue.refusals["logout"] = -1
    retry = rest.RetryPolicy(attempts=1)
    with client(rest, venue, credentials=credentials, retry=retry) as trader:
        trader.send_command(client_order_id="c-0")
    assert venue.calls["logout failed"] == 1


def test_what_a_session_gives_is_never_shown(
    rest: ModuleType, venue: Venue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[object] = []
    hooks = rest.Hooks(on_request=seen.append, on_response=seen.append, on_error=seen.append)
    venue.lifetime_s = 3.0
    with client(rest, venue, hooks=hooks) as trader:
        trader.get_account()
        call_until(trader, lambda: venue.calls["refresh"] == 1)
        venue.revoke()
        trader.get_account()
        core = trader._core
        seen += [core.sessions, trader._keepers, core._signers, list(core.sessions.values())]
        seen.append(oauth(rest))
    with client(rest, venue, hooks=hooks, credentials=oauth(rest, "wrong-secret-1")) as trader:
        with pytest.raises(errors.SessionError) as caught:
            trader.get_account()
        seen += [caught.value, repr(caught.value)]
    shown = caplog.text + repr(seen)
    assert "issueToken" in shown
    assert len(venue.given) >= 4
    for secret in (*venue.given, CLIENT_SECRET):
        assert secret not in shown
