"""Runs the real server as a process of its own, for the demo: start, kill, start again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS = 30


@dataclass(slots=True)
class Venue:
    """A server over one data folder; `kill` is SIGKILL, which leaves it no time to say goodbye."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> dict[str, Any]:
        """Start the server and return what it says when it is ready.

        Raises RuntimeError with its log when it does not become ready.
        """
        ready, log = self.folder / "ready.json", self.folder / "server.log"
        ready.unlink(missing_ok=True)
        command = ["meridian-server", "--demo", "--port", "0"]
        command += ["--data", str(self.data), "--ready-file", str(ready)]
        with log.open("ab") as output:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=output)
        deadline = time.monotonic() + START_SECONDS
        while not ready.is_file():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()}")
            time.sleep(0.02)
        facts: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
        return facts

    def kill(self) -> None:
        """End the process at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the process to end, and wait for it."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)
            self.process.wait(timeout=START_SECONDS)

    def state_hash(self) -> str:
        """Return the hash of the state that the journal replays to; the server must be down."""
        command = ["meridian-server", "state-hash", "--data", str(self.data)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()
