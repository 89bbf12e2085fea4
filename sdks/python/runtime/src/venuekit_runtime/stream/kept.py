"""The sessions that one socket lives on: what opens them, and what they write into its opening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from venuekit_runtime.async_keeping import AsyncKeeper, required_keeper
from venuekit_runtime.base_url import BaseUrl
from venuekit_runtime.errors import (
    ApiError,
    ConfigurationError,
    ConnectError,
    SessionError,
    VenueError,
)
from venuekit_runtime.keeping import SessionSigner
from venuekit_runtime.log import STREAM_LOG
from venuekit_runtime.observe import named
from venuekit_runtime.operation import Event, StreamOperation, StreamProtocol
from venuekit_runtime.retry import chance
from venuekit_runtime.session import Need, Session
from venuekit_runtime.signing import RequestDraft
from venuekit_runtime.stream.backoff import Backoff
from venuekit_runtime.stream.server import allowed_server

if TYPE_CHECKING:
    from venuekit_runtime.async_client import BaseAsyncClient

_PASSING = ("after_delay", "resolve")


class KeptSessions:
    """Keeps what a socket needs through the REST client that was passed with it.

    The two share their sessions: a token that REST opened serves the socket as well. Raises
    ConfigurationError, saying what to pass, when a session that the socket cannot do without has
    no client to open it.
    """

    def __init__(self, protocol: StreamProtocol, rest: BaseAsyncClient | None) -> None:
        self._keepers: dict[str, AsyncKeeper] = {}
        self.signers: dict[str, SessionSigner] = {}
        self._early: list[SessionSigner] = []
        self._rest = rest
        # Of the address that the socket was opened at; the address itself holds a secret.
        self._address: int | None = None
        self._is_renewing = False
        self._is_unproven = False
        self._failures = 0
        self._again_at = 0.0
        for scheme, is_required in protocol.handshake:
            if self._hold(scheme, rest, is_required):
                self._early.append(self.signers[scheme])
        for scheme in protocol.sessions:
            self._hold(scheme, rest, is_required=False)

    @property
    def endings(self) -> tuple[tuple[str, Event], ...]:
        """The messages that end a session, with its scheme."""
        sessions = {scheme: keeper.session for scheme, keeper in self._keepers.items()}
        return tuple((name, e) for name, one in sessions.items() for e in one.rule.ended_events)

    @property
    def names_server(self) -> bool:
        """Whether the reply that opens a session says where the socket is.

        Raises ConfigurationError where two sessions would say it, for the socket can be at one.
        """
        told = [s.session.rule for s in self._early if s.session.rule.server is not None]
        if len(told) > 1:
            raise ConfigurationError(
                f"the sessions of {told[0].scheme} and {told[1].scheme} both name the socket's "
                "server: pass base_url, or a REST client with the credentials of one of them"
            )
        return bool(told)

    def server(self) -> BaseUrl:
        """Where the socket is, by what a session's opening said; raises SessionError."""
        named = ((s.session, s.session.rule.server) for s in self._early)
        session, server = next((s, rule) for s, rule in named if rule is not None)
        operation = session.rule.open.operation
        assert self._rest is not None, "a session has a client that opened it"
        try:
            asked = self._rest._core.base_of(operation)
            return allowed_server(session.server, server.hosts, asked)
        except ConfigurationError as error:
            raise SessionError(session.rule.scheme, operation.name, str(error)) from error

    async def open(self) -> None:
        """Open or refresh what is needed now; raises SessionError."""
        for keeper in self._keepers.values():
            await keeper.keep()

    def handshake(self, host: str, path: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The target and the further headers of the request that opens the socket."""
        draft = RequestDraft("GET", host, path)
        for signer in self._early:
            signer.sign_handshake(draft)
        self._address = hash(draft.path)
        return draft.target, tuple(draft.headers)

    def has_moved(self, host: str, path: str) -> bool:
        """Whether the address of the open socket holds what is no longer given."""
        before = self._address
        if before is None or not self._early:
            return False
        if any(signer.session.need() is Need.OPEN for signer in self._early):
            return False
        self.handshake(host, path)
        return self._address != before

    def is_due(self, now: float) -> bool:
        """Whether a session must be refreshed or opened; false while that is being done."""
        if self._is_renewing or now < self._again_at:
            return False
        return any(k.session.need() is not Need.NOTHING for k in self._keepers.values())

    async def renew(self, now: float, backoff: Backoff) -> None:
        """Refresh what is due; what cannot be opened is tried again later, and never in a hurry."""
        self._is_renewing = True
        try:
            await self.open()
            self._failures = 0
        except SessionError as error:
            STREAM_LOG.logger.debug("the session of %s: %s", error.scheme, named(error))
            self._again_at = now + max(0.25, backoff.delay_s(self._failures, chance()))
            self._failures += 1
        finally:
            self._is_renewing = False

    def end(self, scheme: str) -> None:
        """The venue said on the socket that a session is over."""
        session = self._keepers[scheme].session
        session.end(session.generation)

    def not_opened(self, error: VenueError) -> None:
        """The socket was refused: what its opening held is not worth keeping."""
        if isinstance(error, ConnectError) and 400 <= error.status < 500:
            for signer in self._early:
                signer.session.end(signer.session.generation)

    def ends(self, operation: StreamOperation[Any], error: VenueError | None) -> bool:
        """Whether a refusal of a message says that its session is over.

        It is believed once; values that were opened anew and are refused in turn end nothing.
        ``error`` is None where the venue took the message.
        """
        sessions = self._behind(operation)
        if error is None:
            self._is_unproven = self._is_unproven and not sessions
            return False
        over = [session for session in sessions if session.is_ended_by(error)]
        if not over or self._is_unproven:
            return False
        self._is_unproven = True
        for session in over:
            session.end(session.generation)
        return True

    def _behind(self, operation: StreamOperation[Any]) -> list[Session]:
        """The sessions whose values an operation's messages hold."""
        named = {scheme for names in operation.security for scheme in names}
        return [s.session for scheme, s in self.signers.items() if scheme in named]

    def _hold(self, scheme: str, rest: BaseAsyncClient | None, is_required: bool) -> bool:
        if scheme in self._keepers:
            return True
        if rest is None:
            if is_required:
                raise ConfigurationError(
                    f"this stream needs the session of {scheme}, which is opened over REST: pass"
                    " rest=AsyncClient(...) with the credentials for that"
                )
            return False
        keepers: Mapping[str, AsyncKeeper] = rest._keepers
        if not is_required and scheme not in keepers:
            return False
        self._keepers[scheme] = required_keeper(keepers, scheme)
        self.signers[scheme] = rest._core.session_signer(scheme)
        return True


def is_final(error: SessionError) -> bool:
    """Whether a session would only be refused again."""
    cause = error.__cause__
    if isinstance(cause, ConfigurationError):
        return True
    if not isinstance(cause, ApiError) or cause.retry_class in _PASSING:
        return False
    return 400 <= cause.status < 500 and cause.status not in (408, 425, 429)
