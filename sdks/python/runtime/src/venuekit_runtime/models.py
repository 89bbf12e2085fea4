"""The bases of generated models: structs, objects with free members, open enums and unions."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from decimal import Decimal
from types import new_class
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from msgspec import Struct, convert

from venuekit_runtime.open_enums import OpenEnum as OpenEnum
from venuekit_runtime.open_enums import OpenIntEnum as OpenIntEnum


class Model(Struct, kw_only=True, omit_defaults=True):
    """Every generated struct: keyword arguments only, and what equals its default is not sent."""


class OpenModelType(type):
    """The type of objects with free members: a class of its kind is called to make its struct.

    msgspec skips undeclared members of a struct, and asks our hook about every other class. So
    the decoder sees a plain class, whose values are instances of its ``struct``.
    """

    struct: type[Model]

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> OpenModelType:
        """Make the plain class, and the struct that the class statement describes."""
        place = {key: namespace[key] for key in ("__module__", "__qualname__", "__doc__")}
        made = super().__new__(cls, name, (), place)
        if bases:
            # The struct stands at its qualified name, where pickle finds it.
            members = {**namespace, "__qualname__": f"{namespace['__qualname__']}.struct"}
            made.struct = new_class(name, (Model,), None, lambda body: body.update(members))
        return made

    def __call__(cls, **members: Any) -> Any:
        """A value of the class; raises TypeError like any struct."""
        return cls.struct(**members)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.struct)

    def read(cls, value: object) -> object:
        """A decoded JSON object as a struct that keeps its free members.

        Raises ValueError when the value is no object, or does not fit.
        """
        if not isinstance(value, dict):
            raise ValueError(f"Expected `object`, got `{_kind(value)}`")
        free: str = vars(cls.struct)["__free_members__"]
        declared = set(cls.struct.__struct_encode_fields__) - {free}
        members: dict[str, object] = {}
        others: dict[str, object] = {}
        for name, item in value.items():
            (members if name in declared else others)[name] = item
        return convert({**members, free: others}, cls.struct, dec_hook=decode_hook)


if TYPE_CHECKING:

    class OpenModel(Model):
        """An object with declared and free members; a type checker sees a struct like any other."""

else:

    class OpenModel(metaclass=OpenModelType):
        """An object with declared and free members; `__free_members__` names the field of these."""


class DecimalOrEmptyType(type):
    """The type of decimals in text of which empty text means none."""

    def __instancecheck__(cls, instance: object) -> bool:
        return instance is None or isinstance(instance, Decimal)


if TYPE_CHECKING:
    DecimalOrEmpty: TypeAlias = Decimal | None
else:

    class DecimalOrEmpty(metaclass=DecimalOrEmptyType):
        """A Decimal, or None for empty text; the decoder asks our hook about it."""


class Unknown(dict[str, Any]):
    """An object that no variant of its union stands for, with all that arrived."""


class Case(Struct, frozen=True):
    """What an object must have to be one variant of a union without a tag.

    ``values`` and ``kinds`` (JSON's: text, number, boolean, array, object) are of required fields.
    """

    name: str
    required: tuple[str, ...]
    values: Mapping[str, tuple[object, ...]] = {}
    kinds: Mapping[str, str] = {}

    def fits(self, value: Mapping[str, Any]) -> bool:
        """Whether an object has it all."""
        return (
            all(name in value for name in self.required)
            and all(_is_one_of(value[name], allowed) for name, allowed in self.values.items())
            and all(_kind(value[name]) == kind for name, kind in self.kinds.items())
        )


class OpenUnionType(type):
    """The type of unions: the values of a union are its variants and whatever is unknown."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, (Unknown, *cls.variants()))

    def variants(cls) -> tuple[type, ...]:
        """The classes of the variants."""
        names = (*cls.__dict__.get("tags", {}).values(), *(c.name for c in _cases(cls)))
        module = vars(sys.modules[cls.__module__])
        return tuple(module[name] for name in dict.fromkeys(names))


class OpenUnion(metaclass=OpenUnionType):
    """One of several objects, told apart by a tag or by their fields, never by trial.

    Type checkers see the union of its variants; this class is what the decoder sees. A subclass
    states ``tag`` with ``tags`` (value to class of the same module) or ``cases`` in order.
    """

    tag: ClassVar[str] = ""
    tags: ClassVar[Mapping[str, str]] = {}
    cases: ClassVar[tuple[Case, ...]] = ()

    @classmethod
    def read(cls, value: object) -> object:
        """A decoded JSON value as its variant, or as Unknown when no variant stands for it.

        Raises ValueError when the value is no object, or does not fit its variant.
        """
        if not isinstance(value, dict):
            raise ValueError(f"Expected `object`, got `{_kind(value)}`")
        name = cls.tags.get(_text(value.get(cls.tag))) if cls.tag else _fitting(cls.cases, value)
        if name is None:
            return Unknown(value)
        kind = vars(sys.modules[cls.__module__])[name]
        return convert(value, kind, dec_hook=decode_hook)


def decode_hook(kind: type, value: object) -> object:
    """The `dec_hook` of every decoder of generated models: it reads what msgspec cannot.

    That is unions of objects, open objects, and decimals that may be empty. Raises TypeError for
    any other type.
    """
    if isinstance(kind, DecimalOrEmptyType):
        return None if value == "" else convert(value, Decimal)
    if isinstance(kind, OpenModelType):
        return kind.read(value)
    if isinstance(kind, OpenUnionType) and issubclass(kind, OpenUnion):
        return kind.read(value)
    raise TypeError(f"{kind.__name__} cannot be decoded")


def _cases(union: type) -> tuple[Case, ...]:
    found: tuple[Case, ...] = union.__dict__.get("cases", ())
    return found


def _fitting(cases: tuple[Case, ...], value: Mapping[str, Any]) -> str | None:
    return next((case.name for case in cases if case.fits(value)), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_one_of(value: object, allowed: tuple[object, ...]) -> bool:
    # True equals 1 in Python and not in JSON.
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in allowed)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float() | Decimal():
            return "number"
        case str():
            return "text"
        case list():
            return "array"
        case _:
            return "object"
