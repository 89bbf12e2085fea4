"""The other end of a contest: works for as long as each line of standard input says."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

IN_FLIGHT = 32


def play(place: Callable[[], object], each: int = 1) -> None:
    """Place one order after the other in each round; ``place`` counts as ``each`` operations."""
    print("ready", flush=True)
    clock = time.perf_counter
    for line in sys.stdin:
        seconds = float(line)
        operations = 0
        cpu = time.process_time()
        began = clock()
        ends = began + seconds
        while True:
            place()
            operations += each
            now = clock()
            if now >= ends:
                break
        _answer(operations, now - began, time.process_time() - cpu)


async def play_in_flight(place: Callable[[], Awaitable[object]], in_flight: int) -> None:
    """Keep so many orders in flight in each round."""
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    clock = time.perf_counter

    async def work(ends: float) -> int:
        operations = 0
        while True:
            await place()
            operations += 1
            if clock() >= ends:
                return operations

    # Rounds are read in a thread, so that a client's own timers go on between them.
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        cpu = time.process_time()
        began = clock()
        ends = began + float(line)
        done = await asyncio.gather(*(work(ends) for _ in range(in_flight)))
        _answer(sum(done), clock() - began, time.process_time() - cpu)


def run(loop_name: str, main: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine on uvloop or on asyncio's own loop."""
    if loop_name == "uvloop":
        import uvloop

        uvloop.run(main)
    else:
        asyncio.run(main)


def _answer(operations: int, wall_s: float, cpu_s: float) -> None:
    print(json.dumps({"operations": operations, "wall_s": wall_s, "cpu_s": cpu_s}), flush=True)
