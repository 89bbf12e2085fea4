"""What the synchronous and the asynchronous client share: everything but waiting. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from venuekit_runtime import __version__
from venuekit_runtime.base_url import BaseUrl
from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import ConfigurationError, VenueError
from venuekit_runtime.http.transport import WireResponse
from venuekit_runtime.operation import HttpOperation
from venuekit_runtime.places import Places
from venuekit_runtime.request import RequestPlan
from venuekit_runtime.response import RawReply, ResponsePlan
from venuekit_runtime.retry import RetryPolicy, chance, outcome, retry_delay
from venuekit_runtime.signing import Credentials, RequestDraft, Signer, WireRequest

if TYPE_CHECKING:
    # Most venues know no sessions; where one does, these are loaded with the client.
    from venuekit_runtime.keeping import SessionSigner
    from venuekit_runtime.session import Session
    from venuekit_runtime.session_rule import SessionRule

T = TypeVar("T")

_NOTHING_GIVEN: Mapping[str, Mapping[str, str]] = {}


class CallOptions(Struct, frozen=True):
    """What one call may choose: its own timeout in seconds, and headers beside the contract's."""

    timeout_s: float | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Kept(Struct, frozen=True):
    """What one request has of sessions, by scheme.

    ``generations`` are those of values that serve for a while, ``given`` is for this request alone.
    """

    generations: Mapping[str, int] = {}
    given: Mapping[str, Mapping[str, str]] = {}


NOTHING_KEPT = Kept()


class _Route(Struct, frozen=True):
    base: BaseUrl
    request: RequestPlan
    response: ResponsePlan
    signers: tuple[Signer, ...]
    sessions: tuple[str, ...]


class ClientCore:
    """Builds, signs and reads for one client; holds the credentials' signers."""

    def __init__(
        self,
        places: Places,
        credentials: Credentials | Sequence[Credentials] | None,
        clock: Clock,
        retry: RetryPolicy,
        user_agent: str,
        sessions: tuple[SessionRule, ...] = (),
        random: Callable[[], float] = chance,
    ) -> None:
        self._places = places
        self.retry = retry
        self._user_agent = f"{user_agent} venuekit-runtime/{__version__}"
        self._signers = signers_of(credentials, clock)
        self._openers = {rule.scheme: rule.open.operation.name for rule in sessions}
        self.sessions: dict[str, Session] = {}
        if sessions:
            from venuekit_runtime.keeping import hold_sessions

            self.sessions = hold_sessions(sessions, credentials, self._signers, clock)
        self._routes: dict[str, _Route] = {}
        self._random = random

    def prepare(
        self,
        operation: HttpOperation[T],
        arguments: Mapping[str, Any],
        options: CallOptions | None,
        given: Mapping[str, Mapping[str, str]] = _NOTHING_GIVEN,
    ) -> tuple[WireRequest, ResponsePlan]:
        """Build and sign one attempt; each attempt is prepared anew.

        ``given`` is what sessions gave for this attempt alone, by scheme.
        """
        try:
            route = self._routes[operation.name]
        except KeyError:
            route = self._route(operation)
        draft = route.request.build(arguments)
        if options is not None and options.headers:
            draft.headers.extend(options.headers)
        if given:
            _sign_once(route.signers, draft, given)
        else:
            for signer in route.signers:
                signer.sign(draft)
        return draft.finish(), route.response

    def base_of(self, operation: HttpOperation[Any]) -> BaseUrl:
        """Where an operation is served."""
        found = self._routes.get(operation.name)
        return (self._route(operation) if found is None else found).base

    def read(self, plan: ResponsePlan, response: WireResponse) -> RawReply[Any]:
        """Decode or raise; see `ResponsePlan.read`."""
        return plan.read(response)

    def next_delay(
        self, operation: HttpOperation[Any], attempt: int, error: VenueError
    ) -> float | None:
        """Seconds before the next attempt, or None."""
        return retry_delay(self.retry, operation, attempt, error, self._random)

    def outcome(
        self, operation: HttpOperation[Any], arguments: Mapping[str, Any], error: VenueError
    ) -> VenueError:
        """What the last failure means for the caller."""
        return outcome(operation, arguments, error)

    def session_signer(self, scheme: str) -> SessionSigner:
        """What signs with the session of a scheme. Raises KeyError when there is none."""
        from venuekit_runtime.keeping import SessionSigner

        signer = self._signers[scheme]
        assert isinstance(signer, SessionSigner)
        return signer

    def sessions_for(self, operation: HttpOperation[Any]) -> tuple[str, ...]:
        """The schemes whose sessions must be open before the operation can be signed."""
        return self._route(operation).sessions

    def meets_end(
        self,
        operation: HttpOperation[Any],
        kept: Kept,
        error: VenueError,
    ) -> bool:
        """Whether a session was gone and the request may be sent again with a new one.

        ``kept`` is what the request was signed with.
        """
        has_ended = any(self.sessions[scheme].is_ended_by(error) for scheme in kept.given)
        for scheme, generation in kept.generations.items():
            session = self.sessions[scheme]
            if session.is_ended_by(error):
                session.end(generation)
                has_ended = True
        return has_ended and _may_repeat(operation.effect, error)

    def _route(self, operation: HttpOperation[Any]) -> _Route:
        known = self._routes.get(operation.name)
        if known is not None:
            return known
        signers = choose_signers(operation.name, operation.security, self._signers, self._openers)
        base = self._places.of(operation)
        route = _Route(
            base,
            RequestPlan(operation, base, self._user_agent),
            ResponsePlan(operation),
            signers,
            _sessions_of(signers) if self.sessions else (),
        )
        self._routes[operation.name] = route
        return route


