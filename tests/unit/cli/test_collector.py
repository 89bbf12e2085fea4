"""The collector rests while a contract is made, and is left afterwards as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from venuekit.collector import paused


@pytest.fixture(autouse=True)
def _enabled() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_it_rests_and_goes_on() -> None:
    with paused():
        assert not gc.isenabled()
        with paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to make"), paused():
        raise ValueError("nothing to make")
    assert gc.isenabled()


def test_who_switched_it_off_has_it_off() -> None:
    gc.disable()
    with paused():
        pass
    assert not gc.isenabled()
