"""The command line: arguments in, exit code out (0 stopped, 1 failed, 2 could not start)."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
from collections.abc import Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from meridian_server.accounts import AccountsError, shown, write_private
from meridian_server.contracts import default_contract, load_contract
from meridian_server.engine import Engine
from meridian_server.gateway.codec import ContractError
from meridian_server.journal import JournalError, open_journal
from meridian_server.journal.replay import recover
from meridian_server.logs import configure
from meridian_server.server import Server, Settings, start
from venuekit.contract import Contract

log = logging.getLogger("meridian_server")
app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    help="Meridian, the reference venue. Without a command it serves.",
)
Data = Annotated[Path, typer.Option(help="Directory of the journal.")]


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    data: Data = Path("meridian-data"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8700,
    contract: Annotated[
        Path | None, typer.Option(help="Manifest or its folder; the packaged one by default.")
    ] = None,
    accounts: Annotated[Path | None, typer.Option(help="YAML or JSON of accounts.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Make alice and bob.")] = False,
    ready_file: Annotated[Path | None, typer.Option(help="Written when ready, mode 0600.")] = None,
    allow_origin: Annotated[list[str] | None, typer.Option(help="Origin of web pages.")] = None,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Serve until SIGTERM or SIGINT."""
    if context.invoked_subcommand is not None:
        return
    configure(log_level)
    try:
        settings = Settings(
            contract=_load(contract),
            data=data,
            host=host,
            port=port,
            is_demo=demo,
            accounts_file=accounts,
            allowed_origins=frozenset(allow_origin or ()),
        )
        code = _run(_serve(settings, ready_file))
    except (JournalError, ContractError, AccountsError, OSError) as error:
        raise _cannot(error) from None
    raise typer.Exit(code)


@app.command("state-hash")
def print_state_hash(data: Data = Path("meridian-data")) -> None:
    """Replay the journal of a stopped server and print the hash of its state."""
    try:
        if not data.is_dir():
            raise JournalError(f"{data} is no directory")
        journal = open_journal(str(data))
        engine = Engine()
        recover(journal, engine)
        journal.close()
    except JournalError as error:
        raise _cannot(error) from None
    typer.echo(engine.state_hash())


def main() -> None:
    """The entry point of the `meridian-server` command."""
    app()


def _load(path: Path | None) -> Contract:
    contract = load_contract(path or default_contract())
    gc.collect()
    return contract


def _cannot(error: Exception) -> typer.Exit:
    typer.echo(f"meridian-server: error: {error}", err=True)
    return typer.Exit(2)


def _run(main_task: Coroutine[Any, Any, int]) -> int:
    """Run on uvloop where it is installed, otherwise on asyncio's own loop."""
    if find_spec("uvloop") is not None:
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main_task)
    return asyncio.run(main_task)


async def _serve(settings: Settings, ready_file: Path | None) -> int:
    server = await start(settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    ready = json.dumps(_ready(server))
    if ready_file is not None:
        write_private(ready_file, ready.encode("utf-8"))
    if settings.is_demo:
        typer.echo(ready)
    log.info("serving at %s and %s", server.url, server.stream_url)
    waits = [loop.create_task(event.wait()) for event in (stopping, server.failed)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await server.stop()
    log.info("stopped")
    return 1 if server.venue.has_failed else 0


def _ready(server: Server) -> dict[str, Any]:
    return {
        "url": server.url,
        "stream_url": server.stream_url,
        "accounts": shown(server.accounts, with_secrets=server.settings.is_demo),
    }
