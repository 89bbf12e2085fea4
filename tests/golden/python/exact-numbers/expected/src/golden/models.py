"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Model


class Level(Model):
    """Level"""

    __decimal_numbers__ = frozenset({"size", "ratio"})

    price: Price
    """Money in plain digits."""

    id: int
    at_ms: int = field(name="atMs")
    """Unit: unix-ms."""

    size: Size | UnsetType = UNSET
    ratio: Decimal | UnsetType = UNSET
    long_id: str | UnsetType = field(name="longId", default=UNSET)
    """An integer that travels as text."""

    at: str | UnsetType = UNSET
    stop: Price | None | UnsetType = UNSET


Price: TypeAlias = Decimal


Size: TypeAlias = Decimal


Sides: TypeAlias = list[list[Decimal | int]]
