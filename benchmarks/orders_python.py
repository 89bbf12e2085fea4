"""Signed orders through the emitted Python SDK, end to end against a fixed venue.

Claims: one at a time at least 0.85 of a bare socket that sends the same bytes, and five times as
many orders a second as ccxt; with 32 in flight three times as many as aiohttp.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from harness.contest import (
    Contestant,
    compete,
    contest_table,
    cpu_ratio,
    python_peer,
    rate_ratio,
)
from harness.fixed_venue import FixedVenue
from harness.recorder import Recorder
from harness.report import BenchmarkError, Report, main

OF_BARE = 0.85
OF_CCXT = 5.0
OF_AIOHTTP = 3.0


def run(report: Report) -> None:
    """Measure one order at a time, then 32 in flight on each event loop."""
    if find_spec("meridian") is None:
        raise BenchmarkError(
            "the emitted SDK is not installed: pip install -e sdks/python/meridian"
        )
    with FixedVenue() as venue, tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        if not venue.is_native:
            report.note("no C compiler: the venue is Python, and every figure is lower for it")
        one_at_a_time(report, venue, Path(name))
        for loop in ("uvloop", "asyncio"):
            if loop == "uvloop" and find_spec("uvloop") is None:
                report.skip("32 in flight on uvloop", "the package uvloop is not installed")
            else:
                in_flight(report, venue, loop)


def one_at_a_time(report: Report, venue: FixedVenue, folder: Path) -> None:
    """The synchronous client against the bare socket, httpx and ccxt."""
    port = str(venue.port)
    recorded = folder / "request"
    recorded.write_bytes(record())
    contestants = [
        Contestant("Meridian SDK", python_peer("orders_sdk.py", port, "sync")),
        Contestant("bare socket", python_peer("orders_bare.py", port, str(recorded))),
        *installed(
            report,
            ("httpx by hand", "httpx", python_peer("orders_httpx.py", port, "sync")),
            ("ccxt create_order", "ccxt", python_peer("orders_ccxt.py", port, "sync", "order")),
            ("ccxt bare request", "ccxt", python_peer("orders_ccxt.py", port, "sync", "request")),
        ),
    ]
    aims = {"bare socket": OF_BARE, "ccxt create_order": OF_CCXT}
    race(report, venue, "one at a time", contestants, aims)


def in_flight(report: Report, venue: FixedVenue, loop: str) -> None:
    """The asynchronous client against aiohttp, httpx and ccxt, on one event loop."""
    port = str(venue.port)
    contestants = [
        Contestant("Meridian SDK", python_peer("orders_sdk.py", port, loop)),
        *installed(
            report,
            ("aiohttp by hand", "aiohttp", python_peer("orders_aiohttp.py", port, loop)),
            ("httpx by hand", "httpx", python_peer("orders_httpx.py", port, loop)),
            ("ccxt create_order", "ccxt", python_peer("orders_ccxt.py", port, loop, "order")),
        ),
    ]
    aims = {"aiohttp by hand": OF_AIOHTTP} if loop == "uvloop" else {}
    race(report, venue, f"32 in flight, {loop}", contestants, aims)


def race(
    report: Report,
    venue: FixedVenue,
    what: str,
    contestants: Sequence[Contestant],
    aims: dict[str, float],
) -> None:
    """One contest, its table, and the ratio of the SDK to each peer."""
    compete(contestants, report.options.rounds, report.options.seconds, venue.answered)
    contest_table(report, what, contestants)
    sdk, *others = contestants
    for other in others:
        aim = aims.get(other.name)
        report.ratio(f"{what}, Meridian / {other.name}", rate_ratio(sdk, other), aim)
        report.ratio(f"{what}, CPU time, {other.name} / Meridian", cpu_ratio(sdk, other))


def installed(report: Report, *peers: tuple[str, str, list[str]]) -> list[Contestant]:
    """The peers whose packages are there."""
    found = []
    for name, package, command in peers:
        if find_spec(package) is None:
            report.skip(name, f"the package {package} is not installed")
        else:
            found.append(Contestant(name, command))
    return found


def record() -> bytes:
    """One order exactly as the SDK sends it."""
    with Recorder() as recorder:
        with Contestant("SDK", python_peer("orders_sdk.py", str(recorder.port), "sync")) as one:
            one.play(0.01)
        return recorder.request


if __name__ == "__main__":
    sys.exit(main("orders_python", run))
