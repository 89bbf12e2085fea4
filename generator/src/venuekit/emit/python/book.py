"""Every distinct shape of a contract, drawn once by datamodel-code-generator and then checked.

A contract of thousands of classes has a few hundred shapes of fields when references are only
counted. That library draws each of them well and slowly, so it gets each once, in one struct;
its answer is parsed and compared with the shapes, so that a type which it widens or a field which
it drops fails the run instead of a user.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, assert_never

from venuekit.emit.ledger import current
from venuekit.emit.model_back_end import BackEnd, ModelError, Schemas
from venuekit.emit.python.types import (
    Constant,
    DecimalOrEmpty,
    ListOf,
    MapOf,
    Named,
    OneOf,
    Plain,
    Shape,
    hint,
)

_REF = "#/components/schemas/"
_BOOK = "VenuekitBook"
_PLACE = "VenuekitPlace"
_ENUM = "VenuekitEnum"
_PLACES = re.compile(rf"\b{_PLACE}([0-9]+)\b")
_SCALARS: dict[str, dict[str, Any]] = {
    "Any": {},
    "None": {"type": "null"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "str": {"type": "string"},
    "Decimal": {"type": "string", "format": "decimal"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """The type of a field or alias; of an optional field it admits being unset."""

    shape: Shape
    is_required: bool


@dataclass(frozen=True, slots=True)
class Members:
    """The members of an enum: names and values."""

    pairs: tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The drawn text of every part, with numbered places where names stand."""

    texts: dict[Part, str]

    def text(self, part: Part) -> str:
        """Return the annotation of a part."""
        found: list[Shape] = []
        general = Part(_general(part.shape, found), part.is_required)
        return _PLACES.sub(lambda match: hint(found[int(match[1])]), self.texts[general])


@dataclass(frozen=True, slots=True)
class Draft:
    """What a book will hold: every distinct part, and what of it the back end has yet to draw."""

    distinct: list[Part]
    new: list[Part]
    unseen: list[Members]
    known: dict[str, str]
    back_end: BackEnd

    def book(self) -> Book:
        """Take what the back end drew, and check it.

        Raises ModelError when it warns, or drew something else than it was given.
        """
        if self.new or self.unseen:
            self.known.update(_drawn(self.back_end.text(), self.new, self.unseen))
        known = self.known
        return Book({part: _checked(part, known.get(_expected(part))) for part in self.distinct})


def draft(parts: Iterable[Part], enums: Iterable[Members], back_end: BackEnd) -> Draft:
    """Give every distinct part and enum that nobody has drawn yet to the back end."""
    distinct = list(dict.fromkeys(Part(_general(p.shape, []), p.is_required) for p in parts))
    values = list(dict.fromkeys(enums))
    ledger = current()
    known = ledger.drawn if ledger is not None else {}
    new = [part for part in distinct if _expected(part) not in known]
    unseen = [members for members in values if _mark(members) not in known]
    if new or unseen:
        back_end.give(_schemas(new, unseen))
    return Draft(distinct, new, unseen, known, back_end)


def _drawn(text: str, parts: list[Part], enums: list[Members]) -> dict[str, str]:
    """Return what the back end drew: the text of each part, and a mark for each enum."""
    tree = ast.parse(text)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for position, members in enumerate(enums):
        _check_enum(classes.get(f"{_ENUM}{position}"), members)
    drawn = _drawn_fields(classes.get(_BOOK))
    found = {_expected(p): drawn[f"f{i}"] for i, p in enumerate(parts) if f"f{i}" in drawn}
    return {**found, **{_mark(members): "" for members in enums}}


def _expected(part: Part) -> str:
    """Return the annotation that a part stands for, by which it is known."""
    return hint(part.shape) + ("" if part.is_required else " | UnsetType")


def _mark(members: Members) -> str:
    """Return what a checked enum is known by."""
    return "enum " + hashlib.sha256(repr(members.pairs).encode("utf-8", "replace")).hexdigest()


