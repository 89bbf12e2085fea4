"""What handlers are given and what they give back: the call's context, answers, guards."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from venuekit_runtime.server.operations import Departure
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.requests import Request

T = TypeVar("T")
Needs = tuple[tuple[str, ...], ...]


class Context:
    """One call: the request as it came, who calls, and which operation was asked for.

    `caller` is what the guard returned. `body` is the decoded body with every member, declared
    or not; numbers with a fraction in it are Decimals.
    """

    __slots__ = ("body", "caller", "operation", "request")

    def __init__(self, request: Request, operation: str, caller: object, body: Any = None) -> None:
        self.request = request
        self.operation = operation
        self.caller = caller
        self.body = body


class Peer(ABC):
    """One open socket, as handlers see it: send on it, keep facts on it, see it end.

    `caller` is what the guard returned for its last secured message.
    """

    def __init__(self) -> None:
        self.caller: object = None
        self.is_closed = False
        self._on_end: list[Callable[[], None]] = []

    @abstractmethod
    def send(self, departure: Departure, value: Any) -> None:
        """Send one message of the contract; nothing happens on a closed socket."""

    @abstractmethod
    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket."""

    def on_end(self, call: Callable[[], None]) -> None:
        """Have something called once when the socket is gone."""
        self._on_end.append(call)

    def ended(self) -> None:
        """The socket is gone."""
        calls, self._on_end = self._on_end, []
        for call in calls:
            call()


class SocketContext(Context):
    """One message of a socket: `request` is its handshake, `body` the whole message."""

    __slots__ = ("peer",)

    def __init__(self, request: Request, operation: str, peer: Peer, body: Any) -> None:
        super().__init__(request, operation, peer.caller, body)
        self.peer = peer

    def admit(self, caller: object) -> None:
        """Note who was let in, for this message and for the socket."""
        self.caller = self.peer.caller = caller


class Answer(Generic[T]):
    """An answer whose status or headers the handler chooses. `status` of a subclass is fixed."""

    fixed_status: ClassVar[int | None] = None
    __slots__ = ("body", "headers", "media_type", "status")

    def __init__(
        self,
        body: T,
        *,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        status: int | None = None,
    ) -> None:
        chosen = self.fixed_status if self.fixed_status is not None else status
        if chosen is None or (status is not None and status != chosen):
            raise ValueError(f"{type(self).__name__} cannot have the status {status}")
        self.body = body
        self.headers = dict(headers or {})
        self.media_type = media_type
        self.status = chosen


class TableError(RefusalError):
    """The base of the errors of a contract's table: raise one to refuse an operation."""

    code_of_table: ClassVar[str] = ""
    status_of_table: ClassVar[int] = 400

    def __init__(
        self,
        message: str,
        details: dict[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(self.code_of_table, message, details, retry_after_s)

    @property
    def status(self) -> int:
        """The HTTP status that the table states."""
        return self.status_of_table


class Guard(Protocol):
    """Lets callers in, before anything of a request but its head is looked into."""

    async def admit(self, request: Request, needs: Needs) -> object:
        """Return who calls. Raises RefusalError (UNAUTHENTICATED, FORBIDDEN) for nobody."""

    async def admit_message(self, context: SocketContext, needs: Needs) -> object:
        """The same for one message of a socket, whose `context.body` is the message."""


class OpenDoor:
    """A guard that lets everybody in: for trying out, never for money."""

    async def admit(self, request: Request, needs: Needs) -> object:
        return None

    async def admit_message(self, context: SocketContext, needs: Needs) -> object:
        return None


class BindingError(Exception):
    """Handlers and bindings do not fit together; the server does not start."""
