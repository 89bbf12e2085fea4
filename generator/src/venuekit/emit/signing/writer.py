"""Turns expressions into one language's text, by a table of one row per operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, assert_never

from venuekit.contract.signing import (
    Argument,
    Call,
    Expression,
    Literal,
    Members,
    Reference,
    SigningScheme,
    StructTypes,
    ValueType,
)
from venuekit.signing.types import scope_of, type_of


@dataclass(frozen=True, slots=True)
class Written:
    """An expression in the target language: as it is, and where bytes are wanted.

    `parts` are the items of a list argument; `name` is the credential that a reference names.
    """

    text: str
    bytes: str
    value: str = ""
    name: str = ""
    parts: tuple[Written, ...] = ()

    def __str__(self) -> str:
        return self.text


class Language(Protocol):
    """What differs between languages; the rows are format strings over `Written` arguments."""

    rows: Mapping[str, str]

    def quoted(self, text: str) -> str:
        """Return a text literal."""

    def quoted_bytes(self, text: str) -> str:
        """Return a literal of a text's UTF-8 bytes."""

    def encoded(self, text: str) -> str:
        """Return the UTF-8 bytes of a text expression."""

    def listed(self, items: tuple[str, ...]) -> str:
        """Return a list of expressions."""

    def members(self, items: tuple[tuple[str, str], ...]) -> str:
        """Return an object of named expressions."""

    def structs(self, types: StructTypes) -> str:
        """Return EIP-712 struct types."""

    def special(self, call: Call, arguments: Mapping[str, Written], is_text: bool) -> str | None:
        """Return the text of an operator that a row cannot say, or None."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the expressions of one scheme; `names` says how each reference is spelled."""

    scheme: SigningScheme
    language: Language
    names: Mapping[str, str]

    def write(self, expression: Expression) -> Written:
        """Return an expression in the target language."""
        kind = type_of(expression, scope_of(self.scheme))
        match expression:
            case Literal(text):
                return Written(self.language.quoted(text), self.language.quoted_bytes(text))
            case Reference(name):
                return self._typed(self.names[name], kind, name)
            case Call():
                return self._typed(self._call(expression, kind), kind)
            case _:
                assert_never(expression)

    def _typed(self, text: str, kind: ValueType, name: str = "") -> Written:
        as_bytes = self.language.encoded(text) if kind is ValueType.TEXT else text
        return Written(text, as_bytes, name=name)

    def _call(self, call: Call, kind: ValueType) -> str:
        arguments = {name: self._argument(argument) for name, argument in call.arguments}
        is_text = kind is ValueType.TEXT
        special = self.language.special(call, arguments, is_text)
        if special is not None:
            return special
        return self.language.rows[call.operator].format(**_safe(arguments))

    def _argument(self, argument: Argument) -> Written:
        match argument:
            case Literal() | Reference() | Call():
                return self.write(argument)
            case Members(items):
                written = tuple((name, self.write(item).text) for name, item in items)
                return _plain(self.language.members(written))
            case tuple():
                return self._parts(argument)
            case StructTypes():
                return _plain(self.language.structs(argument))
            case str():
                return Written(self.language.quoted(argument), argument, value=argument)
            case int():
                return _plain(str(argument))
            case _:
                assert_never(argument)

    def _parts(self, items: tuple[Expression, ...] | tuple[str, ...]) -> Written:
        parts = tuple(
            _plain(self.language.quoted(item)) if isinstance(item, str) else self.write(item)
            for item in items
        )
        return Written(
            self.language.listed(tuple(part.text for part in parts)),
            self.language.listed(tuple(part.bytes for part in parts)),
            parts=parts,
        )


def _plain(text: str) -> Written:
    return Written(text, text, value=text)


_KEYWORDS = {"from": "start", "else": "otherwise", "with": "joined"}
"""Argument names that a format string of a row spells differently, because they read badly."""


def _safe(arguments: Mapping[str, Written]) -> dict[str, Written]:
    return {_KEYWORDS.get(name, name): written for name, written in arguments.items()}
