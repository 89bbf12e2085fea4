"""Remembers nonces until their window has passed: bounded, atomic, and safe over a restart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from enum import StrEnum

NEVER_MS = 2**63 - 1
"""When the highest of rising nonces is forgotten."""


class NonceOutcome(StrEnum):
    """What became of a nonce."""

    FRESH = "fresh"
    REPLAYED = "replayed"
    FULL = "full"
    """The key has too many open nonces; nothing is evicted early, the request must wait."""


class NonceMemory:
    """Nonces per key. One thread or loop owns it; each insert is a single step.

    After a restart, restore what was persisted, or refuse requests whose timestamp is not later
    than the start plus the allowed skew (`floor_ms`): otherwise a replay would pass.
    """

    __slots__ = ("_by_key", "_highest", "_limit", "floor_ms")

    def __init__(self, limit_per_key: int = 100_000, floor_ms: int = 0) -> None:
        self._limit = limit_per_key
        self._by_key: dict[str, tuple[set[str], deque[tuple[int, str]]]] = {}
        self._highest: dict[str, int] = {}
        self.floor_ms = floor_ms

    def insert(self, key: str, nonce: str, expires_ms: int, now_ms: int) -> NonceOutcome:
        """Remember a nonce of a key until `expires_ms`. Call it only for good signatures."""
        held = self._by_key.get(key)
        if held is None:
            held = self._by_key[key] = (set(), deque())
        seen, order = held
        while order and order[0][0] < now_ms:
            seen.discard(order.popleft()[1])
        if nonce in seen:
            return NonceOutcome.REPLAYED
        if len(seen) >= self._limit:
            return NonceOutcome.FULL
        seen.add(nonce)
        order.append((expires_ms, nonce))
        return NonceOutcome.FRESH

    def rise(self, key: str, nonce: int) -> NonceOutcome:
        """Take a nonce that must be above every earlier one of its key, which is kept for good."""
        if nonce <= self._highest.get(key, -1):
            return NonceOutcome.REPLAYED
        self._highest[key] = nonce
        return NonceOutcome.FRESH

    def restore(self, records: Iterable[tuple[str, str, int]]) -> None:
        """Take back (key, nonce, expires_ms) of a former run, in any order and however many."""
        for key, nonce, expires_ms in sorted(records, key=lambda record: record[2]):
            if expires_ms == NEVER_MS:
                self.rise(key, int(nonce))
                continue
            seen, order = self._by_key.setdefault(key, (set(), deque()))
            if nonce not in seen:
                seen.add(nonce)
                order.append((expires_ms, nonce))

    def records(self) -> Iterable[tuple[str, str, int]]:
        """Yield what must be kept over a restart; the highest of rising nonces never expire."""
        for key, (_, order) in self._by_key.items():
            for expires_ms, nonce in order:
                yield key, nonce, expires_ms
        for key, highest in self._highest.items():
            yield key, str(highest), NEVER_MS
