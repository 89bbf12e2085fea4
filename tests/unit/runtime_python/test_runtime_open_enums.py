"""Open enums are made by us, quickly: they must be what `enum` would have made, to every detail."""

from __future__ import annotations

import copy
import enum
import inspect
import pickle
import sys
from typing import Any

import msgspec
import pytest

from venuekit_runtime import open_enums
from venuekit_runtime.models import OpenEnum, OpenIntEnum
from venuekit_runtime.open_enums import OpenNumber, OpenText


class Side(OpenEnum):
    """Side of the book."""

    BUY = "buy"
    SELL = "sell"
    N1 = ""


class Level(OpenIntEnum):
    """How much."""

    N0 = 0
    N7 = 7


class BySide(OpenText):
    """Side of the book."""

    BUY = "buy"
    SELL = "sell"
    N1 = ""


class ByLevel(OpenNumber):
    """How much."""

    N0 = 0
    N7 = 7


PAIRS = pytest.mark.parametrize(("ours", "plain"), [(Side, BySide), (Level, ByLevel)])


def _shown(value: Any, cls: type) -> Any:
    """A value with its class named alike, so that two classes can be compared."""
    match value:
        case dict():
            return {key: _shown(item, cls) for key, item in value.items()}
        case list():
            return [_shown(item, cls) for item in value]
        case enum.Enum():
            assert type(value) is cls
            facts = {k: v for k, v in vars(value).items() if k != "__objclass__"}
            assert vars(value)["__objclass__"] is cls
            return (value.name, value.value, type(value.value), str(value), f"{value:>9}", facts)
        case _ if inspect.ismethod(value):
            return value.__func__
        case _:
            return value


@PAIRS
def test_a_quick_enum_has_what_enum_itself_gives(ours: Any, plain: Any) -> None:
    assert type(ours) is type(plain) is enum.EnumType
    assert ours.__bases__ == plain.__bases__
    assert dir(ours) == dir(plain)
    assert all(vars(ours)[name] is member for name, member in ours.__members__.items())
    called = {"__class__", "__dict__", "__firstlineno__", "__name__", "__qualname__"}
    for name in sorted({*vars(plain), *vars(ours), *dir(plain)} - called):
        expected, found = (_shown(getattr(one, name), one) for one in (plain, ours))
        assert type(found) is type(expected), name
        # Methods that are bound to the class in C compare by the class.
        if not inspect.isbuiltin(expected):
            assert found == expected, name


@PAIRS
def test_a_quick_enum_did_not_go_through_enum(ours: Any, plain: Any) -> None:
    pattern = open_enums._Pattern(plain.__bases__[0], type(next(iter(plain)).value))
    values = {name: member.value for name, member in plain.__members__.items()}
    made = pattern.made("Made", {"__module__": __name__, "__qualname__": "Made", **values})
    assert isinstance(made, enum.EnumType), "enum of this Python keeps more than we know of"
    assert [m.value for m in made] == [m.value for m in ours]


def test_an_enum_is_one() -> None:
    assert Side("buy") is Side.BUY is Side["BUY"]
    assert list(Side) == [Side.BUY, Side.SELL, Side.N1]
    assert len(Side) == 3
    assert "buy" in Side.__members__["BUY"].value
    assert Side.BUY == "buy"
    assert Level.N7 == 7
    assert repr(Side.BUY) == "<Side.BUY: 'buy'>"
    assert hash(Side.BUY) == hash(BySide.BUY)
    assert {Side.SELL: 1}["sell"] == 1
    assert Side.__doc__ == "Side of the book."
    assert Side.__module__ == __name__
    with pytest.raises(AttributeError):
        Side.BUY = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):

        class Wider(Side):  # type: ignore[misc]
            HOLD = "hold"


def test_unknown_values_are_kept() -> None:
    unknown = Side("hold")
    assert (unknown.name, unknown.value, unknown.is_known) == ("UNKNOWN", "hold", False)
    assert Side.BUY.is_known
    assert Level.N0.is_known
    assert not Level(3).is_known
    assert len(Side) == 3
    for wrong in (3, None, True):
        with pytest.raises(ValueError, match="is not a valid Side"):
            Side(wrong)
    with pytest.raises(ValueError, match="is not a valid Level"):
        Level("7")


def test_bases_know_their_enums() -> None:
    assert issubclass(Side, OpenEnum)
    assert not issubclass(Side, OpenIntEnum)
    assert issubclass(OpenEnum, OpenEnum)
    assert not issubclass(str, OpenEnum)
    assert isinstance(Side.BUY, OpenEnum)
    assert isinstance(Side("hold"), OpenEnum)
    assert isinstance(Level.N7, OpenIntEnum)
    assert not isinstance(7, OpenIntEnum)
    assert isinstance(Side.BUY, enum.StrEnum)
    assert isinstance(Level.N7, enum.IntEnum)


@pytest.mark.parametrize("member", [Side.BUY, Side("hold"), Level.N0, Level(3)])
def test_members_are_copied_and_pickled(member: Any) -> None:
    for one in (
        copy.copy(member),
        copy.deepcopy(member),
        *(pickle.loads(pickle.dumps(member, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)),
    ):
        assert one == member
        assert type(one) is type(member)
        assert one.name == member.name
    assert pickle.loads(pickle.dumps(Side)) is Side


class Order(msgspec.Struct):
    side: Side
    levels: dict[str, Level]


def test_msgspec_sees_enums() -> None:
    text = b'{"side":"sell","levels":{"a":7,"b":8}}'
    order = msgspec.json.decode(text, type=Order)
    assert order.side is Side.SELL
    assert order.levels["a"] is Level.N7
    assert order.levels["b"].name == "UNKNOWN"
    assert msgspec.json.encode(order) == text
    kinds = msgspec.inspect.type_info(Order)
    assert isinstance(kinds, msgspec.inspect.StructType)
    assert kinds.fields[0].type == msgspec.inspect.EnumType(Side)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"side":7,"levels":{}}', type=Order)


def test_members_that_are_not_plain_are_left_to_enum() -> None:
    class Twice(OpenEnum):
        ONE = "a"
        OTHER = "a"

    assert Twice.OTHER is Twice.ONE
    assert len(Twice) == 1

    class Hiding(OpenEnum):
        title = "b"

    assert Hiding("b").value == "b"
    assert Hiding.title.name == "title"

    class Called(OpenEnum):
        A = enum.auto()
        _ignore_ = ("B",)
        B = "b"

        def shout(self) -> str:
            return self.value.upper()

    assert [m.value for m in Called] == ["a"]
    assert Called.A.shout() == "A"
    assert not Called("c").is_known

    class Told:
        def tell(self) -> str:
            return "told"

    class Mixed(Told, OpenEnum):
        A = "a"

    assert Mixed.A.tell() == "told"
    assert Mixed("b").name == "UNKNOWN"

    class Empty(OpenIntEnum):
        pass

    assert len(Empty) == 0
    with pytest.raises(ValueError, match="invalid enum member name"):
        type(OpenEnum)("Wrong", (OpenEnum,), {"__module__": __name__, "mro": "x"})
    with pytest.raises(TypeError):

        class Wrong(OpenEnum):
            A = 1


def test_a_later_python_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = open_enums._Pattern(OpenText, str)
    monkeypatch.setattr(pattern, "_is_known", False)
    assert pattern.made("Made", {"__module__": __name__, "__qualname__": "Made", "A": "a"}) is None
    assert sys.version_info >= (3, 11)
