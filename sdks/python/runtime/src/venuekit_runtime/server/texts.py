"""Texts of a target, a header or a form to values: strict percent-decoding, then the shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from venuekit_runtime.server.json_text import read_json
from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.shapes import (
    Anything,
    ListOf,
    Maybe,
    Members,
    Named,
    Null,
    Number,
    OneOf,
    Shape,
    Table,
    Truth,
    TupleOf,
    Values,
)

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?\Z", re.ASCII)
_MAX_NUMBER = 1_000


def percent_decode(text: str, name: str, is_plus_space: bool = False) -> str:
    """RFC 3986 decoding of one value. `+` stays itself unless it stands for a space, as in
    forms. Refuses a broken escape, a NUL, and what is not UTF-8."""
    if is_plus_space and "+" in text:
        text = text.replace("+", " ")
    if "%" not in text and text.isascii():
        return text
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        raise malformed(f"{name}: text that is not percent-encoded") from None
    if raw.count(b"%") != len(_ESCAPE.findall(raw)):
        raise malformed(f"{name}: a % that is no escape")
    decoded = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), raw)
    if b"\x00" in decoded:
        raise malformed(f"{name}: an escaped NUL")
    try:
        return decoded.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed(f"{name}: escapes that are not UTF-8") from None


def split_pairs(text: str, name: str, is_plus_space: bool) -> list[tuple[str, str]]:
    """The pairs of a query or form: names are decoded, values are not yet."""
    if not text:
        return []
    split = (pair.partition("=") for pair in text.split("&"))
    return [(percent_decode(key, name, is_plus_space), value) for key, _, value in split]


class Reading:
    """Reads texts by the shapes of one table. What a text does not mean stays text, so that the
    judge names it."""

    __slots__ = ("_table",)

    def __init__(self, table: Table) -> None:
        self._table = table

    @property
    def table(self) -> Table:
        return self._table

    def typed(self, shape: Shape, text: str) -> Any:
        """The value that a decoded text means for a shape."""
        match shape:
            case Named(name=name):
                return self.typed(self._table[name], text)
            case Maybe(inner=inner):
                return None if text in ("null", "") else self.typed(inner, text)
            case Number(is_text=False):
                return _number(text)
            case Truth():
                return {"true": True, "false": False}.get(text, text)
            case Values(values=values):
                return next((one for one in values if _written(one) == text), text)
            case Null():
                return None if text in ("null", "") else text
            case OneOf(variants=variants):
                return self._union(variants, text)
            case ListOf() | TupleOf() | Members():
                return _json(text)
            case Anything() | _:
                return text

    def _union(self, variants: Iterable[Shape], text: str) -> Any:
        readings = [self.typed(variant, text) for variant in variants]
        return next((one for one in readings if not isinstance(one, str)), text)

    def item(self, shape: ListOf | TupleOf, text: str, position: int) -> Any:
        """One item of a list."""
        if isinstance(shape, ListOf):
            return self.typed(shape.item, text)
        inner = shape.items[position] if position < len(shape.items) else shape.rest
        return self.typed(inner, text) if inner is not None else text

    def member(self, shape: Shape, name: str, text: str) -> Any:
        """One member of an object."""
        if isinstance(shape, Members):
            for member in shape.members:
                if member.name == name:
                    return self.typed(member.shape, text)
            if shape.others is not None:
                return self.typed(shape.others, text)
        return text


def _number(text: str) -> Any:
    if len(text) > _MAX_NUMBER or _NUMBER.match(text) is None:
        return text
    if text.lstrip("-").isdigit():
        return int(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def _json(text: str) -> Any:
    try:
        return read_json(text.encode("utf-8"))
    except RefusalError:
        return text
