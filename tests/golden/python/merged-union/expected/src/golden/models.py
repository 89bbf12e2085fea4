"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Case, Model, OpenEnum, OpenUnion, Unknown


class Ack(Model):
    """Ack"""

    order_id: int = field(name="orderId")
    at: int | UnsetType = UNSET


class Full(Model):
    """Full"""

    order_id: int = field(name="orderId")
    fills: list[str]
    at: str | UnsetType = UNSET


if TYPE_CHECKING:
    Result: TypeAlias = "Ack | Full | Unknown"
else:

    class Result(OpenUnion):
        """Result"""

        cases = (
            Case("Full", ("orderId", "fills")),
            Case("Ack", ("orderId",)),
        )


class MixedFirstEnum(OpenEnum):
    """MixedFirstEnum"""

    A = "a"
    B = "b"


OneOrMany: TypeAlias = Ack | list[Ack]


TextOrNumberSchema: TypeAlias = str | int


TextOrNumber: TypeAlias = TextOrNumberSchema | None


Mixed: TypeAlias = Any
