"""The mock as a process: opens the port, says where it is, serves until it is told to stop."""

from __future__ import annotations

import asyncio
import functools
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from venuekit.contract import Wire
from venuekit.finding import Finding
from venuekit.load import Loaded
from venuekit.mock.exchange import Answer, Request
from venuekit.mock.http import HttpConnection
from venuekit.mock.record import Record
from venuekit.mock.rest import RestMock
from venuekit.mock.socket import StreamConnection
from venuekit.mock.stream import StreamMock


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a mock is served. Port 0 takes a free one; `ready_file` gets the URL when it listens."""

    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 0
    record: Path | None = None
    ready_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a mock says when it listens; webhooks are the venue's to call, and stay unserved."""

    url: str
    operations: int
    webhooks: int
    findings: tuple[Finding, ...]


def serve(loaded: Loaded, settings: Settings, say: Callable[[Ready], None]) -> None:
    """Serve a contract until SIGINT or SIGTERM. Raises OSError when the port is taken."""
    asyncio.run(_serve(loaded, settings, say))


async def _serve(loaded: Loaded, settings: Settings, say: Callable[[Ready], None]) -> None:
    rest = RestMock(loaded, settings.seed)
    stream = StreamMock(loaded, settings.seed)
    loop = asyncio.get_running_loop()
    with Record(settings.record) as record:
        connect = functools.partial(
            HttpConnection,
            functools.partial(_handle, rest, record),
            functools.partial(StreamConnection, stream, record),
        )
        server = await loop.create_server(connect, settings.host, settings.port)
        port = server.sockets[0].getsockname()[1]
        url = f"http://{settings.host}:{port}"
        if settings.ready_file is not None:
            _announce(settings.ready_file, url)
        say(
            Ready(
                url=url,
                operations=len(rest.operations) + len(stream.operations),
                webhooks=sum(o.wire is Wire.WEBHOOK for o in loaded.contract.operations),
                findings=(*rest.findings, *stream.findings),
            )
        )
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await stop.wait()
        server.close()


def _handle(rest: RestMock, record: Record, request: Request) -> Answer:
    answer = rest.handle(request)
    record.request(request, answer)
    return answer


def _announce(path: Path, url: str) -> None:
    """Write the URL in one step, so that nobody reads half of it."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text(url + "\n", encoding="utf-8")
    draft.replace(path)
