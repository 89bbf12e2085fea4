"""What a benchmark says: rows, ratios with their aims, and skips; as text and as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "benchmarks"
CORPUS = ROOT.parent / "shared" / "corpus"


def memory_folder() -> Path | None:
    """A folder in memory, where the system has one."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else None


class BenchmarkError(Exception):
    """A benchmark that cannot be run, or whose contestant did not do the work it was given."""


@dataclass(frozen=True, slots=True)
class Options:
    """How long to measure: ``rounds`` rounds, of ``seconds`` seconds where a round is timed."""

    rounds: int
    seconds: float
    is_quick: bool
    json_file: Path | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; ``values`` are the texts of its columns, ``facts`` the same for JSON."""

    name: str
    values: tuple[str, ...]
    facts: dict[str, float | int | str | None]


@dataclass(frozen=True, slots=True)
class Ratio:
    """What a claim is judged by. ``value`` is how many times better ours is than the peer."""

    text: str
    value: float
    aim: float | None = None

    def sentence(self) -> str:
        """The ratio in one line, with its aim and whether that was reached."""
        if self.aim is None:
            return f"{self.text}: {self.value:.2f}"
        verdict = "reached" if self.value >= self.aim else "missed"
        return f"{self.text}: {self.value:.2f} (aim {self.aim:g}: {verdict})"


@dataclass(slots=True)
class Report:
    """The figures of one claim, in the order in which they were measured."""

    claim: str
    options: Options
    tables: list[tuple[str, tuple[str, ...], list[Row]]] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add a table and print it at once."""
        self.tables.append((title, tuple(columns), list(rows)))
        print_table(title, columns, rows)

    def ratio(self, text: str, value: float, aim: float | None = None) -> None:
        """Add a ratio and print it plainly."""
        ratio = Ratio(text, value, aim)
        self.ratios.append(ratio)
        print(ratio.sentence(), flush=True)

    def note(self, text: str) -> None:
        """Add what a reader must know to judge the figures."""
        self.notes.append(text)
        print(f"note: {text}", flush=True)

    def skip(self, what: str, reason: str) -> None:
        """Say what was not measured, and why."""
        self.skipped.append(f"{what}: {reason}")
        print(f"skipped: {what}: {reason} (a skip is not a result)", flush=True)

    def as_json(self) -> dict[str, object]:
        """The report as JSON values."""
        return {
            "claim": self.claim,
            "machine": machine(),
            "rounds": self.options.rounds,
            "is_quick": self.options.is_quick,
            "tables": [
                {"title": title, "rows": [{"name": row.name, **row.facts} for row in rows]}
                for title, _, rows in self.tables
            ],
            "ratios": [
                {**asdict(one), "is_reached": None if one.aim is None else one.value >= one.aim}
                for one in self.ratios
            ],
            "notes": self.notes,
            "skipped": self.skipped,
        }


def print_table(title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Print rows under their columns; names to the left, figures to the right."""
    if not rows:
        return
    names = max(len(title), *(len(row.name) for row in rows))
    widths = [
        max(len(column), *(len(row.values[at]) for row in rows))
        for at, column in enumerate(columns)
    ]
    lines = [(title, tuple(columns)), *((row.name, row.values) for row in rows)]
    print()
    for name, values in lines:
        cells = "  ".join(v.rjust(width) for v, width in zip(values, widths, strict=True))
        print(f"{name.ljust(names)}  {cells}".rstrip())
    print(flush=True)


def machine() -> dict[str, str | int]:
    """The facts of this machine that figures depend on."""
    return {
        "cores": os.cpu_count() or 1,
        "load_1_min": f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown",
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def median(values: Sequence[float]) -> float:
    """The median of what was measured."""
    return statistics.median(values)


def quiet_half(values: Sequence[float], is_rate: bool) -> float:
    """The median of the better half: noise from other processes only ever makes wall time worse."""
    ordered = sorted(values, reverse=is_rate)
    return statistics.median(ordered[: (len(ordered) + 1) // 2])


def main(claim: str, run: Callable[[Report], None]) -> int:
    """Read the options, run the benchmark, write its JSON; 0 unless it could not be run at all.

    A missed aim is a figure, not a failure.
    """
    options = read_options(claim)
    report = Report(claim, options)
    facts = machine()
    print(f"# {claim}")
    print("machine: " + ", ".join(f"{name} {value}" for name, value in facts.items()), flush=True)
    try:
        run(report)
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.json_file is not None:
        text = json.dumps(report.as_json(), indent=2) + "\n"
        options.json_file.write_text(text, encoding="utf-8")
    return 0


def read_options(claim: str) -> Options:
    """Options of the command line; `--quick` only shows that the benchmark runs."""
    parser = argparse.ArgumentParser(description=claim)
    parser.add_argument("--quick", action="store_true", help="few short rounds; no figures to keep")
    parser.add_argument("--rounds", type=int, help="rounds of each contestant")
    parser.add_argument("--seconds", type=float, help="seconds of a timed round")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    given = parser.parse_args()
    rounds = given.rounds or (1 if given.quick else 7)
    seconds = given.seconds or (0.05 if given.quick else 0.7)
    return Options(rounds, seconds, given.quick, given.json)