def _general(shape: Shape, found: list[Shape]) -> Shape:
    """Return a shape with numbered places for names and constants, which go to `found`."""
    match shape:
        case Named() | Constant() | DecimalOrEmpty():
            if shape not in found:
                found.append(shape)
            return Named(f"{_PLACE}{found.index(shape)}")
        case ListOf(item=item):
            return ListOf(_general(item, found))
        case MapOf(value=value):
            return MapOf(_general(value, found))
        case OneOf(shapes=shapes):
            return OneOf(tuple(_general(one, found) for one in shapes))
        case _:
            return shape


def _schemas(parts: list[Part], enums: list[Members]) -> Schemas:
    schemas: Schemas = {}
    fields = {f"f{position}": part for position, part in enumerate(parts)}
    schemas[_BOOK] = {
        "type": "object",
        "properties": {name: _feed(part.shape) for name, part in fields.items()},
        "required": [name for name, part in fields.items() if part.is_required],
    }
    places = max((_places(part.shape) for part in parts), default=0)
    for position in range(places):
        stub = {"type": "string"}
        schemas[f"{_PLACE}{position}"] = stub
    for position, members in enumerate(enums):
        is_text = isinstance(members.pairs[0][1], str)
        schemas[f"{_ENUM}{position}"] = {
            "type": "string" if is_text else "integer",
            "enum": [value for _, value in members.pairs],
            "x-enum-varnames": [name for name, _ in members.pairs],
        }
    return schemas


def _places(shape: Shape) -> int:
    return len(set(_PLACES.findall(hint(shape))))


def _feed(shape: Shape) -> dict[str, Any]:
    """Return the JSON Schema of a shape, in words that the back end draws exactly."""
    match shape:
        case Plain(name=name):
            return dict(_SCALARS[name])
        case Constant(value=value):
            return {"const": value}
        case DecimalOrEmpty():
            return dict(_SCALARS["Decimal"])
        case Named(name=name):
            return {"$ref": _REF + name}
        case ListOf(item=item):
            return {"type": "array", "items": _feed(item)}
        case MapOf(value=value):
            return {"type": "object", "additionalProperties": _feed(value)}
        case OneOf(shapes=shapes):
            return {"anyOf": [_feed(one) for one in shapes]}
        case _:
            assert_never(shape)


def _checked(part: Part, drawn: str | None) -> str:
    """Return the text of a part as it was drawn, after comparing its meaning with the shape."""
    expected = _expected(part)
    if drawn is None or _normal(drawn) != _normal(expected):
        raise ModelError(f"a type was drawn as {drawn!r}, expected {expected!r}")
    return drawn


def _check_enum(node: ast.ClassDef | None, members: Members) -> None:
    drawn = [
        (statement.targets[0].id, ast.literal_eval(statement.value))
        for statement in (node.body if node is not None else ())
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    ]
    if drawn != list(members.pairs):
        raise ModelError(f"an enum was drawn with {drawn}, expected {list(members.pairs)}")


def _drawn_fields(node: ast.ClassDef | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in node.body if node is not None else ():
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = ast.unparse(statement.annotation)
    return found


def _normal(text: str) -> str:
    """Return an annotation with its unions in order, so that only meaning is compared."""
    return _ordered(ast.parse(text, mode="eval").body)


def _ordered(node: ast.expr) -> str:
    if isinstance(node, ast.BinOp):
        parts: set[str] = set()
        stack: list[ast.expr] = [node]
        while stack:
            one = stack.pop()
            if isinstance(one, ast.BinOp):
                stack += [one.left, one.right]
            else:
                parts.add(_ordered(one))
        return " | ".join(sorted(parts))
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return f"{ast.unparse(node.value)}[{', '.join(_ordered(one) for one in inner)}]"
    return ast.unparse(node)
