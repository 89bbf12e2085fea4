"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Model, OpenEnum


class Ack(Model):
    """Ack"""

    order_id: int = field(name="orderId")
    at: int | UnsetType = UNSET


class Full(Model):
    """Full"""

    order_id: int = field(name="orderId")
    fills: list[str]
    at: str | UnsetType = UNSET


class Result(Model):
    """Result

    One of several objects that nothing tells apart; it has the fields of all.
    """

    order_id: int = field(name="orderId")
    at: int | str | UnsetType = UNSET
    fills: list[str] | UnsetType = UNSET


class MixedFirstEnum(OpenEnum):
    """MixedFirstEnum"""

    A = "a"
    B = "b"


OneOrMany: TypeAlias = Ack | list[Ack]


TextOrNumberSchema: TypeAlias = str | int


TextOrNumber: TypeAlias = TextOrNumberSchema | None


Mixed: TypeAlias = Any
