"""The state machine of a session: every state, with the time in our hands and no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from venuekit_runtime import errors
from venuekit_runtime.operation import HttpOperation, Response
from venuekit_runtime.session import (
    Expiry,
    Need,
    Session,
    SessionCall,
    SessionRule,
    SessionState,
    may_repeat,
)


def operation(name: str) -> HttpOperation[Any]:
    return HttpOperation(
        name=name,
        method="POST",
        path=f"/{name}",
        effect="read",
        responses=(Response("200", "application/json"),),
    )


OPEN = SessionCall(operation=operation("open"), constants=(("kind", "new"),), parts=(("id", "me"),))
REFRESH = SessionCall(operation=operation("refresh"), values=(("token", "token"),))
CLOSE = SessionCall(operation=operation("close"), values=(("token", "token"),))
KEPT = SessionRule(
    scheme="s", open=OPEN, gives=(("token", ("data", "0", "token")),), lifetime_s=100.0,
    refresh=REFRESH, every_s=50.0, close=CLOSE,
)  # fmt: skip
BUSY = errors.ApiError("busy", status=503)
REFUSED = errors.ApiError("no", status=400)


class Time:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def session(time: Time, rule: SessionRule = KEPT, random: float = 0.0) -> Session:
    unix = lambda: 1_700_000_000.0 + time.now  # noqa: E731
    return Session(rule, {"me": "secret-part"}, time, unix, lambda: random)


def reply(token: str = "token-1", **rest: Any) -> dict[str, Any]:
    return {"data": [{"token": token}], **rest}


def asked(one: Session, *answers: Any) -> list[tuple[str, dict[str, Any]]]:
    """Answer the calls of one renewal in turn, and return them."""
    flow, calls, left = one.renew(), [], list(answers)
    try:
        call = next(flow)
        while True:
            calls.append((call[0].name, call[1]))
            answer = left.pop(0)
            is_error = isinstance(answer, Exception)
            call = flow.throw(answer) if is_error else flow.send(answer)
    except StopIteration:
        assert left == []
        return calls


def test_it_opens_with_constants_and_parts_and_keeps_what_the_reply_gives(time: Time) -> None:
    one = session(time)
    assert one.state is SessionState.ABSENT
    with pytest.raises(errors.ConfigurationError, match="session of s is not open"):
        _ = one.values
    assert asked(one, reply()) == [("open", {"kind": "new", "id": "secret-part"})]
    assert (one.state, one.values, one.generation) == (SessionState.VALID, {"token": "token-1"}, 1)
    assert asked(one) == []


def test_while_it_is_opened_and_refreshed_it_says_so(time: Time) -> None:
    one = session(time)
    flow = one.renew()
    next(flow)
    assert one.state is SessionState.OPENING
    flow.close()
    assert one.state is SessionState.ABSENT
    asked(one, reply())
    time.now += 60
    flow = one.renew()
    next(flow)
    assert one.state is SessionState.REFRESHING
    assert one.values == {"token": "token-1"}
    flow.close()
    assert one.state is SessionState.DUE


@pytest.mark.parametrize(("random", "due"), [(0.0, 50.0), (0.5, 47.5), (0.999, 45.005)])
def test_it_is_due_a_little_before_its_time_and_not_always_as_early(
    time: Time, random: float, due: float
) -> None:
    one = session(time, random=random)
    asked(one, reply())
    time.now = 1000.0 + due - 0.1
    assert one.need() is Need.NOTHING
    time.now = 1000.0 + due + 0.1
    assert (one.need(), one.state) == (Need.REFRESH, SessionState.DUE)


def test_a_refresh_may_leave_values_as_they_are(time: Time) -> None:
    one = session(time)
    asked(one, reply())
    time.now += 50
    assert asked(one, None) == [("refresh", {"token": "token-1"})]
    assert (one.values, one.generation) == ({"token": "token-1"}, 1)
    time.now += 99
    assert one.need() is Need.REFRESH
    assert asked(one, reply("token-2")) == [("refresh", {"token": "token-1"})]
    assert (one.values, one.generation) == ({"token": "token-2"}, 2)


def test_a_refresh_that_fails_is_repeated_ever_later_until_the_session_expires(time: Time) -> None:
    one = session(time)
    asked(one, reply())
    waits = []
    while time.now < 1100.0:
        while one.need() is Need.NOTHING:
            time.now += 0.01
        if one.need() is Need.OPEN:
            break
        start = time.now
        asked(one, BUSY)
        assert one.values == {"token": "token-1"}
        waits.append(start)
    gaps = [later - sooner for sooner, later in pairwise(waits)]
    assert gaps[:3] == [pytest.approx(2.0**n, abs=0.03) for n in range(3)]
    assert min(gaps) >= 0.0499
    assert 10 < len(waits) < 80
    assert one.state is SessionState.ENDED
    assert asked(one, reply("token-2")) == [("open", {"kind": "new", "id": "secret-part"})]


def test_a_refused_refresh_opens_anew_at_once(time: Time) -> None:
    one = session(time)
    asked(one, reply())
    time.now += 50
    assert [name for name, _ in asked(one, REFUSED, reply("token-2"))] == ["refresh", "open"]
    assert one.values == {"token": "token-2"}


def test_a_refresh_that_answers_after_the_end_changes_nothing(time: Time) -> None:
    one = session(time)
    asked(one, reply())
    time.now += 50
    flow = one.renew()
    assert next(flow)[0].name == "refresh"
    one.end(one.generation)
    assert flow.send({})[0].name == "open"
    flow.close()
    assert one.state is SessionState.ENDED


def test_without_a_refresh_it_is_opened_anew_before_it_expires(time: Time) -> None:
    rule = SessionRule(scheme="s", open=OPEN, gives=KEPT.gives, lifetime_s=100.0)
    one = session(time, rule)
    asked(one, reply())
    time.now += 91
    assert one.state is SessionState.DUE
    asked(one, BUSY)
    assert one.values == {"token": "token-1"}
    time.now += 3
    assert [name for name, _ in asked(one, reply("token-2"))] == ["open"]
    assert one.values == {"token": "token-2"}


def test_a_session_without_an_expiry_lasts_until_it_is_ended(time: Time) -> None:
    one = session(time, SessionRule(scheme="s", open=OPEN, gives=KEPT.gives))
    asked(one, reply())
    time.now += 1e9
    assert one.state is SessionState.VALID
    assert one.end(one.generation)
    assert one.state is SessionState.ENDED
    asked(one, reply("token-2"))
    assert not one.end(1), "an old refusal does not end what came after it"
    assert one.state is SessionState.VALID


@pytest.mark.parametrize(
    ("unit", "stated"),
    [
        ("s", 60),
        ("s", "60"),
        ("ms", 60_000),
        ("unix-s", 1_700_001_060),
        ("unix-ms", 1_700_001_060_000),
        ("iso", "2023-11-14T22:31:00Z"),
        ("iso", "2023-11-14T23:31:00+01:00"),
        ("iso", "2023-11-14T22:31:00"),
    ],
)
def test_the_reply_says_how_long_it_lasts(time: Time, unit: Any, stated: object) -> None:
    rule = SessionRule(
        scheme="s", open=OPEN, gives=KEPT.gives, expiry=Expiry(place=("until",), unit=unit)
    )
    one = session(time, rule)
    asked(one, reply(until=stated))
    time.now += 59
    assert one.need() is Need.REFRESH
    time.now += 1
    assert one.need() is Need.OPEN


@pytest.mark.parametrize("bad", [None, True, "soon", [], {}])
def test_an_unreadable_lifetime_leaves_the_end_to_the_venue(time: Time, bad: object) -> None:
    expiry = Expiry(place=("until",), unit="s")
    one = session(time, SessionRule(scheme="s", open=OPEN, gives=KEPT.gives, expiry=expiry))
    asked(one, reply(until=bad))
    time.now += 1e6
    assert one.state is SessionState.VALID


@pytest.mark.parametrize("bad", [None, {}, {"data": []}, {"data": [{"token": ""}]}, [1], "text"])
def test_a_reply_without_the_token_is_named_and_not_shown(time: Time, bad: object) -> None:
    one = session(time)
    with pytest.raises(errors.SessionError, match=r"open did not .* no data\.0\.token") as caught:
        asked(one, bad)
    assert one.state is SessionState.ABSENT
    assert caught.value.operation == "open"


def test_a_reply_that_does_not_fit_is_not_shown(time: Time) -> None:
    one = session(time)
    error = errors.DecodeError("expected int", raw=b'{"token":"token-1"}', status=200)
    with pytest.raises(errors.SessionError, match="expected int") as caught:
        asked(one, error)
    assert "token-1" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_it_is_closed_with_its_values_and_then_holds_none(time: Time) -> None:
    one = session(time)
    assert one.closing() is None
    asked(one, reply())
    time.now += 60
    call = one.closing()
    assert call is not None
    assert call[1] == {"token": "token-1"}
    assert one.need() is Need.NOTHING
    one.forget()
    assert one.need() is Need.OPEN


def test_it_shows_its_scheme_and_its_state_alone(time: Time) -> None:
    one = session(time)
    asked(one, reply())
    assert repr(one) == "<session of s: valid>"


def refusals() -> Iterator[tuple[str, errors.VenueError, bool]]:
    yield "read", errors.ApiError("", status=503), True
    for status, may in ((401, True), (403, True), (400, True), (408, False), (429, False)):
        yield "create", errors.ApiError("", status=status), may
    yield "create", errors.ApiError("", status=503), False
    yield "create", errors.ApiError("", status=200), False
    yield "cancel", errors.TransportError("", maybe_sent=True), False


@pytest.mark.parametrize(("effect", "error", "may"), [*refusals()])
def test_what_may_be_repeated(effect: str, error: errors.VenueError, may: bool) -> None:
    assert may_repeat(effect, error) is may
