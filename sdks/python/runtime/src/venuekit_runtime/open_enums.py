"""The bases of generated enums: the values of the contract, and those it does not know yet.

A contract of GitHub's size has 3,000 enums, and `enum` takes a tenth of a millisecond for each.
So `enum` makes one of a kind, and every other whose members are plain values is made after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import EnumType, IntEnum, StrEnum
from types import new_class
from typing import TYPE_CHECKING, Any, Self

# What belongs to one class alone, of what `enum` (Python 3.11 to 3.14) puts into a class.
_OWN = frozenset(
    {
        "_hashable_values_",
        "_member_map_",
        "_member_names_",
        "_unhashable_values_",
        "_unhashable_values_map_",
        "_value2member_map_",
    }
)
_OF_MEMBER = {"_name_", "_sort_order_", "_value_", "__objclass__"}
_STATED = frozenset(
    {"__doc__", "__firstlineno__", "__module__", "__qualname__", "__static_attributes__"}
)
_SAMPLE = "SAMPLE"


class OpenText(StrEnum):
    """The class that texts of an open enum are instances of."""

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


class OpenNumber(IntEnum):
    """The class that integers of an open enum are instances of."""

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


class _Pattern:
    """What the enums of one base have in common, taken from one that `enum` made."""

    def __init__(self, base: Any, kind: type[str] | type[int]) -> None:
        self._bases = (base,)
        self._kind: Any = kind
        sample = base("Sample", {_SAMPLE: kind()}, module=__name__)
        found = {name: value for name, value in vars(sample).items() if name not in _STATED}
        member = found.pop(_SAMPLE)
        self._own = frozenset(found) & _OWN
        self._common = {
            name: value
            for name, value in found.items()
            if name not in _OWN and value is not _inherited(base, name)
        }
        # Members may not be called like anything that an enum has, as `mro` is no name either.
        self._taken = {name for one in (*base.__mro__, EnumType, type) for name in vars(one)}
        # A later Python may keep more; its enums are then made by itself.
        self._is_known = vars(member).keys() == _OF_MEMBER and not any(
            isinstance(value, (list, dict, set)) for value in self._common.values()
        )

    def made(self, name: str, namespace: dict[str, Any]) -> EnumType | None:
        """The enum of a class statement; None where its members are not plain values."""
        kind, taken = self._kind, self._taken
        body = self._common.copy()
        values: dict[str, Any] = {}
        for key, value in namespace.items():
            if key in _STATED:
                body[key] = value
            elif type(value) is kind and key not in taken and key[0] != "_":
                values[key] = value
            else:
                return None
        by_value: dict[Any, Any] = dict.fromkeys(values.values())
        if not values or len(by_value) != len(values) or not self._is_known:
            return None
        members = values.copy()
        body["_member_names_"] = list(values)
        body["_member_map_"] = members
        body["_value2member_map_"] = by_value
        for key, content in self._rest(by_value):
            body[key] = content
        made: Any = type.__new__(EnumType, name, self._bases, body)
        for order, (key, value) in enumerate(values.items()):
            member = kind.__new__(made, value)
            member._value_ = value
            member._name_ = key
            member.__objclass__ = made
            member._sort_order_ = order
            members[key] = by_value[value] = member
            type.__setattr__(made, key, member)
        enum: EnumType = made
        return enum

    def _rest(self, by_value: dict[Any, Any]) -> Iterator[tuple[str, object]]:
        """What only some versions of Python keep, and new for each class."""
        if "_hashable_values_" in self._own:
            yield "_hashable_values_", list(by_value)
        if "_unhashable_values_" in self._own:
            yield "_unhashable_values_", []
        if "_unhashable_values_map_" in self._own:
            yield "_unhashable_values_map_", {}


def _inherited(base: type, name: str) -> object:
    return next((vars(one)[name] for one in base.__mro__ if name in vars(one)), None)


class OpenEnumType(type):
    """The type of the bases: a class statement upon one of them makes an ordinary enum.

    msgspec knows enums by their type being `EnumType` itself, and no class below it.
    """

    enum: Any
    _kind: Any
    _pattern: _Pattern | None

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
        """Make a base, or the enum that a class statement upon bases describes."""
        if not bases:
            made = super().__new__(cls, name, (), namespace)
            made._pattern = None
            return made
        if len(bases) == 1 and isinstance(bases[0], cls):
            enum = bases[0]._like_others().made(name, namespace)
            if enum is not None:
                return enum
        real = tuple(one.enum if isinstance(one, cls) else one for one in bases)
        return new_class(name, real, None, lambda body: _state(body, namespace))

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.enum)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return subclass is cls or issubclass(subclass, cls.enum)

    def _like_others(cls) -> _Pattern:
        if cls._pattern is None:
            cls._pattern = _Pattern(cls.enum, cls._kind)
        return cls._pattern


def _state(body: Any, namespace: dict[str, Any]) -> None:
    # One by one, because `enum` takes note of each name as it is set.
    for name, value in namespace.items():
        body[name] = value


if TYPE_CHECKING:

    class OpenEnum(OpenText):
        """A type checker sees an enum like any other."""

    class OpenIntEnum(OpenNumber):
        """The same for integers."""

else:

    class OpenEnum(metaclass=OpenEnumType):
        """Text out of a known set that may grow: an unknown value is kept, never refused.

        A value that the contract does not know becomes a member named UNKNOWN which equals,
        prints and encodes as the text that arrived; ``is_known`` tells the two apart.
        """

        enum = OpenText
        _kind = str

    class OpenIntEnum(metaclass=OpenEnumType):
        """The same for integers."""

        enum = OpenNumber
        _kind = int
