"""The life of a session with a venue: open, kept, ended, opened anew. Pure decisions, no I/O.

The flow is `Session.renew`, a generator: it yields the calls that are due and takes their replies,
so that the synchronous and the asynchronous client differ in how they wait and in nothing else.
Values that a session gives are secrets: they stand in no message, no log and no repr.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from math import inf
from typing import Any, NoReturn

from venuekit_runtime.errors import (
    ApiError,
    ConfigurationError,
    DecodeError,
    SessionError,
    VenueError,
)
from venuekit_runtime.operation import HttpOperation, Place
from venuekit_runtime.retry import chance, is_unclear
from venuekit_runtime.session_rule import Expiry as Expiry
from venuekit_runtime.session_rule import ServerPlace as ServerPlace
from venuekit_runtime.session_rule import SessionCall as SessionCall
from venuekit_runtime.session_rule import SessionRule as SessionRule

# Refusals after which the same request may be accepted (RFC 9110, RFC 6585).
_PASSING = frozenset((408, 425, 429))
_LONGEST_RETRY_S = 30.0
_SHORTEST_RETRY_S = 0.05
_UNIT_S = {"s": 1.0, "ms": 1e-3, "unix-s": 1.0, "unix-ms": 1e-3}


class SessionState(StrEnum):
    """Where a session stands."""

    ABSENT = "absent"
    OPENING = "opening"
    VALID = "valid"
    DUE = "due"
    REFRESHING = "refreshing"
    ENDED = "ended"


class Need(StrEnum):
    """What must be done before the values are used; a refresh may wait, an opening may not."""

    NOTHING = "nothing"
    REFRESH = "refresh"
    OPEN = "open"


Call = tuple[HttpOperation[Any], dict[str, Any]]
Flow = Generator[Call, Any, None]
Drawing = Generator[Call, Any, dict[str, str]]


class Session:
    """One session through all of its lives.

    ``now`` is any monotonic clock in seconds, ``unix_s`` Unix time as the venue sees it. Each
    opening has a ``generation``, so that a refusal of old values cannot end newer ones.
    """

    __slots__ = (
        "_busy",
        "_due",
        "_expires",
        "_failures",
        "_has_ended",
        "_now",
        "_parts",
        "_random",
        "_server",
        "_unix_s",
        "_values",
        "attempts",
        "failure",
        "generation",
        "rule",
    )

    def __init__(
        self,
        rule: SessionRule,
        parts: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.monotonic,
        unix_s: Callable[[], float] = time.time,
        random: Callable[[], float] = chance,
    ) -> None:
        self.rule = rule
        self.generation = 0
        self.attempts = 0
        self.failure: SessionError | None = None
        self._parts = parts or {}
        self._now = now
        self._unix_s = unix_s
        self._random = random
        self._values: dict[str, str] | None = None
        self._server = ""
        self._busy = Need.NOTHING
        self._has_ended = False
        self._failures = 0
        self._expires = inf
        self._due = inf

    @property
    def state(self) -> SessionState:
        """Where the session stands now."""
        if self._busy is not Need.NOTHING:
            is_open = self._busy is Need.OPEN
            return SessionState.OPENING if is_open else SessionState.REFRESHING
        match self.need():
            case Need.OPEN:
                is_new = self.generation == 0 and not self._has_ended
                return SessionState.ABSENT if is_new else SessionState.ENDED
            case Need.REFRESH:
                return SessionState.DUE
            case _:
                return SessionState.VALID

    @property
    def values(self) -> Mapping[str, str]:
        """What the session gives, by name. Raises ConfigurationError before it was opened."""
        if self._values is None:
            raise ConfigurationError(
                f"the session of {self.rule.scheme} is not open: call the operation by a client,"
                " which opens it"
            )
        return self._values

    @property
    def server(self) -> str:
        """The server that the last opening named, unchecked; empty where there is none."""
        return self._server

    def need(self) -> Need:
        """What must be done before the values are used."""
        now = self._now()
        if self._values is None or now >= self._expires:
            return Need.OPEN
        return Need.REFRESH if now >= self._due else Need.NOTHING

    def renew(self) -> Flow:
        """Yield the calls that are due; send each one's reply in, or throw its error.

        A refresh that fails leaves the values in use until they expire, and is tried again later.
        Raises SessionError when the session cannot be opened; nothing else was sent then.
        """
        # A refresh that is refused ends the session, and is followed by an opening.
        for _ in range(2):
            need = self.need()
            if need is Need.NOTHING:
                return
            self._busy = need
            asked = self._now()
            call = self._call(need)
            try:
                reply = yield call
            except VenueError as error:
                self._failed(need, call[0], error)
            else:
                self._taken(need, call[0], reply, asked)
            finally:
                self._busy = Need.NOTHING

    def draw(self) -> Drawing:
        """Yield the call that gives values for one request, and return them; nothing is kept.

        Raises SessionError when it is refused; the request was not sent then.
        """
        call = self._made(self.rule.open)
        try:
            reply = yield call
        except VenueError as error:
            self._unopened(call[0], error)
        return self._given(call[0], reply, is_open=True)

    def failure_since(self, attempts: int) -> SessionError | None:
        """The failure of an opening that somebody else made meanwhile: it is shared, not repeated.

        ``attempts`` is what the count was when the wait for them began.
        """
        failure = self.failure
        if failure is None or attempts == self.attempts or self.need() is not Need.OPEN:
            return None
        shared = SessionError(failure.scheme, failure.operation, failure.reason)
        shared.__cause__ = failure.__cause__
        return shared

    def end(self, generation: int) -> bool:
        """The venue said that the values of a generation hold no longer; False for old ones."""
        if generation != self.generation or self._values is None:
            return False
        self._values = None
        self._has_ended = True
        return True

    def is_ended_by(self, error: VenueError) -> bool:
        """Whether a refusal says that the session is gone."""
        if not isinstance(error, ApiError):
            return False
        rule = self.rule
        return error.status in rule.ended_statuses or error.code in rule.ended_codes

    def closing(self) -> Call | None:
        """The call that ends the session at the venue; None where there is nothing to end.

        Until `forget` the values serve that call, and are not renewed for it.
        """
        if self.rule.close is None or self.need() is Need.OPEN:
            return None
        self._due = self._expires = inf
        return self._made(self.rule.close)

    def forget(self) -> None:
        """Hold no values any more."""
        self._values = None

    def _call(self, need: Need) -> Call:
        refresh = self.rule.refresh
        return self._made(self.rule.open if need is Need.OPEN or refresh is None else refresh)

    def _made(self, call: SessionCall) -> Call:
        arguments = dict(call.constants)
        arguments.update((argument, self._parts[name]) for argument, name in call.parts)
        held = self._values or {}
        arguments.update((argument, held[name]) for argument, name in call.values if name in held)
        return call.operation, arguments

    def _taken(self, need: Need, operation: HttpOperation[Any], reply: Any, asked: float) -> None:
        """Keep what a reply gives; a refresh may leave out what stays as it was."""
        is_open = need is Need.OPEN or self.rule.refresh is None
        if not is_open and self._values is None:
            # It was ended while it was refreshed: what was kept alive is of no use any more.
            return
        values = {} if is_open else dict(self._values or {})
        values |= self._given(operation, reply, is_open)
        server = self.rule.server
        if server is not None:
            named = _at(reply, server.place)
            if isinstance(named, str) and named:
                self._server = named
            elif is_open:
                raise self._lacks(operation, server.place)
        self.attempts += 1
        self.generation += self._values is None or values != self._values
        self._values = values
        self.failure = None
        self._has_ended = False
        self._failures = 0
        self._schedule(self._lasts(reply), asked)

    def _given(self, operation: HttpOperation[Any], reply: Any, is_open: bool) -> dict[str, str]:
        """What a reply gives; all of it where it opens."""
        values = {}
        for name, place in self.rule.gives:
            found = _at(reply, place)
            if isinstance(found, (str, int)) and not isinstance(found, bool) and found != "":
                values[name] = str(found)
            elif is_open:
                raise self._lacks(operation, place)
        return values

    def _lacks(self, operation: HttpOperation[Any], place: Place) -> SessionError:
        what = f"its reply holds no {'.'.join(place)}, which the session gives"
        return self._refused(operation, what)

    def _lasts(self, reply: Any) -> float:
        """The seconds that a session lasts from its reply on."""
        rule = self.rule
        if rule.expiry is not None:
            found = _at(reply, rule.expiry.place)
            stated = _seconds(found, rule.expiry.unit, self._unix_s())
            if stated is not None:
                return max(stated, 0.0)
        return inf if rule.lifetime_s is None else rule.lifetime_s

    def _schedule(self, lasts: float, asked: float) -> None:
        """Set when the session expires and when it is due, a little early and never all at once.

        Time counts from before the request: the venue cannot have begun to count earlier.
        """
        every = self.rule.every_s
        if every is None:
            # Half of a lifetime leaves the other half to repeat a refresh; an opening, which
            # replaces the values, comes as late as is safe.
            every = lasts * (0.5 if self.rule.refresh is not None else 0.9)
        self._expires = asked + lasts
        self._due = asked + min(every, lasts) * (1.0 - 0.1 * self._random())

    def _failed(self, need: Need, operation: HttpOperation[Any], error: VenueError) -> None:
        self.attempts += 1
        if need is Need.OPEN:
            self._unopened(operation, error)
        if self.rule.refresh is not None and self._is_refusal(error):
            self.end(self.generation)
            return
        now = self._now()
        left = (self._expires - now) / 4
        wait = min(_LONGEST_RETRY_S, 2.0**self._failures, left)
        self._failures = min(self._failures + 1, 16)
        self._due = now + max(_SHORTEST_RETRY_S, wait * (1.0 - 0.5 * self._random()))

    def _unopened(self, operation: HttpOperation[Any], error: VenueError) -> NoReturn:
        if isinstance(error, DecodeError):
            # Its text shows the reply, and what the reply gives must not be shown.
            raise self._refused(operation, str(error).partition(" (status ")[0]) from None
        raise self._refused(operation, str(error)) from error

    def _is_refusal(self, error: VenueError) -> bool:
        """Whether the same request would only be refused again."""
        if not isinstance(error, ApiError) or error.status in _PASSING or is_unclear(error):
            return False
        return error.retry_class != "after_delay"

    def _refused(self, operation: HttpOperation[Any], reason: str) -> SessionError:
        self.failure = SessionError(self.rule.scheme, operation.name, self._hidden(reason))
        return self.failure

    def _hidden(self, text: str) -> str:
        """A reason without what a venue may have repeated of our secrets."""
        for secret in (*self._parts.values(), *(self._values or {}).values()):
            text = text.replace(secret, "[redacted]") if len(secret) > 3 else text
        return text

    def __repr__(self) -> str:
        return f"<session of {self.rule.scheme}: {self.state}>"


def may_repeat(effect: str, error: VenueError) -> bool:
    """Whether a request that met the end of its session may be sent again with new values.

    A read always; anything else only where the refusal proves that it was not carried out.
    """
    if effect == "read":
        return True
    if not isinstance(error, ApiError) or is_unclear(error):
        return False
    # A refusal on a stream has no status; its code said that the session is gone.
    return error.status == 0 or (400 <= error.status < 500 and error.status not in _PASSING)


def _at(reply: Any, place: Place) -> Any:
    for name in place:
        if isinstance(reply, Mapping):
            reply = reply.get(name)
        elif isinstance(reply, list) and name.isdigit() and int(name) < len(reply):
            reply = reply[int(name)]
        else:
            return None
    return reply


def _seconds(found: Any, unit: str, unix_s: float) -> float | None:
    """A stated lifetime or end as seconds from now; None where it cannot be read."""
    if isinstance(found, bool) or found is None:
        return None
    try:
        if unit == "iso":
            when = datetime.fromisoformat(str(found))
            when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
            return when.timestamp() - unix_s
        value = float(found) * _UNIT_S[unit]
    except (ValueError, TypeError, OverflowError):
        return None
    return value - unix_s if unit.startswith("unix") else value
