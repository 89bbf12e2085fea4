"""How many signed orders a second the reference venue takes, matched and journalled.

The peers do less: they verify the same signature, decode the order and answer; they neither
match nor write anything. Claim: Meridian still takes more than FastAPI does.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from harness.contest import compete, contest_table, cpu_ratio, python_peer, rate_ratio
from harness.report import BenchmarkError, Report, main, memory_folder
from harness.venues import Venue, VenueLoad, meridian, of_libraries, write_keys

PEERS = {"FastAPI on uvicorn": "fastapi", "bare ASGI on uvicorn": "asgi"}


def run(report: Report) -> None:
    """Load every venue with one connection, then with 32."""
    if find_spec("meridian_server") is None:
        raise BenchmarkError("meridian-server is not installed: pip install -e server")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="venuekit-bench-")))
        accounts_file, keys_file = write_keys(folder)
        venues = [*ours(report, stack, folder, accounts_file), *peers(report, stack, keys_file)]
        for connections in (1, 32):
            load(report, venues, connections, keys_file)


def ours(
    report: Report, stack: contextlib.ExitStack, folder: Path, accounts_file: Path
) -> list[Venue]:
    """Meridian on both loops, its journal on disk; and in memory, to tell the disk's part."""
    places = {"Meridian, asyncio": (folder / "asyncio", "asyncio")}
    if find_spec("uvloop") is not None:
        places = {"Meridian, uvloop": (folder / "uvloop", "uvloop"), **places}
    else:
        report.skip("Meridian, uvloop", "the package uvloop is not installed")
    memory = memory_folder()
    if memory is not None:
        made = tempfile.TemporaryDirectory(prefix="venuekit-bench-", dir=memory)
        loop = next(iter(places.values()))[1]
        places[f"Meridian, {loop}, journal in memory"] = (Path(stack.enter_context(made)), loop)
    return [
        stack.enter_context(meridian(name, data, accounts_file, loop))
        for name, (data, loop) in places.items()
    ]


def peers(report: Report, stack: contextlib.ExitStack, keys_file: Path) -> list[Venue]:
    """The peers that are installed."""
    absent = [name for name in ("fastapi", "uvicorn", "uvloop", "httptools") if not find_spec(name)]
    if absent:
        report.skip(" and ".join(PEERS), f"not installed: {', '.join(absent)}")
        return []
    return [
        stack.enter_context(of_libraries(name, kind, keys_file)) for name, kind in PEERS.items()
    ]


def load(report: Report, venues: list[Venue], connections: int, keys_file: Path) -> None:
    """One contest over so many connections."""
    contestants = [
        VenueLoad(
            venue.name,
            python_peer("load_signed_orders.py", str(venue.port), str(connections), str(keys_file)),
            venue_pid=venue.pid,
        )
        for venue in venues
    ]
    compete(contestants, report.options.rounds, report.options.seconds)
    noun = "connection" if connections == 1 else "connections"
    contest_table(report, f"{connections} {noun}", contestants)
    mine = contestants[0]
    for one in contestants:
        if one.name not in PEERS:
            continue
        text = f"{connections} {noun}, orders per second, {mine.name} / {one.name}"
        report.ratio(text, rate_ratio(mine, one))
        # One order alone pays for a commit of its own, which the peers do not make: no aim.
        aim = 1.0 if PEERS[one.name] == "fastapi" and connections > 1 else None
        text = f"{connections} {noun}, CPU time of an order, {one.name} / {mine.name}"
        report.ratio(text, cpu_ratio(mine, one), aim)


if __name__ == "__main__":
    sys.exit(main("orders_server", run))
