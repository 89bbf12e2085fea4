"""Shapes: what a client may send, as data. Stricter than the models, which keep what is new.

They are msgspec structs so that generated modules make thousands of them quickly. Bounds are
exact; a `pattern` is Python's (see `patterns.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

Scalar = str | int | bool | Decimal | None
TextFormat = Literal["date-time", "date", "uuid"]


class Anything(Struct, frozen=True):
    """Any JSON value."""


class Nothing(Struct, frozen=True):
    """No value at all (`false`)."""


class Null(Struct, frozen=True):
    """Null alone."""


class Truth(Struct, frozen=True):
    """`true` or `false`."""


class Number(Struct, frozen=True, kw_only=True):
    """A number, exact at any size. `is_text` says that JSON has it as plain decimal text, and
    `scale` how many digits may follow the point."""

    is_whole: bool = False
    is_text: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    step: Decimal | None = None
    scale: int | None = None
    pattern: str | None = None


class Text(Struct, frozen=True, kw_only=True):
    """Text; `is_binary` says that a file may stand for it."""

    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None
    format: TextFormat | None = None
    is_binary: bool = False


class Values(Struct, frozen=True):
    """One of these values and no other."""

    values: tuple[Scalar, ...]


class ListOf(Struct, frozen=True, kw_only=True):
    """A list of equal items."""

    item: Shape
    least: int | None = None
    most: int | None = None
    is_unique: bool = False


class TupleOf(Struct, frozen=True, kw_only=True):
    """A list whose items differ by position; `rest` None forbids further ones."""

    items: tuple[Shape, ...]
    rest: Shape | None = None
    least: int | None = None


class Member(Struct, frozen=True):
    """A named part of an object."""

    name: str
    shape: Shape
    is_required: bool = False


class Members(Struct, frozen=True, kw_only=True):
    """An object; `others` is the shape of undeclared members, None where they are forbidden."""

    members: tuple[Member, ...] = ()
    others: Shape | None = Anything()
    patterns: tuple[tuple[str, Shape], ...] = ()
    least: int | None = None
    most: int | None = None


class OneOf(Struct, frozen=True, kw_only=True):
    """One of several shapes. With `tag`, that member's value names the variant in `tags`."""

    variants: tuple[Shape, ...]
    tag: str | None = None
    tags: Mapping[str, int] = {}


class Maybe(Struct, frozen=True):
    """A shape or null."""

    inner: Shape


class Named(Struct, frozen=True):
    """A shape that stands under its name in the table of shapes, for use in many places."""

    name: str


Shape = (
    Anything
    | Nothing
    | Null
    | Truth
    | Number
    | Text
    | Values
    | ListOf
    | TupleOf
    | Members
    | OneOf
    | Maybe
    | Named
)
Table = Mapping[str, Shape]
"""The named shapes of one contract."""


def resolved(shape: Shape, table: Table) -> Shape:
    """The shape behind names; a circle of bare names is anything."""
    seen: set[str] = set()
    while isinstance(shape, Named):
        if shape.name in seen:
            return Anything()
        seen.add(shape.name)
        shape = table[shape.name]
    return shape


def bare(shape: Shape, table: Table) -> Shape:
    """The shape behind names and behind "or null"."""
    found = resolved(shape, table)
    return bare(found.inner, table) if isinstance(found, Maybe) else found
