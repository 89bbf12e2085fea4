"""Clock and nonces: a measured offset that is shown, and numbers that never repeat."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import ConfigurationError
from venuekit_runtime.nonce import IncreasingNonce, RandomNonce, UuidNonce

NOW = 1_767_225_600_123_456_789


def test_time_comes_in_every_unit() -> None:
    clock = Clock(lambda: NOW)
    assert clock.now_ns() == NOW
    assert clock.now_us() == NOW // 1_000
    assert clock.now_ms() == NOW // 1_000_000
    assert clock.now_s() == NOW // 1_000_000_000


def test_a_measured_offset_is_applied_and_shown_with_its_doubt() -> None:
    clock = Clock(lambda: NOW)
    clock.observe(NOW + 2_000_000_000, NOW - 5_000_000, NOW + 5_000_000)
    assert clock.offset_ms == 2000.0
    assert clock.uncertainty_ms == 5.0
    assert clock.now_ns() == NOW + 2_000_000_000


def test_a_clock_that_steps_back_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="stepped back"):
        Clock().observe(1, 3, 2)


def test_random_nonces_never_repeat_over_threads() -> None:
    source = RandomNonce()
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: source.next(), range(4000)))
    assert len(set(seen)) == 4000
    assert all(re.fullmatch("[0-9a-f]{32}", nonce) for nonce in seen)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
def test_a_forked_child_draws_its_own() -> None:
    source = RandomNonce()
    source.next()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, source.next().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 32).decode() != source.next()
    os.close(reader)
    os.close(writer)


def test_uuids_have_version_and_variant() -> None:
    source = UuidNonce()
    for _ in range(50):
        assert re.fullmatch(
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", source.next()
        )


def test_increasing_nonces_follow_the_clock_and_never_fall() -> None:
    times = iter([5_000, 5_000, 3_000, 9_000])
    source = IncreasingNonce(Clock(lambda: next(times)))
    assert [source.next() for _ in range(4)] == [5, 6, 7, 9]


def test_increasing_nonces_of_one_key_are_one_sequence_over_clients_and_threads() -> None:
    clock = Clock(lambda: 5_000)
    sources = [IncreasingNonce(clock, 1_000, "one key") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda at: sources[at % 8].next(), range(4_000)))
    assert sorted(seen) == list(range(5, 4_005))
    assert IncreasingNonce(clock, 1_000, "another key").next() == 5
    assert IncreasingNonce(clock, 1_000).next() == 5
    sources.clear()
    # What nobody holds is not kept: the next one follows its clock.
    assert IncreasingNonce(clock, 1_000, "one key").next() == 5


def test_a_restart_goes_on_above_what_was_drawn() -> None:
    program = (
        "from venuekit_runtime.clock import Clock\n"
        "from venuekit_runtime.nonce import IncreasingNonce\n"
        "source = IncreasingNonce(Clock(), 1_000, 'key')\n"
        "print(*[source.next() for _ in range(500)])\n"
    )
    runs = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
        )
        runs += [int(text) for text in done.stdout.split()]
    assert runs == sorted(set(runs))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
def test_a_child_that_is_forked_while_threads_draw_can_draw() -> None:
    source = IncreasingNonce(Clock(), 1_000, "forked")
    is_over = Event()

    def draw() -> None:
        while not is_over.is_set():
            source.next()

    threads = [Thread(target=draw) for _ in range(4)]
    for one in threads:
        one.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                signal.alarm(5)
                source.next()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        is_over.set()
        for one in threads:
            one.join()
