"""Contestants as processes of their own, run in turn round by round on a pinned core.

A contestant reads the seconds of a round from its standard input, works for that long, and
answers with one line of JSON: operations, wall_s, cpu_s. Each round goes to every contestant
before the next one begins, so that noise from outside hits all of them alike.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from harness.report import BenchmarkError, Report, Row, median, quiet_half

VENUE_CORE = 0
CLIENT_CORE = 1


@dataclass(frozen=True, slots=True)
class Round:
    """What one contestant did in one round."""

    operations: int
    wall_s: float
    cpu_s: float

    @property
    def per_second(self) -> float:
        """Operations per second of wall time."""
        return self.operations / self.wall_s

    @property
    def cpu_us(self) -> float:
        """Microseconds of CPU time, user and system, for each operation."""
        return self.cpu_s / self.operations * 1e6


@dataclass(slots=True)
class Contestant:
    """A named process; `ready` is called when it may start, `play` for each round."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process and wait until it says that it is ready."""
        self._process = subprocess.Popen(
            list(self.command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.environment},
        )
        pin(self._process.pid, CLIENT_CORE)
        if self._line() != "ready":
            raise BenchmarkError(f"{self.name} did not get ready")

    def play(self, seconds: float) -> Round:
        """Let it work for so many seconds."""
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(f"{seconds}\n")
        process.stdin.flush()
        try:
            said = json.loads(self._line())
        except ValueError as error:
            raise BenchmarkError(f"{self.name} did not answer with a round: {error}") from error
        done = Round(said["operations"], said["wall_s"], said["cpu_s"])
        if done.operations <= 0:
            raise BenchmarkError(f"{self.name} did nothing in a round of {seconds:g} s")
        return done

    def stop(self) -> None:
        """Close its input, which ends it, and wait."""
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise BenchmarkError(f"{self.name} was not started")
        return self._process

    def _line(self) -> str:
        process = self._running()
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise BenchmarkError(f"{self.name} ended with status {process.wait()}; see above")
        return line.strip()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, where the system and the number of cores allow it."""
    if hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0):
        os.sched_setaffinity(pid, {core})


def compete(
    contestants: Sequence[Contestant],
    rounds: int,
    seconds: float,
    answered: Callable[[], int] | None = None,
    warm_up_s: float | None = None,
) -> None:
    """Warm every contestant up, then play the rounds in turn; the order turns round by round.

    ``answered`` counts what the venue answered: a contestant that claims more or fewer
    operations than that raises BenchmarkError.
    """
    with started(contestants):
        for one in contestants:
            one.play(seconds if warm_up_s is None else warm_up_s)
        for number in range(rounds):
            shift = number % len(contestants)
            for one in (*contestants[shift:], *contestants[:shift]):
                before = answered() if answered is not None else 0
                done = one.play(seconds)
                if answered is not None and answered() - before != done.operations:
                    raise BenchmarkError(
                        f"{one.name} claims {done.operations} operations,"
                        f" the venue answered {answered() - before}"
                    )
                one.rounds.append(done)


@contextlib.contextmanager
def started(contestants: Sequence[Contestant]) -> Iterator[None]:
    """All contestants running; every one is stopped whatever happens."""
    with contextlib.ExitStack() as stack:
        for one in contestants:
            stack.enter_context(one)
        yield


def per_second(one: Contestant) -> float:
    """The rate of a contestant: the median of its better half of rounds."""
    return quiet_half([done.per_second for done in one.rounds], is_rate=True)


def cpu_us(one: Contestant) -> float:
    """The median CPU time of an operation, in microseconds."""
    return median([done.cpu_us for done in one.rounds])


def rate_ratio(ours: Contestant, peer: Contestant) -> float:
    """How many times as fast ours is."""
    return per_second(ours) / per_second(peer)


def cpu_ratio(ours: Contestant, peer: Contestant) -> float:
    """How many times as much CPU time the peer needs: the median over pairs of a round."""
    pairs = zip(ours.rounds, peer.rounds, strict=True)
    return median([theirs.cpu_us / mine.cpu_us for mine, theirs in pairs])


def contest_table(report: Report, title: str, contestants: Sequence[Contestant]) -> None:
    """Report the contestants' rates, CPU times, and ratios to the first one, which is ours."""
    ours = contestants[0]
    rows = []
    for one in contestants:
        rate, cpu = per_second(one), cpu_us(one)
        ratio, cpu_times = rate_ratio(ours, one), cpu_ratio(ours, one)
        facts: dict[str, float | int | str | None] = {
            "per_second": rate,
            "cpu_us": cpu,
            "ours_times_as_fast": ratio,
            "cpu_times_ours": cpu_times,
            "slowest_round_per_second": min(done.per_second for done in one.rounds),
            "fastest_round_per_second": max(done.per_second for done in one.rounds),
        }
        texts = (f"{rate:,.0f}", f"{cpu:.1f}", f"{ratio:.2f}", f"{cpu_times:.2f}")
        rows.append(Row(one.name, texts, facts))
    report.table(title, ("per s", "CPU us", "ours/this", "CPU this/ours"), rows)


def python_peer(script: str, *arguments: str) -> list[str]:
    """The command of a contestant written in Python, run by this interpreter."""
    return [sys.executable, str(Path(__file__).parents[1] / "peers" / script), *arguments]