def signers_of(
    credentials: Credentials | Sequence[Credentials] | None, clock: Clock
) -> dict[str, Signer]:
    """One signer per scheme that the user holds credentials for."""
    if credentials is None:
        return {}
    many = credentials if isinstance(credentials, Sequence) else (credentials,)
    return {one.scheme: one.signer(clock) for one in many}


def _sign_once(
    signers: tuple[Signer, ...], draft: RequestDraft, given: Mapping[str, Mapping[str, str]]
) -> None:
    """Complete a request with what sessions gave for it alone."""
    from venuekit_runtime.keeping import SessionSigner

    for signer in signers:
        if isinstance(signer, SessionSigner) and signer.scheme in given:
            signer.sign_once(draft, given[signer.scheme])
        else:
            signer.sign(draft)


def _sessions_of(signers: tuple[Signer, ...]) -> tuple[str, ...]:
    from venuekit_runtime.keeping import sessions_of

    return sessions_of(signers)


def _may_repeat(effect: str, error: VenueError) -> bool:
    from venuekit_runtime.session import may_repeat

    return may_repeat(effect, error)


def choose_signers(
    operation: str,
    security: tuple[tuple[str, ...], ...],
    held: Mapping[str, Signer],
    openers: Mapping[str, str] | None = None,
) -> tuple[Signer, ...]:
    """The signers of the first alternative that the credentials can meet.

    Raises ConfigurationError, naming the schemes, when they meet none; ``openers`` are the
    operations that open the sessions of schemes.
    """
    if not security:
        return ()
    for schemes in security:
        if all(name in held for name in schemes):
            return tuple(held[name] for name in schemes)
    wanted = " or ".join(" with ".join(schemes) for schemes in security)
    found = ", ".join(held) or "no credentials"
    text = f"{operation} needs credentials for {wanted}; found {found}"
    for name in dict.fromkeys(name for schemes in security for name in schemes):
        if openers is not None and name in openers and name not in held:
            text += f"; {name} is a session that {openers[name]} opens, with credentials for that"
    raise ConfigurationError(text)
