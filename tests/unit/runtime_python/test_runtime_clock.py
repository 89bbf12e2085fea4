"""Clock and nonces: a measured offset that is shown, and numbers that never repeat."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor

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
