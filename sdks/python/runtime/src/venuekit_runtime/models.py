"""The bases of generated models: open enums, and a base that leaves defaults off the wire."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Self

from msgspec import Struct


class Model(Struct, kw_only=True, omit_defaults=True):
    """Every generated struct: keyword arguments only, and what equals its default is not sent."""


class OpenEnum(StrEnum):
    """Text out of a known set that may grow: an unknown value is kept, never refused.

    A value that the contract does not know becomes a member named UNKNOWN which equals, prints
    and encodes as the text that arrived; ``is_known`` tells the two apart.
    """

    @property
    def is_known(self) -> bool:
        """Whether the contract knows the value."""
        return self._value_ in type(self)._value2member_map_

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member


class OpenIntEnum(IntEnum):
    """The same for integers."""

    @property
    def is_known(self) -> bool:
        """Whether the contract knows the value."""
        return self._value_ in type(self)._value2member_map_

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
