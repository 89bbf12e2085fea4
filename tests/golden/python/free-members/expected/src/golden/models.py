"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Model, OpenModel


class Account(OpenModel):
    """Account"""

    __free_members__ = "extra_"

    __decimal_numbers__ = frozenset({"extra_"})

    account_id: str
    extra: str | UnsetType = UNSET
    parent: Account | UnsetType = UNSET
    extra_: dict[str, Decimal] = field(default_factory=dict)
    """Members that the contract admits beside the declared ones, by their wire names."""


class Labelled(OpenModel):
    """Labelled"""

    __free_members__ = "extra"

    id: str | UnsetType = UNSET
    extra: dict[str, Decimal] = field(default_factory=dict)
    """Members that the contract admits beside the declared ones, by their wire names."""


class Loose(OpenModel):
    """Loose"""

    __free_members__ = "extra"

    __untyped__ = frozenset({"extra"})

    id: str | UnsetType = UNSET
    extra: dict[str, Any] = field(default_factory=dict)
    """Members that the contract admits beside the declared ones, by their wire names."""


class Closed(Model):
    """Closed"""

    id: str | UnsetType = UNSET
