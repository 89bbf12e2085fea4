"""Nonce sources, unique under threads, forks and restarts: a repeated nonce is a refusal."""

from __future__ import annotations

import functools
import os
from _thread import allocate_lock
from typing import TYPE_CHECKING

from venuekit_runtime.clock import Clock

if TYPE_CHECKING:
    from weakref import WeakValueDictionary

_BATCH = 128
_NONCE_BYTES = 16


class RandomNonce:
    """128 random bits as 32 lower-case hex characters, drawn from the system in batches."""

    __slots__ = ("_drawn",)

    def __init__(self) -> None:
        self._drawn: list[str] = []
        # A forked child must not repeat what its parent has drawn ahead.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._drawn.clear)

    def next(self) -> str:
        """The next nonce. Taking from a list is atomic, so two threads never get the same one."""
        try:
            return self._drawn.pop()
        except IndexError:
            batch = os.urandom(_BATCH * _NONCE_BYTES).hex(" ", _NONCE_BYTES).split(" ")
            last = batch.pop()
            self._drawn.extend(batch)
            return last


class UuidNonce:
    """A random UUID, version 4 (RFC 9562, 5.4), in its 36-character form."""

    __slots__ = ("_random",)

    def __init__(self) -> None:
        self._random = RandomNonce()

    def next(self) -> str:
        """The next UUID."""
        text = self._random.next()
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


class _Highest:
    """The last nonce of a key; all signers of the key in this process hold the same one."""

    __slots__ = ("__weakref__", "value")

    def __init__(self) -> None:
        self.value = 0


_LOCK = allocate_lock()
# A child that is forked while another thread draws would wait for that thread for ever.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release
    )


@functools.cache
def _by_key() -> WeakValueDictionary[tuple[str, int], _Highest]:
    from weakref import WeakValueDictionary

    return WeakValueDictionary()


class IncreasingNonce:
    """A strictly increasing integer that follows the clock, so that a restart goes on above it.

    Sources with the same ``key`` share one sequence within the process: a venue keeps one for each
    API key, however many clients use it. Processes share nothing, so give each its own key.
    """

    __slots__ = ("_clock", "_highest", "_unit_ns")

    def __init__(self, clock: Clock, unit_ns: int = 1_000, key: str = "") -> None:
        self._clock = clock
        self._unit_ns = unit_ns
        with _LOCK:
            shared = _by_key().get((key, unit_ns)) if key else None
            self._highest = shared or _Highest()
            if key:
                _by_key()[key, unit_ns] = self._highest

    def next(self) -> int:
        """The next integer: the clock in its unit, or one more than the last."""
        now = self._clock.now_ns() // self._unit_ns
        with _LOCK:
            self._highest.value = max(self._highest.value + 1, now)
            return self._highest.value
