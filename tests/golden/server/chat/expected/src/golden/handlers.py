"""What a server of this contract must answer, by operation."""

from __future__ import annotations

from typing import Protocol

from venuekit_runtime.server.handling import SocketContext


class StreamHandlers(Protocol):
    """Answers every message of the sockets; what it returns is the reply."""

    async def opened(self, context: SocketContext, /) -> None:
        """A socket has opened: from now on events may be sent to `context.peer`."""
        ...

    async def say(self, context: SocketContext, /, *, line: str) -> int:
        """Say."""
        ...
