"""The venue of the order benchmarks: one fixed answer, a count of what it answered, no checks.

It is C where a compiler is there, so that it never is what limits a client, and Python otherwise.
"""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

from harness.contest import VENUE_CORE, pin
from harness.report import BenchmarkError

HERE = Path(__file__).parent

ORDER = (
    b'{"order_id":"1001","client_order_id":"my-order-1","symbol":"BTC-USD","side":"buy",'
    b'"order_type":"limit","time_in_force":"good_till_cancel","post_only":false,'
    b'"quantity":"0.25","price":"64250.5","cumulative_quantity":"0","leaves_quantity":"0.25",'
    b'"average_price":null,"order_status":"new","created_at_ms":1767225600000,'
    b'"updated_at_ms":1767225600000,"sequence":1042}'
)


class FixedVenue:
    """Runs the venue on its own core; ``port`` is where it listens."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._count: http.client.HTTPConnection | None = None
        self.port = 0
        self.is_native = shutil.which("gcc") is not None or shutil.which("cc") is not None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="venuekit-bench-")
        folder = Path(self._folder.name)
        reply = folder / "reply.json"
        reply.write_bytes(ORDER)
        command = [*self._program(folder), str(reply)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        pin(self._process.pid, VENUE_CORE)
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        if not said.isdigit():
            raise BenchmarkError(f"the fixed venue did not say its port but {said!r}")
        self.port = int(said)
        self._count = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        return self

    def __exit__(self, *_: object) -> None:
        if self._count is not None:
            self._count.close()
        if self._process is not None:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def answered(self) -> int:
        """How many orders it has answered since it started."""
        assert self._count is not None
        self._count.request("GET", "/count")
        return int(self._count.getresponse().read())

    def _program(self, folder: Path) -> list[str]:
        if not self.is_native:
            return [sys.executable, str(HERE / "fixed_venue_fallback.py")]
        compiler = shutil.which("gcc") or shutil.which("cc") or "cc"
        program = folder / "fixed_venue"
        source = HERE / "fixed_venue.c"
        made = subprocess.run(
            [compiler, "-O2", "-o", str(program), str(source)], capture_output=True, text=True
        )
        if made.returncode != 0:
            raise BenchmarkError(f"{compiler} could not build {source.name}:\n{made.stderr}")
        return [str(program)]
