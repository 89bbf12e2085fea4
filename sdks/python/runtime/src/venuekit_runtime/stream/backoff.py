"""How long a stream waits before it tries another socket."""

from __future__ import annotations

from msgspec import Struct


class Backoff(Struct, frozen=True):
    """Full jitter: each delay is random in [0, min(cap_s, base_s * 2**attempt)]."""

    base_s: float = 0.25
    cap_s: float = 30.0

    def delay_s(self, attempt: int, random: float) -> float:
        """Seconds before the next socket; ``attempt`` counts from 0, ``random`` is in [0, 1)."""
        return random * min(self.cap_s, self.base_s * 2.0 ** min(attempt, 32))
