"""Who keeps sessions alive: what signs with their values, and how a client waits for them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from threading import Lock
from typing import Any, Generic, TypeVar

from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import VenueError
from venuekit_runtime.log import HTTP_LOG
from venuekit_runtime.observe import named
from venuekit_runtime.operation import HttpOperation
from venuekit_runtime.session import Call, Need, Session, SessionRule
from venuekit_runtime.signing import Credentials, RequestDraft, Signer

Security = tuple[tuple[str, ...], ...]
R = TypeVar("R")


class SessionSigner:
    """Signs under one scheme with what its session gives."""

    __slots__ = ("_signer", "session")

    def __init__(self, signer: Signer, session: Session) -> None:
        self._signer = signer
        self.session = session

    @property
    def scheme(self) -> str:
        """The security scheme that it signs under."""
        return self.session.rule.scheme

    def sign(self, draft: RequestDraft) -> None:
        """Complete a REST request."""
        self._signer.sign(self._filled(draft))

    def sign_once(self, draft: RequestDraft, values: Mapping[str, str]) -> None:
        """Complete a REST request with values that serve for it alone."""
        draft.inputs = {**draft.inputs, **values}
        self._signer.sign(draft)

    def sign_message(self, draft: RequestDraft) -> None:
        """Complete a message of a stream, where the scheme writes into messages."""
        sign = getattr(self._signer, "sign_message", None)
        if sign is not None:
            sign(self._filled(draft))

    def sign_handshake(self, draft: RequestDraft) -> None:
        """Complete the request that opens a socket, where the scheme writes into it."""
        sign = getattr(self._signer, "sign_handshake", None)
        if sign is not None:
            sign(self._filled(draft))

    def _filled(self, draft: RequestDraft) -> RequestDraft:
        draft.inputs = {**draft.inputs, **self.session.values}
        return draft

    def __repr__(self) -> str:
        return f"<signer of {self.session.rule.scheme}>"


def hold_sessions(
    rules: tuple[SessionRule, ...],
    credentials: Credentials | Sequence[Credentials] | None,
    held: dict[str, Signer],
    clock: Clock,
) -> dict[str, Session]:
    """Return the sessions that can be opened, and put what signs with them into ``held``.

    A session that asks nothing of the user is there as soon as its opening's own security is met;
    one may need another.
    """
    own = credentials if isinstance(credentials, Sequence) else (credentials,)
    by_scheme = {one.scheme: one for one in own if one is not None}
    found: dict[str, Session] = {}
    # Held without its session, a scheme must not meet a demand yet.
    given = {rule.scheme: held.pop(rule.scheme, None) for rule in rules}
    is_growing = True
    while is_growing:
        is_growing = False
        for rule in rules:
            if rule.scheme in found or not is_met(rule.open.operation.security, held):
                continue
            user, signer = by_scheme.get(rule.scheme), given[rule.scheme]
            if signer is None and rule.credentials is not None:
                user = rule.credentials.load()()
                signer = user.signer(clock)
            if user is None or signer is None:
                continue
            session = Session(rule, _parts_of(user), unix_s=lambda: clock.now_ns() / 1e9)
            found[rule.scheme] = session
            held[rule.scheme] = SessionSigner(signer, session)
            is_growing = True
    return found


def _parts_of(credentials: Credentials) -> Mapping[str, str]:
    """What the opening of a session may be called with; emitted credentials tell it."""
    parts: Callable[[], Mapping[str, str]] | None = getattr(credentials, "session_parts", None)
    return parts() if parts is not None else {}


def is_met(security: Security, held: Mapping[str, Signer]) -> bool:
    """Whether some alternative of an operation's security is held whole."""
    return not security or any(all(name in held for name in names) for names in security)


def sessions_of(signers: tuple[Signer, ...]) -> tuple[str, ...]:
    """The schemes among signers whose sessions must be open before they sign."""
    return tuple(s.session.rule.scheme for s in signers if isinstance(s, SessionSigner))


class BlockingKeeper:
    """Opens and refreshes one session for all threads of a client: one thread does it at a time."""

    def __init__(self, session: Session, ask: Callable[[HttpOperation[Any], Any], Any]) -> None:
        self.session = session
        self._ask = ask
        self._lock = Lock()

    def keep(self) -> int:
        """Return the generation of values that hold now; raises SessionError.

        Nobody waits for a refresh: until it is done the old values hold.
        """
        session = self.session
        need = session.need()
        if need is Need.NOTHING:
            return session.generation
        seen = session.attempts
        if not self._lock.acquire(blocking=need is Need.OPEN):
            return session.generation
        try:
            failure = session.failure_since(seen)
            if failure is not None:
                raise failure
            self._renew()
        finally:
            self._lock.release()
        return session.generation

    def close(self) -> None:
        """End the session at the venue, where the contract has an operation for it."""
        call = self.session.closing()
        if call is not None:
            try:
                self._ask(*call)
            except VenueError as error:
                tell_unclosed(self.session, error)
        self.session.forget()

    def draw(self) -> dict[str, str]:
        """Return what the venue gives for one request; whoever asks gets values of their own."""
        return self._follow(self.session.draw())

    def _renew(self) -> None:
        self._follow(self.session.renew())

    def _follow(self, flow: Generator[Call, Any, R]) -> R:
        try:
            step = sent(flow, None)
            while not isinstance(step, Done):
                try:
                    reply = self._ask(*step)
                except VenueError as error:
                    step = thrown(flow, error)
                else:
                    step = sent(flow, reply)
            return step.value
        finally:
            # An interrupt, or a task that is cancelled, leaves the session as it was.
            flow.close()


class Done(Generic[R]):
    """What a flow came to."""

    __slots__ = ("value",)

    def __init__(self, value: R) -> None:
        self.value = value


def sent(flow: Generator[Call, Any, R], reply: Any) -> Call | Done[R]:
    """Send a reply into a flow: its next call, or its end."""
    try:
        return flow.send(reply)
    except StopIteration as end:
        return Done(end.value)


def thrown(flow: Generator[Call, Any, R], error: VenueError) -> Call | Done[R]:
    """Throw a failure into a flow: its next call, or its end."""
    try:
        return flow.throw(error)
    except StopIteration as end:
        return Done(end.value)


def tell_unclosed(session: Session, error: VenueError) -> None:
    """Log that a session was left open at the venue."""
    # Whoever closes a client is done with it: the session then ends when it expires.
    HTTP_LOG.logger.debug("the session of %s was not closed: %s", session.rule.scheme, named(error))
