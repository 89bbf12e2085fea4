"""Programs run from cold, each in a process of its own: wall time, CPU time, peak memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.report import BenchmarkError, median, quiet_half


@dataclass(frozen=True, slots=True)
class ColdRun:
    """What one run of a program took, with all of its children; memory is its own peak."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    status: int
    output: str


def run_cold(
    command: Sequence[str],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> ColdRun:
    """Run a program to its end and measure it. Raises BenchmarkError when it cannot be started."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(
                list(command),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )
        except OSError as error:
            raise BenchmarkError(f"cannot start {command[0]}: {error}") from error
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return ColdRun(
            wall_s,
            used.ru_utime + used.ru_stime,
            used.ru_maxrss / 1024,
            process.returncode,
            said.read(),
        )


def wall_s(runs: Sequence[ColdRun]) -> float:
    """The wall time: the median of the better half of runs."""
    return quiet_half([one.wall_s for one in runs], is_rate=False)


def cpu_s(runs: Sequence[ColdRun]) -> float:
    """The median CPU time."""
    return median([one.cpu_s for one in runs])


def wall_ratio(ours: Sequence[ColdRun], peer: Sequence[ColdRun]) -> float:
    """How many times as long the peer takes."""
    return wall_s(peer) / wall_s(ours)


def cpu_ratio(ours: Sequence[ColdRun], peer: Sequence[ColdRun]) -> float:
    """How many times as much CPU time the peer needs: the median over pairs of a round."""
    return median([theirs.cpu_s / mine.cpu_s for mine, theirs in zip(ours, peer, strict=True)])
