"""Signed orders through the emitted TypeScript SDK, end to end against a fixed venue.

Claim: with 32 orders in flight three times as many orders a second as ccxt's JavaScript. One
order at a time is bounded by the wake-ups of the two processes, which no client can pass.
"""

from __future__ import annotations

import sys

from harness import node
from harness.contest import Contestant, compete, contest_table, cpu_ratio, rate_ratio
from harness.fixed_venue import FixedVenue
from harness.node import node_peer
from harness.report import ROOT, BenchmarkError, Report, main

SDK = ROOT / "sdks" / "typescript" / "meridian" / "src" / "index.ts"
AIM = 3.0
# JavaScript gets fast by running: figures before that say little about a trading process.
WARM_UP_S = 2.0


def run(report: Report) -> None:
    """Measure one order at a time, then 32 in flight."""
    if not SDK.is_file():
        raise BenchmarkError(f"{SDK} is not there: nox -s generate")
    with FixedVenue() as venue:
        if not venue.is_native:
            report.note("no C compiler: the venue is Python, and every figure is lower for it")
        for in_flight in (1, 32):
            race(report, venue, in_flight)


def race(report: Report, venue: FixedVenue, in_flight: int) -> None:
    """One contest with so many orders in flight."""
    what = "one at a time" if in_flight == 1 else f"{in_flight} in flight"
    contestants = entrants(report, venue, in_flight)
    warm_up_s = report.options.seconds if report.options.is_quick else WARM_UP_S
    compete(contestants, report.options.rounds, report.options.seconds, venue.answered, warm_up_s)
    contest_table(report, what, contestants)
    sdk, *others = contestants
    for other in others:
        aim = AIM if in_flight > 1 and other.name == "ccxt createOrder" else None
        report.ratio(f"{what}, Meridian / {other.name}", rate_ratio(sdk, other), aim)
        report.ratio(f"{what}, CPU time, {other.name} / Meridian", cpu_ratio(sdk, other))


def entrants(report: Report, venue: FixedVenue, in_flight: int) -> list[Contestant]:
    """The SDK first, then every peer that is installed."""
    place = (str(venue.port), str(in_flight))
    source = ["--conditions=venuekit-source", "--disable-warning=ExperimentalWarning"]
    program, *rest = node_peer("orders_sdk.mjs", *place, str(SDK))
    found = [Contestant("Meridian SDK", [program, *source, *rest])]
    found.append(Contestant("fetch by hand", node_peer("orders_fetch.mjs", *place)))
    peers = {
        "undici by hand": ("undici", "orders_undici.mjs", ()),
        "ccxt createOrder": ("ccxt", "orders_ccxt.mjs", ("order",)),
        "ccxt bare request": ("ccxt", "orders_ccxt.mjs", ("request",)),
    }
    for name, (package, script, extra) in peers.items():
        why = node.missing(package)
        if why is None:
            found.append(Contestant(name, node_peer(script, *place, *extra)))
        elif in_flight == 1:
            report.skip(name, why)
    return found


if __name__ == "__main__":
    sys.exit(main("orders_typescript", run))
