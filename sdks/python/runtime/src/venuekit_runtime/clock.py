"""The clock that signs: system time plus a measured offset, which is surfaced and never hidden."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from venuekit_runtime.errors import ConfigurationError


class ClockSample(Struct, frozen=True):
    """One measurement against the venue: how far apart, and how sure (half the round trip)."""

    offset_ns: int
    uncertainty_ns: int


class Clock:
    """Unix time in any unit. Offsets come from measurements; a signing window is never widened."""

    __slots__ = ("_now_ns", "_offset_ns", "_sample")

    def __init__(self, now_ns: Callable[[], int] | None = None) -> None:
        if now_ns is not None and not callable(now_ns):
            raise ConfigurationError("now_ns must be a function that returns Unix nanoseconds")
        self._now_ns = now_ns or time.time_ns
        self._sample = ClockSample(0, 0)
        # Each signature reads it, and the sample only says how it came about.
        self._offset_ns = 0

    def now_ns(self) -> int:
        """Unix nanoseconds, corrected by the measured offset."""
        return self._now_ns() + self._offset_ns

    def now_us(self) -> int:
        """Unix microseconds, corrected by the measured offset."""
        return (self._now_ns() + self._offset_ns) // 1_000

    def now_ms(self) -> int:
        """Unix milliseconds, corrected by the measured offset."""
        return (self._now_ns() + self._offset_ns) // 1_000_000

    def now_s(self) -> int:
        """Unix seconds, corrected by the measured offset."""
        return (self._now_ns() + self._offset_ns) // 1_000_000_000

    @property
    def offset_ms(self) -> float:
        """Venue time minus local time in milliseconds, as last measured (0 before that)."""
        return self._offset_ns / 1e6

    @property
    def uncertainty_ms(self) -> float:
        """Half the round trip of the last measurement, in milliseconds."""
        return self._sample.uncertainty_ns / 1e6

    def observe(self, server_ns: int, sent_ns: int, received_ns: int) -> ClockSample:
        """Take one measurement: the venue's time, and local time before and after asking for it.

        All three are Unix nanoseconds; local times are uncorrected (``time.time_ns``). Raises
        ConfigurationError when the local clock stepped back between the two readings.
        """
        if received_ns < sent_ns:
            raise ConfigurationError("the local clock stepped back while it was being measured")
        middle = (sent_ns + received_ns) // 2
        self._sample = ClockSample(server_ns - middle, (received_ns - sent_ns) // 2)
        self._offset_ns = self._sample.offset_ns
        return self._sample
