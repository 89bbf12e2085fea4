"""One followed channel: its topic, whether it is stale, and the check of its sequence. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from venuekit_runtime.operation import Channel, Event, Place
from venuekit_runtime.stream.frames import EventReader, member

MOST_TOPICS = 10_000


class Feed:
    """What the session knows about one subscription.

    ``is_stale`` is true from the loss of the socket, or from a gap, until order is restored: by
    the next snapshot where the channel has snapshots, else by the venue's reply to subscribe.
    ``gap_count`` counts holes in the sequence.
    """

    __slots__ = (
        "_last",
        "_needs_repair",
        "_reader",
        "_topics",
        "channel",
        "gap_count",
        "is_stale",
        "last_data",
        "number",
        "topic",
    )

    def __init__(self, number: int, channel: Channel[Any], arguments: Mapping[str, Any]) -> None:
        self.number = number
        self.channel = channel
        self.topic = channel.address
        # Of several values that commas join, each names a topic of its own.
        self._topics = {channel.address}
        for parameter in channel.parameters:
            value = str(arguments[parameter.argument])
            place = f"{{{parameter.name}}}"
            self.topic = self.topic.replace(place, value)
            values = value.split(",")
            if len(self._topics) * len(values) > MOST_TOPICS:
                raise ValueError(f"{channel.name} follows at most {MOST_TOPICS} topics at once")
            self._topics = {one.replace(place, part) for one in self._topics for part in values}
        self.is_stale = True
        self.gap_count = 0
        self.last_data: float | None = None
        self._last: int | None = None
        self._needs_repair = False
        self._reader: EventReader | None = None

    @property
    def reader(self) -> EventReader:
        """The decoder of the channel's messages."""
        assert self._reader is not None
        return self._reader

    def hears(self, topic: str) -> bool:
        """Whether a message that names this topic is the feed's."""
        return topic == self.topic or topic in self._topics

    def prepare(self, tag_places: tuple[Place, ...]) -> None:
        """Make the decoder; ``tag_places`` are the session's."""
        self._reader = EventReader(self.channel.events, tag_places)

    def start(self) -> None:
        """The venue confirmed the subscription."""
        rule = self.channel.sequence
        if rule is None or not rule.snapshot_tags:
            self.is_stale = False

    def lose(self) -> None:
        """The socket is gone: what comes next has no known place in the order."""
        self.is_stale = True
        self._needs_repair = False
        rule = self.channel.sequence
        if rule is not None and rule.snapshot_tags:
            self._last = None

    def accepts(self, event: Event, message: Any) -> bool:
        """Whether a message may be handed out; without snapshots a gap is counted, not hidden."""
        rule = self.channel.sequence
        if rule is None or isinstance(message, list):
            return True
        sequence = int(member(message, rule.sequence))
        if event.tag in rule.snapshot_tags:
            self._last = sequence
            self.is_stale = False
            self._needs_repair = False
            return True
        if self._last is None:
            self._last = None if rule.snapshot_tags else sequence
            return not rule.snapshot_tags
        expected = member(message, rule.previous) if rule.previous else sequence - 1
        is_next = expected == self._last
        if is_next or not rule.snapshot_tags:
            self.gap_count += not is_next
            self._last = sequence
            return True
        self.gap_count += 1
        self._last = None
        self.is_stale = True
        self._needs_repair = True
        return False

    def take_repair(self) -> bool:
        """Whether a new snapshot must be asked for; true once for each gap."""
        needs, self._needs_repair = self._needs_repair, False
        return needs
