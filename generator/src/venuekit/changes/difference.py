"""What can differ between two shapes of a message, before any rule has judged it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from venuekit.contract import Wire
from venuekit.origin import Origin


class Direction(StrEnum):
    """Which way values travel; the text is what messages say."""

    TO_SERVER = "client to server"
    TO_CLIENT = "server to client"


class Kind(StrEnum):
    """What happened to one place of a shape."""

    FIELD_ADDED = "field added"
    FIELD_REMOVED = "field removed"
    NOW_REQUIRED = "now required"
    NOW_OPTIONAL = "now optional"
    VALUE_ADDED = "value added"
    VALUE_REMOVED = "value removed"
    TYPE_CHANGED = "type changed"
    UNIT_CHANGED = "unit changed"
    DEFAULT_CHANGED = "default changed"
    CONSTRAINT_CHANGED = "constraint changed"
    VARIANT_ADDED = "variant added"
    VARIANT_REMOVED = "variant removed"


class Sets(StrEnum):
    """How the values allowed after relate to those allowed before."""

    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference at one place.

    `path` names the place inside the message: `data.bids[].price`, or `44 Price` in FIX.
    `origin` is in the later document; of what is gone it is the place of the parent there.
    `is_required` is about the field that came or went. `is_closed` says that readers of the
    object refuse what it does not declare, or that a union has no tag to tell variants apart;
    `is_announced` that the earlier contract announced it: an open enum may get more values.
    """

    kind: Kind
    path: str
    origin: Origin
    before: str = ""
    after: str = ""
    sets: Sets = Sets.OTHER
    is_required: bool = False
    is_closed: bool = False
    is_announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadDifference:
    """A difference with the way it travels and the messages that it is seen in."""

    difference: Difference
    direction: Direction
    wire: Wire
    messages: tuple[str, ...]

    @property
    def facts(self) -> dict[str, str]:
        """Return what fills the words of a rule."""
        return {
            "path": self.difference.path or "the payload",
            "messages": ", ".join(self.messages),
            "before": self.difference.before,
            "after": self.difference.after,
            "requirement": "required" if self.difference.is_required else "optional",
        }

    @property
    def is_read_tolerantly(self) -> bool:
        """Say whether readers keep what they do not know: ours do, FIX engines do not."""
        return self.wire is Wire.WEBSOCKET and self.direction is Direction.TO_CLIENT
