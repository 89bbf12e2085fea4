"""How fast documents are read into values that know their place, against the YAML libraries.

Claim: reading the corpus's largest document and a 13 MB one takes less than PyYAML over libyaml,
which knows no places, and finding the places of all values less than ruamel.yaml, which knows them.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness import node
from harness.cold import ColdRun, run_cold
from harness.contest import CLIENT_CORE, pin, python_peer
from harness.report import CORPUS, ROOT, BenchmarkError, Report, Row, main, median

PACKAGES = {
    "PyYAML libyaml": "PyYAML",
    "PyYAML": "PyYAML",
    "ruamel.yaml safe": "ruamel.yaml",
    "ruamel.yaml round-trip": "ruamel.yaml",
    "rapidyaml tree": "rapidyaml",
}
OURS = ("venuekit", "venuekit with places")
YAML = (*OURS, "PyYAML libyaml", "rapidyaml tree")
# Ours, the peer, and how many times as long the peer should take at least.
CLAIMS = (
    ("venuekit", "PyYAML libyaml", 1.0),
    ("venuekit with places", "PyYAML libyaml", None),
    ("venuekit with places", "ruamel.yaml round-trip", 1.0),
)
# These take so long that one run says enough.
ONCE = ("PyYAML", "ruamel.yaml safe", "ruamel.yaml round-trip")


def run(report: Report) -> None:
    """Measure each document that is there."""
    pin(0, CLIENT_CORE)
    compare(report, ROOT / "spec" / "rest.openapi.yaml", YAML, ONCE)
    if report.options.is_quick:
        return
    largest = CORPUS / "openxapi" / "okx-rest.openapi.yaml"
    if largest.is_file():
        compare(report, largest, YAML, ONCE)
    else:
        report.skip(largest.name, "the corpus is not there; it is expected in ../shared/corpus")
    if node.GITHUB.is_file():
        compare(report, node.GITHUB, (*OURS, "json", "PyYAML libyaml", "rapidyaml tree"), ())
    else:
        reason = node.missing("@octokit/openapi") or "the npm package does not hold it"
        report.skip(node.GITHUB.name, reason)


def compare(report: Report, file: Path, often: tuple[str, ...], once: tuple[str, ...]) -> None:
    """Read one document with every parser that is installed, in turn."""
    absent = [name for name in (*often, *once) if not is_installed(name)]
    for name in absent:
        report.skip(name, f"the package {PACKAGES[name]} is not installed")
    runs: dict[str, list[tuple[float, ColdRun]]] = {}
    for number in range(report.options.rounds):
        for name in (*often, *once) if number == 0 else often:
            if name not in absent:
                runs.setdefault(name, []).append(read_once(name, file))
    megabytes = file.stat().st_size / 1e6
    mine = median([cpu for cpu, _ in runs["venuekit"]])
    rows = []
    for name, done in runs.items():
        cpu = median([cpu for cpu, _ in done])
        peak = median([one.peak_mb for _, one in done])
        facts: dict[str, float | int | str | None] = {
            "cpu_s": cpu,
            "peak_mb": peak,
            "cpu_times_ours": cpu / mine,
            "runs": len(done),
        }
        texts = (f"{cpu * 1000:,.1f}", f"{megabytes / cpu:,.1f}", f"{peak:,.0f}")
        rows.append(Row(name, (*texts, f"{cpu / mine:.2f}"), facts))
    title = f"{file.name} ({megabytes:.2f} MB)"
    report.table(title, ("CPU ms", "MB/s", "peak MB", "this/ours"), rows)
    for ours, peer, aim in CLAIMS:
        if peer in runs:
            pairs = zip(runs[ours], runs[peer], strict=False)
            value = median([theirs / mine for (mine, _), (theirs, _) in pairs])
            report.ratio(f"{file.name}, CPU time of {peer} / {ours}", value, aim)


def read_once(name: str, file: Path) -> tuple[float, ColdRun]:
    """The CPU seconds of one reading in a process of its own, and that process."""
    done = run_cold(python_peer("parse.py", name, str(file)))
    if done.status != 0:
        raise BenchmarkError(f"{name} could not read {file.name}:\n{done.output[-2000:]}")
    return float(json.loads(done.output.splitlines()[-1])["cpu_s"]), done


def is_installed(name: str) -> bool:
    """Whether a parser's package is there."""
    try:
        version(PACKAGES.get(name, "msgspec"))
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main("parsers", run))
