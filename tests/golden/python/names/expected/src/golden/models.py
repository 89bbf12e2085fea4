"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Model, OpenEnum


class ImportResponse(Model):
    """ImportResponse"""

    e: str | UnsetType = UNSET
    """Event."""

    E: int | UnsetType = UNSET
    """Time of the event."""

    n24h_volume: str | UnsetType = field(name="24hVolume", default=UNSET)
    client_order_id: str | UnsetType = field(name="clientOrderId", default=UNSET)
    str_: str | UnsetType = field(name="str", default=UNSET)
    class_: bool | UnsetType = field(name="class", default=UNSET)
    ref: str | UnsetType = field(name="$ref_", default=UNSET)
    side: ImportResponseSide | UnsetType = UNSET
    levels: list[ImportResponseLevelsItem] | UnsetType = UNSET


class ImportResponseSide(OpenEnum):
    """ImportResponseSide"""

    BUY = "BUY"
    SELL = "SELL"
    VALUE_1M = "1m"
    EMPTY = ""
    BUY_XE8197B2 = "buy"


class ImportResponseLevelsItem(Model):
    """ImportResponseLevelsItem"""

    px: str | UnsetType = UNSET
