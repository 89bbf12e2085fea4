"""Judges a decoded value by its shape: the first thing that is wrong, and where."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from typing import Any, assert_never

from venuekit_runtime.bodies import File
from venuekit_runtime.server.refusal import RefusalError, invalid
from venuekit_runtime.server.shapes import (
    Anything,
    ListOf,
    Maybe,
    Members,
    Named,
    Nothing,
    Null,
    Number,
    OneOf,
    Shape,
    Table,
    Text,
    Truth,
    TupleOf,
    Values,
)

MAX_DIGITS = 1_000
"""How many digits a number may have when it is written without an exponent."""

_EXACT = Context(prec=3 * MAX_DIGITS)
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]+\Z", re.ASCII)
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_FORMATS = {
    "date-time": re.compile(rf"{_DAY}[Tt ]{_CLOCK}\Z", re.ASCII),
    "date": re.compile(rf"{_DAY}\Z", re.ASCII),
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z", re.ASCII),
}


class Judge:
    """Judges by the shapes of one table."""

    __slots__ = ("_table",)

    def __init__(self, table: Table) -> None:
        self._table = table

    def check(self, shape: Shape, value: Any, name: str) -> None:
        """Raise VALIDATION_FAILED with the place (`order.legs.0.price`) of what is wrong."""
        try:
            self._check(shape, value, name)
        except RecursionError:
            raise invalid(name, f"{name}: is nested too deep") from None

    def _check(self, shape: Shape, value: Any, at: str) -> None:
        match shape:
            case Number():
                _check_number(shape, value, at)
            case Text():
                _check_text(shape, value, at)
            case Named(name=name):
                self._check(self._table[name], value, at)
            case Members():
                self._check_members(shape, value, at)
            case Values(values=values):
                if not any(_equals(value, one) for one in values):
                    raise _wrong(at, f"expected {_choice(values)}, found {_shown(value)}")
            case Truth():
                if not isinstance(value, bool):
                    raise _wrong(at, f"expected true or false, found {_shown(value)}")
            case Maybe(inner=inner):
                if value is not None:
                    self._check(inner, value, at)
            case ListOf() | TupleOf():
                self._check_list(shape, value, at)
            case OneOf():
                self._check_union(shape, value, at)
            case Null():
                if value is not None:
                    raise _wrong(at, f"expected null, found {_shown(value)}")
            case Nothing():
                raise _wrong(at, "no value is allowed here")
            case Anything():
                return
            case _:
                assert_never(shape)

    def _check_members(self, shape: Members, value: Any, at: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(at, f"expected an object, found {_shown(value)}")
        _check_count(shape.least, shape.most, len(value), at, "members")
        known = _by_name(shape)
        for member in shape.members:
            if member.is_required and member.name not in value:
                raise invalid(_below(at, member.name), f"{at}: lacks {member.name}")
        for name, item in value.items():
            below = _below(at, name)
            member_shape = known.get(name)
            if member_shape is not None:
                self._check(member_shape, item, below)
            is_patterned = False
            for pattern, inner in shape.patterns:
                if _compiled(pattern).search(name) is not None:
                    is_patterned = True
                    self._check(inner, item, below)
            if member_shape is None and not is_patterned:
                if shape.others is None:
                    raise invalid(below, f"{at}: knows no member {_shown(name)}")
                self._check(shape.others, item, below)

    def _check_list(self, shape: ListOf | TupleOf, value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise _wrong(at, f"expected a list, found {_shown(value)}")
        if isinstance(shape, ListOf):
            _check_count(shape.least, shape.most, len(value), at, "items")
            for position, item in enumerate(value):
                self._check(shape.item, item, f"{at}.{position}")
            if shape.is_unique and not _are_unique(value):
                raise _wrong(at, "expected items that differ from each other")
            return
        most = len(shape.items) if shape.rest is None else None
        _check_count(shape.least, most, len(value), at, "items")
        for position, item in enumerate(value):
            inner = shape.items[position] if position < len(shape.items) else shape.rest
            if inner is not None:
                self._check(inner, item, f"{at}.{position}")

    def _check_union(self, shape: OneOf, value: Any, at: str) -> None:
        if shape.tag is not None and isinstance(value, dict):
            found = value.get(shape.tag)
            position = shape.tags.get(found) if isinstance(found, str) else None
            if position is None:
                fact = f"expected {_choice(tuple(shape.tags))}, found {_shown(found)}"
                raise _wrong(_below(at, shape.tag), fact)
            self._check(shape.variants[position], value, at)
            return
        problems: list[RefusalError] = []
        for variant in shape.variants:
            try:
                self._check(variant, value, at)
            except RefusalError as problem:
                problems.append(problem)
            else:
                return
        raise problems[0] if len(problems) == 1 else _wrong(at, _none_fits(problems))


def _check_number(shape: Number, value: Any, at: str) -> None:
    number = _number(shape, value, at)
    if shape.scale is not None and -_exponent(number) > shape.scale:
        raise _wrong(at, f"expected at most {shape.scale} digits after the point")
    for bound, is_broken, words in (
        (shape.low, _less, "at least"),
        (shape.high, _greater, "at most"),
        (shape.above, _not_greater, "more than"),
        (shape.below, _not_less, "less than"),
    ):
        if bound is not None and is_broken(number, bound):
            raise _wrong(at, f"expected {words} {bound}, found {_shown(value)}")
    if shape.step is not None and _EXACT.remainder(Decimal(number), shape.step):
        raise _wrong(at, f"expected a multiple of {shape.step}, found {_shown(value)}")


def _number(shape: Number, value: Any, at: str) -> int | Decimal:
    """The exact number that a value is, out of its text where the shape says so."""
    kind = "a whole number" if shape.is_whole else "a number"
    if shape.is_text:
        form = _WHOLE if shape.is_whole else _PLAIN
        if not isinstance(value, str) or len(value) > MAX_DIGITS or form.match(value) is None:
            raise _wrong(at, f"expected {kind} as plain text, found {_shown(value)}")
        if shape.pattern is not None and _compiled(shape.pattern).search(value) is None:
            raise _wrong(at, f"expected text like {shape.pattern}, found {_shown(value)}")
        return int(value) if shape.is_whole else Decimal(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise _wrong(at, f"expected {kind}, found {_shown(value)}")
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) + len(value.as_tuple()[1]) > MAX_DIGITS:
            raise _wrong(at, f"expected {kind} of at most {MAX_DIGITS} digits")
        if shape.is_whole:
            raise _wrong(at, f"expected {kind} in plain digits, found {_shown(value)}")
    elif value.bit_length() > MAX_DIGITS * 3:
        raise _wrong(at, f"expected {kind} of at most {MAX_DIGITS} digits")
    return value


def _exponent(number: int | Decimal) -> int:
    if isinstance(number, int):
        return 0
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _less(number: int | Decimal, bound: Decimal) -> bool:
    return number < bound


def _greater(number: int | Decimal, bound: Decimal) -> bool:
    return number > bound


def _not_less(number: int | Decimal, bound: Decimal) -> bool:
    return number >= bound


def _not_greater(number: int | Decimal, bound: Decimal) -> bool:
    return number <= bound


def _check_text(shape: Text, value: Any, at: str) -> None:
    if shape.is_binary and isinstance(value, (bytes, File)):
        return
    if not isinstance(value, str):
        raise _wrong(at, f"expected text, found {_shown(value)}")
    _check_count(shape.shortest, shape.longest, len(value), at, "characters")
    if shape.pattern is not None and _compiled(shape.pattern).search(value) is None:
        raise _wrong(at, f"expected text like {shape.pattern}, found {_shown(value)}")
    if shape.format is not None and _FORMATS[shape.format].match(value) is None:
        raise _wrong(at, f"expected a {shape.format}, found {_shown(value)}")


def _check_count(least: int | None, most: int | None, found: int, at: str, what: str) -> None:
    if least is not None and found < least:
        raise _wrong(at, f"expected at least {least} {what}, found {found}")
    if most is not None and found > most:
        raise _wrong(at, f"expected at most {most} {what}, found {found}")


def _equals(value: Any, one: Any) -> bool:
    # True equals 1 in Python and not in JSON.
    return bool(value == one) and isinstance(value, bool) == isinstance(one, bool)


def _are_unique(values: list[Any]) -> bool:
    """Whether no two JSON values are equal; by their text, so that it stays linear."""
    return len({repr(_ordered(value)) for value in values}) == len(values)


def _ordered(value: Any) -> Any:
    match value:
        case dict():
            return [(key, _ordered(value[key])) for key in sorted(value)]
        case list():
            return [_ordered(item) for item in value]
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case Decimal():
            return str(value.normalize())
        case _:
            return value


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_known: dict[int, tuple[Members, dict[str, Shape]]] = {}


def _by_name(shape: Members) -> Mapping[str, Shape]:
    """The members' shapes by name; kept with the shape, so that an id is never another's."""
    found = _known.get(id(shape))
    if found is None:
        found = _known[id(shape)] = (shape, {m.name: m.shape for m in shape.members})
    return found[1]


def _below(at: str, name: str) -> str:
    return f"{at}.{name[:60]}"


def _wrong(at: str, fact: str) -> RefusalError:
    return invalid(at, f"{at}: {fact}")


def _none_fits(problems: Iterable[RefusalError]) -> str:
    facts = [problem.message.partition(": ")[2] for problem in problems]
    return "fits no variant: " + "; ".join(dict.fromkeys(facts[:4]))


def _choice(values: tuple[Any, ...]) -> str:
    shown = ", ".join(_shown(value) for value in values[:20])
    return shown if len(values) <= 20 else f"{shown}, ... ({len(values)} values)"


def _shown(value: Any) -> str:
    """A value in an error: short, and printable ASCII alone."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case int() if value.bit_length() > 300:
            return "a very large number"
        case int() | Decimal():
            return str(value)[:40]
        case str():
            return ascii(value if len(value) <= 40 else value[:40] + "...")
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return "bytes"
