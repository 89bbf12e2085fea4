"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Case, Model, OpenEnum, OpenUnion, Unknown


if TYPE_CHECKING:
    Event: TypeAlias = "Trade | Level | Unknown"
else:

    class Event(OpenUnion):
        """What happens."""

        tag = "e"
        tags = {
            "trade": "Trade",
            "bid": "Level",
            "ask": "Level",
        }


class Trade(Model):
    """Trade"""

    __decimal_numbers__ = frozenset({"size"})

    e: Literal["trade"]
    price: Decimal
    size: Decimal


class Level(Model):
    """Level"""

    e: LevelE
    price: Decimal
    next: Event | UnsetType = UNSET
    """What happens."""


class Batch(Model):
    """Batch"""

    events: list[Event]
    last: Event | None | UnsetType = UNSET
    by_name: dict[str, Event] | UnsetType = field(name="byName", default=UNSET)


class Filled(Model):
    """Filled"""

    id: int
    fills: list[int]


class Accepted(Model):
    """Accepted"""

    id: int
    note: str | UnsetType = UNSET


class Refused(Model):
    """Refused"""

    id: str


if TYPE_CHECKING:
    Answer: TypeAlias = "Accepted | Filled | Refused | Unknown"
else:

    class Answer(OpenUnion):
        """Answer"""

        cases = (
            Case("Filled", ("id", "fills"), kinds={"id": "number"}),
            Case("Accepted", ("id",), kinds={"id": "number"}),
            Case("Refused", ("id",), kinds={"id": "text"}),
        )


class Alike(Model):
    """Alike

    One of several objects that nothing tells apart; it has the fields of all.
    """

    a: int | UnsetType = UNSET
    b: int | UnsetType = UNSET


class LevelE(OpenEnum):
    """LevelE"""

    BID = "bid"
    ASK = "ask"


class AlikeLeft(Model):
    """left"""

    a: int | UnsetType = UNSET


class AlikeRight(Model):
    """right"""

    b: int | UnsetType = UNSET
