"""Serves an application on a port: one connection class, strict and bounded, with deadlines."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

from venuekit_runtime.server.application import Application
from venuekit_runtime.server.connection import HttpConnection, Reply, Stream
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.requests import Request, Response
from venuekit_runtime.server.sockets import SocketSession
from venuekit_runtime.server.stream import StreamApplication

MAX_BODY = 8 * 1024 * 1024
MAX_CONNECTIONS = 10_000
SETTLE_S = 5.0


class _Gateway:
    """Between connections and the application: each request is a task of its own."""

    def __init__(self, application: Application, stream: StreamApplication | None) -> None:
        self._application = application
        self._stream = stream
        self._tasks: set[asyncio.Task[None]] = set()
        self.sessions: set[SocketSession] = set()

    def handle(self, request: Request, reply: Reply) -> None:
        """Answer later, in the order in which the requests of a connection came."""
        task = asyncio.get_running_loop().create_task(self._answer(request, reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: Request, reply: Reply) -> None:
        reply(await self._application.answer(request))

    async def settle(self) -> None:
        """Wait for the answers that are due, a few seconds at most."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=SETTLE_S)

    def refuse(self, refusal: RefusalError) -> Response:
        """The response of a request that could not be read."""
        return self._application.refuse(refusal)

    def upgrade(self, request: Request, transport: asyncio.Transport) -> Stream | Response:
        """Open a socket where the contract has one, or say why not."""
        if self._stream is None or request.path not in self._stream.paths:
            return self.refuse(RefusalError("NOT_FOUND", "the contract has no socket at this path"))
        try:
            return SocketSession(self._stream, request, transport, self.sessions)
        except RefusalError as refusal:
            return self.refuse(refusal)


class Server:
    """A running server. Made by `start`, ended by `stop`."""

    def __init__(
        self, application: Application, stream: StreamApplication | None, max_body: int
    ) -> None:
        self._gateway = _Gateway(application, stream)
        self._connections: set[HttpConnection] = set()
        self._max_body = max_body
        self._listener: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self.port = 0

    async def listen(self, host: str, port: int) -> None:
        """Open the port. Raises OSError when it is taken."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._connection, host, port)
        self.port = self._listener.sockets[0].getsockname()[1]
        self._sweeper = loop.create_task(self._sweep())

    def _connection(self) -> asyncio.Protocol:
        if len(self._connections) >= MAX_CONNECTIONS:
            return _Closed()
        # A parameter of a path may hold a slash (BTC/USD), and nothing is decoded before routing.
        return HttpConnection(self._gateway, self._connections, self._max_body, takes_slash=True)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            now = asyncio.get_running_loop().time()
            for connection in tuple(self._connections):
                connection.check_deadlines(now)

    async def stop(self) -> None:
        """Close the port, answer what was accepted, then close every connection."""
        if self._listener is not None:
            self._listener.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper
        await self._gateway.settle()
        for session in tuple(self._gateway.sessions):
            session.shut_down()
        for connection in tuple(self._connections):
            connection.shut_down()


class _Closed(asyncio.Protocol):
    """A connection beyond the limit."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


async def start(
    application: Application,
    stream: StreamApplication | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    max_body: int = MAX_BODY,
) -> Server:
    """Serve an application; port 0 takes a free one. `max_body` is in bytes."""
    server = Server(application, stream, max_body)
    await server.listen(host, port)
    return server


def serve(
    application: Application,
    stream: StreamApplication | None = None,
    host: str = "127.0.0.1",
    port: int = 8080,
    say: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; `say` is told the URL when the port is open."""
    asyncio.run(_serve(application, stream, host, port, say))


async def _serve(
    application: Application,
    stream: StreamApplication | None,
    host: str,
    port: int,
    say: Callable[[str], None] | None,
) -> None:
    server = await start(application, stream, host, port)
    if say is not None:
        say(f"http://{f'[{host}]' if ':' in host else host}:{server.port}")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    await server.stop()
