"""Real servers under load: Meridian and its peers, each a process on the venue's core."""

from __future__ import annotations

import contextlib
import json
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.contest import VENUE_CORE, Contestant, Round, pin, python_peer
from harness.report import BenchmarkError

ACCOUNTS = 64
START_S = 30.0


@dataclass(frozen=True, slots=True)
class Venue:
    """A running server."""

    name: str
    pid: int
    port: int


@dataclass(slots=True)
class VenueLoad(Contestant):
    """A contestant that loads a venue; its CPU time is the venue's, with all its threads."""

    venue_pid: int = 0

    def play(self, seconds: float) -> Round:
        """Load for so many seconds."""
        before = process_cpu_s(self.venue_pid)
        done = Contestant.play(self, seconds)
        return Round(done.operations, done.wall_s, process_cpu_s(self.venue_pid) - before)


def process_cpu_s(pid: int) -> float:
    """CPU seconds of all threads that a process has now, to the nanosecond."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def write_keys(folder: Path) -> tuple[Path, Path]:
    """Accounts that are rich enough, as Meridian's accounts file and as keys for the load."""
    keys = [(f"bench-{n}", secrets.token_hex(24)) for n in range(ACCOUNTS)]
    accounts = [
        {
            "account_id": key,
            "balances": {"USD": "1000000000", "BTC": "100000"},
            "keys": [{"key": key, "scheme": "hmac", "secret": secret}],
        }
        for key, secret in keys
    ]
    accounts_file, keys_file = folder / "accounts.json", folder / "keys.json"
    accounts_file.write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    keys_file.write_text(json.dumps(keys), encoding="utf-8")
    return accounts_file, keys_file


@contextlib.contextmanager
def meridian(name: str, data: Path, accounts_file: Path, loop: str) -> Iterator[Venue]:
    """The reference venue with its journal in a folder, on uvloop or asyncio."""
    port = free_port()
    # The command line takes uvloop where it finds it; hiding it shows the other loop.
    hide = "import sys; sys.modules['uvloop'] = None; " if loop == "asyncio" else ""
    start = f"{hide}from meridian_server.cli import main; main()"
    command = [sys.executable, "-c", start, "--data", str(data), "--port", str(port)]
    command += ["--accounts", str(accounts_file), "--log-level", "warning"]
    with running(name, command, port) as venue:
        yield venue


@contextlib.contextmanager
def of_libraries(name: str, kind: str, keys_file: Path) -> Iterator[Venue]:
    """A peer that only verifies, decodes and answers."""
    port = free_port()
    command = python_peer("venue_of_libraries.py", kind, str(port), str(keys_file))
    with running(name, command, port) as venue:
        yield venue


@contextlib.contextmanager
def running(name: str, command: Sequence[str], port: int) -> Iterator[Venue]:
    """A server process that listens; it is stopped afterwards as it would be in life."""
    process = subprocess.Popen(list(command), stdin=subprocess.DEVNULL)
    try:
        pin(process.pid, VENUE_CORE)
        wait_for_port(name, process, port)
        yield Venue(name, process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_port(name: str, process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server accepts. Raises BenchmarkError when it ends or takes too long."""
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise BenchmarkError(f"{name} ended with status {process.returncode} at its start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise BenchmarkError(f"{name} did not listen within {START_S:g} s")


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
