"""Documents of 50 MB are read in bounded time and memory; larger ones are refused at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MIB = 1024 * 1024
LEAST_MB, MOST_S, MOST_MIB = 50, 60, 600
LONG = "VENUEKIT_LONG_TESTS"

PROGRAM = """
import atexit, resource, sys
def tell():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    print("USED", seconds, max(one.ru_maxrss for one in used) / 1024, file=sys.stderr)
atexit.register(tell)
from venuekit.cli import main; main()
"""
"""The command, which says at its end what it used: of time the processor's, for a clock on the wall
counts what else the machine does, and of memory its own and no other test's."""


def large(path: Path) -> Path:
    """Write a valid document that is large by what people write into it."""
    answer = {"200": {"description": "The orders."}}
    text = "Words of a guide, **bold** and `code`, that no one reads to their end.\n\n" * 6800
    paths = {
        f"/orders{n}": {"get": {"operationId": f"get{n}", "description": text, "responses": answer}}
        for n in range(110)
    }
    info = {"title": "Large", "version": "1.0.0"}
    servers = [{"url": "https://venue.example"}]
    document = {"openapi": "3.1.0", "info": info, "servers": servers, "paths": paths}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert path.stat().st_size > LEAST_MB * 1_000_000
    return path


def run(*arguments: str | Path) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """Run the command; return what it said, the processor's seconds, and the most MiB it had."""
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1_800,
    )
    words, _, used = said.stderr.rpartition("USED ")
    seconds, mebibytes = map(float, used.split())
    said.stderr = words
    return said, seconds, mebibytes


def test_fifty_megabytes_are_read_in_bounded_time_and_memory(tmp_path: Path) -> None:
    said, seconds, mebibytes = run("check", large(tmp_path / "large.json"))
    assert said.returncode == 0, said.stdout + said.stderr
    assert "110 operations" in said.stdout + said.stderr
    assert seconds < MOST_S
    assert mebibytes < MOST_MIB


def test_more_than_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "larger.json"
    with path.open("wb") as file:
        file.truncate(65 * MIB)
    output = tmp_path / "sdk"
    said, seconds, _ = run("generate", "python", path, "-o", output)
    text = said.stdout + said.stderr
    assert said.returncode == 2, text
    assert "larger.json:1:1: error[" in text
    assert "more than the 64 MiB that are read" in text
    assert "Split the document into files that refer to each other by $ref." in text
    assert seconds < MOST_S
    assert not output.exists()


@pytest.mark.skipif(LONG not in os.environ, reason="takes minutes; `nox -s corpus` runs it")
@pytest.mark.parametrize("target", ["python", "typescript", "server", "docs"])
def test_fifty_megabytes_are_emitted_in_bounded_time_and_memory(
    target: str, tmp_path: Path
) -> None:
    document, output = large(tmp_path / "large.json"), tmp_path / "out"
    said, seconds, mebibytes = run("generate", target, document, "-o", output)
    assert said.returncode == 0, said.stdout + said.stderr
    assert any(output.rglob("*.md"))
    assert seconds < 5 * MOST_S
    assert mebibytes < 3 * MOST_MIB
