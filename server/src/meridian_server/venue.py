"""The one writer: numbers commands, applies them, commits them in groups, then lets answers out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from meridian_server.commands import Command
from meridian_server.engine import Engine
from meridian_server.events import Event, changed_state
from meridian_server.journal import Journal
from meridian_server.journal.replay import entry_of

log = logging.getLogger(__name__)
Callback = Callable[[], None]
Listener = Callable[[list[Event]], None]


@dataclass(slots=True, eq=False)
class _Batch:
    """Commands applied in memory and not yet on disk, and what waits for them."""

    applied: list[tuple[Command, list[Event]]] = field(default_factory=list)
    waiting: list[Callback] = field(default_factory=list)


class Venue:
    """Everything happens on one loop except the commit itself, which has a thread of its own.

    State read after a command may not be shown before that command is on disk; whoever
    answers from the state does so inside `after_commit`."""

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        chain: bytes,
        clock: Callable[[], int],
    ) -> None:
        self.engine = engine
        self.journal = journal
        self._chain = chain
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._batch = _Batch()
        self._in_flight: _Batch | None = None
        self._is_flush_due = False
        self._latest_ms = engine.state.timestamp_ms
        self.has_failed = False
        self.listeners: list[Listener] = []
        self.on_failure: Callback = lambda: None
        self._settling: list[asyncio.Event] = []

    def now_ms(self) -> int:
        """The venue's time in unix milliseconds; it stands still rather than go back."""
        self._latest_ms = max(self._latest_ms, self._clock())
        return self._latest_ms

    def next_sequence(self) -> int:
        """The number that the next command must carry."""
        return self.engine.state.sequence + 1

    def execute(self, command: Command) -> list[Event]:
        """Apply a command now; what it changed is committed with its neighbours."""
        events = self.engine.apply(command)
        if changed_state(events):
            self._batch.applied.append((command, events))
            if not self._is_flush_due and self._in_flight is None:
                self._is_flush_due = True
                self._loop.call_soon(self._flush)
        return events

    def after_commit(self, callback: Callback) -> None:
        """Call back once everything applied so far is on disk: at once when it is."""
        if self.has_failed:
            return
        if self._batch.applied:
            self._batch.waiting.append(callback)
        elif self._in_flight is not None:
            self._in_flight.waiting.append(callback)
        else:
            callback()

    def _flush(self) -> None:
        self._is_flush_due = False
        if self._in_flight is not None or not self._batch.applied or self.has_failed:
            return
        self._in_flight, self._batch = self._batch, _Batch()
        entries = []
        for command, events in self._in_flight.applied:
            entry = entry_of(self._chain, command, events)
            self._chain = entry.chain
            entries.append(entry)
        commit = self._writer.submit(self.journal.append, entries)
        commit.add_done_callback(
            lambda done: self._loop.call_soon_threadsafe(self._committed, done)
        )

    def _committed(self, done: Future[None]) -> None:
        error = done.exception()
        batch, self._in_flight = self._in_flight, None
        if error is not None:
            # Memory is ahead of the disk now; the only honest answer is none at all.
            self.has_failed = True
            log.critical("the journal could not be written; stopping", exc_info=error)
            for settled in self._settling:
                settled.set()
            self.on_failure()
            return
        if batch is not None:
            for _, events in batch.applied:
                for listener in self.listeners:
                    _call(partial(listener, events))
            for callback in batch.waiting:
                _call(callback)
        self._flush()

    async def settle(self) -> None:
        """Wait until everything applied so far is on disk (or the disk has failed)."""
        settled = asyncio.Event()
        self._settling.append(settled)
        self.after_commit(settled.set)
        if not self.has_failed:
            await settled.wait()
        self._settling.remove(settled)

    def abandon(self) -> None:
        """Write nothing more: what is not on disk by now never happened."""
        self.has_failed = True

    def close(self) -> None:
        """Release the journal; what is not settled by now is lost, and was never answered."""
        self._writer.shutdown(wait=True)
        self.journal.close()


def _call(callback: Callback) -> None:
    """One listener's fault must not keep the answers of all others back."""
    try:
        callback()
    except Exception:
        log.exception("a listener of the journal failed")
