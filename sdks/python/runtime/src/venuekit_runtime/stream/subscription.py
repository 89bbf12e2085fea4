"""What a caller holds of a followed channel: an iterator of events, or a book that keeps itself."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

from venuekit_runtime.errors import (
    ConfigurationError,
    StreamClosedError,
    StreamError,
    VenueError,
)
from venuekit_runtime.operation import Channel
from venuekit_runtime.stream.book import Book, BookSide
from venuekit_runtime.stream.feed import Feed

T = TypeVar("T")

MAX_WAITING_EVENTS = 65_536


class Subscription(Generic[T]):
    """The events of one channel, in order: ``async for event in subscription``.

    Iteration goes on over lost sockets; ``is_stale`` tells when what was seen may be out of date.
    A reader that falls more than 65,536 events behind gets a StreamError, never a silent loss.
    """

    def __init__(self, feed: Feed, on_close: Callable[[int], None]) -> None:
        self._feed = feed
        self._on_close = on_close
        self._events: deque[T] = deque()
        self._error: VenueError | None = None
        self._is_closed = False
        self._waiters: list[asyncio.Future[None]] = []

    @property
    def topic(self) -> str:
        """The channel's address with its parameters filled in."""
        return self._feed.topic

    @property
    def is_stale(self) -> bool:
        """Whether events may be missing: before the start, after a loss or a gap."""
        return self._feed.is_stale

    @property
    def gap_count(self) -> int:
        """How many holes the sequence has shown so far."""
        return self._feed.gap_count

    @property
    def waiting_count(self) -> int:
        """How many events have come and not been read."""
        return len(self._events)

    def age_s(self) -> float | None:
        """Seconds since the last event arrived; None before the first."""
        last = self._feed.last_data
        return None if last is None else asyncio.get_running_loop().time() - last

    def close(self) -> None:
        """Stop following; an iteration that waits ends."""
        if not self._is_closed:
            self._is_closed = True
            self._on_close(self._feed.number)
            self.wake()

    def take(self, event: T, error: VenueError | None) -> None:
        """Called by the client: one event, or the end."""
        if error is not None:
            self._error = error
        elif len(self._events) >= MAX_WAITING_EVENTS:
            self._error = StreamError(
                f"the reader of {self.topic} fell {MAX_WAITING_EVENTS} events behind"
            )
            self.close()
        else:
            self._events.append(event)
        self.wake()

    def wake(self) -> None:
        """Called by the client: whoever waits looks again."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def live(self) -> Self:
        """Wait until the venue confirmed the subscription and its snapshot, if it has one, came.

        From then on nothing is missed; `is_stale` tells when that ends. It waits over lost
        sockets, so bound it with `asyncio.timeout`. Raises what ended the subscription, such as
        the ApiError of a refusal, and StreamClosedError when it was closed.
        """
        while True:
            if self._error is not None:
                raise self._error
            if self._is_closed:
                raise StreamClosedError(f"the subscription to {self.topic} is closed")
            if not self.is_stale:
                return self
            await self._change()

    async def _change(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._events:
            if self._error is not None:
                raise self._error
            if self._is_closed:
                raise StopAsyncIteration
            await self._change()
        return self._events.popleft()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


class LiveBook:
    """A book that applies each message as it is awaited: ``async for _ in book`` or `update`."""

    def __init__(self, subscription: Subscription[Any], channel: Channel[Any]) -> None:
        if channel.book is None or channel.sequence is None:
            raise ConfigurationError(f"the contract has no rule to build a book of {channel.name}")
        self._subscription = subscription
        self._snapshots = tuple(
            event.type.load()
            for event in channel.events
            if event.tag in channel.sequence.snapshot_tags and event.type is not None
        )
        self._book = Book(channel.book)
        self._is_built = False

    @property
    def bids(self) -> BookSide:
        """The buy side."""
        return self._book.bids

    @property
    def asks(self) -> BookSide:
        """The sell side."""
        return self._book.asks

    @property
    def is_stale(self) -> bool:
        """Whether the book may be wrong now; it repairs itself with the next snapshot."""
        return not self._is_built or self._subscription.is_stale

    async def live(self) -> Self:
        """Wait until the book is built from a snapshot; see `Subscription.live`."""
        while self.is_stale:
            await self._subscription.live()
            await self.update()
            while self._subscription.waiting_count:
                await self.update()
        return self

    async def update(self) -> Any:
        """Wait for the next message, apply it, and return it."""
        message = await self._subscription.__anext__()
        if isinstance(message, self._snapshots):
            self._book.apply_snapshot(message)
            self._is_built = True
        else:
            self._book.apply_delta(message)
        return message

    def close(self) -> None:
        """Stop following."""
        self._subscription.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        return await self.update()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
