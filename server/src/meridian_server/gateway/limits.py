"""Rate limits: one bucket per owner and kind, kept as a single number (GCRA)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from venuekit_runtime.server.refusal import RefusalError

_NS_PER_S = 1_000_000_000
OWNERS_KEPT = 100_000


class Charge(NamedTuple):
    """What one call left in a bucket, for the headers of the reply."""

    capacity: int
    remaining: int


class Bucket:
    """A bucket of the contract for all of its owners.

    Each owner has one number: the moment (monotonic nanoseconds) at which its bucket will be
    full again. A call of weight w moves it w intervals on, and is refused when that lies
    further ahead than one window."""

    def __init__(
        self, name: str, capacity: int, window_ms: int, clock_ns: Callable[[], int]
    ) -> None:
        self.name = name
        self.capacity = capacity
        self._window_ns = window_ms * 1_000_000
        self._clock_ns = clock_ns
        self._full_at: dict[object, int] = {}

    def check(self, owner: object) -> None:
        """Raise RATE_LIMITED when not one unit is left, without taking any."""
        before = self._full_at.get(owner)
        if before is not None:
            self.charge(owner, 1)
            self._full_at[owner] = before

    def charge(self, owner: object, weight: int) -> Charge:
        """Take `weight` units, or raise RATE_LIMITED with the exact wait, rounded up to whole
        seconds. A refused call takes nothing."""
        now = self._clock_ns()
        full_at = max(self._full_at.get(owner, now), now)
        cost = -(-self._window_ns * weight // self.capacity)
        wait = full_at + cost - now - self._window_ns
        if wait > 0:
            raise RefusalError(
                "RATE_LIMITED",
                f"the bucket {self.name} is empty",
                retry_after_s=-(-wait // _NS_PER_S),
            )
        if len(self._full_at) >= OWNERS_KEPT and owner not in self._full_at:
            self._forget(now)
        self._full_at[owner] = full_at + cost
        return Charge(self.capacity, -wait * self.capacity // self._window_ns)

    def _forget(self, now: int) -> None:
        """Drop owners whose buckets are full; when none is, the oldest tenth goes."""
        self._full_at = {owner: at for owner, at in self._full_at.items() if at > now}
        for owner in list(self._full_at)[: max(0, len(self._full_at) - OWNERS_KEPT * 9 // 10)]:
            del self._full_at[owner]
