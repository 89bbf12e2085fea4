"""Who keeps sessions alive for tasks of a loop: apart, because asyncio takes long to import."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, TypeVar

from venuekit_runtime.errors import ConfigurationError, VenueError
from venuekit_runtime.keeping import Done, sent, tell_unclosed, thrown
from venuekit_runtime.operation import HttpOperation
from venuekit_runtime.session import Call, Need, Session

R = TypeVar("R")


class AsyncKeeper:
    """Opens and refreshes one session for all tasks of a loop: one task does it at a time."""

    def __init__(
        self, session: Session, ask: Callable[[HttpOperation[Any], Any], Awaitable[Any]]
    ) -> None:
        self.session = session
        self._ask = ask
        self._lock = asyncio.Lock()

    async def keep(self) -> int:
        """Return the generation of values that hold now; see `BlockingKeeper.keep`."""
        session = self.session
        need = session.need()
        if need is Need.NOTHING or (need is Need.REFRESH and self._lock.locked()):
            return session.generation
        seen = session.attempts
        async with self._lock:
            failure = session.failure_since(seen)
            if failure is not None:
                raise failure
            await self._renew()
        return session.generation

    async def close(self) -> None:
        """End the session at the venue, where the contract has an operation for it."""
        call = self.session.closing()
        if call is not None:
            try:
                await self._ask(*call)
            except VenueError as error:
                tell_unclosed(self.session, error)
        self.session.forget()

    async def draw(self) -> dict[str, str]:
        """Return what the venue gives for one request; see `BlockingKeeper.draw`."""
        return await self._follow(self.session.draw())

    async def _renew(self) -> None:
        await self._follow(self.session.renew())

    async def _follow(self, flow: Generator[Call, Any, R]) -> R:
        try:
            step = sent(flow, None)
            while not isinstance(step, Done):
                try:
                    reply = await self._ask(*step)
                except VenueError as error:
                    step = thrown(flow, error)
                else:
                    step = sent(flow, reply)
            return step.value
        finally:
            # An interrupt, or a task that is cancelled, leaves the session as it was.
            flow.close()


def required_keeper(keepers: Mapping[str, AsyncKeeper], scheme: str) -> AsyncKeeper:
    """The keeper of a scheme's session. Raises ConfigurationError, naming what opens it."""
    keeper = keepers.get(scheme)
    if keeper is None:
        raise ConfigurationError(
            f"the session of {scheme} cannot be opened: the client that was passed as rest has no"
            " credentials for the operation that opens it"
        )
    return keeper
