"""The randomness of delays."""

from __future__ import annotations

import pytest

from venuekit_runtime.retry import chance


def test_chance_is_even_below_one_and_never_one(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [chance() for _ in range(4000)]
    assert all(0.0 <= one < 1.0 for one in drawn)
    # Each tenth is expected 400 times; 120 is six standard deviations.
    for tenth in range(10):
        assert abs(sum(int(one * 10) == tenth for one in drawn) - 400) < 120
    monkeypatch.setattr("os.urandom", lambda count: b"\xff" * count)
    assert chance() == 1.0 - 2.0**-53
