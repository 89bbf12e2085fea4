"""Runs an expression backwards: which inputs make it yield a value that was received."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from msgspec import DecodeError, json

from venuekit.contract.signing import (
    Argument,
    Call,
    Expression,
    Literal,
    Members,
    Reference,
    SigningScheme,
)
from venuekit_runtime import crypto_public

_PATTERNS = {
    "hex": "[0-9a-f]*",
    "base64": "[A-Za-z0-9+/]*={0,2}",
    "base64url": "[A-Za-z0-9_-]*={0,2}",
    "base64url_unpadded": "[A-Za-z0-9_-]*",
    "percent_encode": "(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*",
}


class MismatchError(Exception):
    """The value cannot have come from the expression."""


@dataclass(slots=True)
class Matcher:
    """Collects what references must have been; a known one must agree.

    Parts of an expression that cannot be run backwards (a hash, a flattened list) bind nothing:
    the caller computes the expression forwards afterwards and compares.
    """

    scheme: SigningScheme
    known: Mapping[str, Any]
    bound: dict[str, Any] = field(default_factory=dict)

    def match(self, expression: Expression, value: Any) -> None:
        """Bind the references of an expression that yielded `value`. Raises MismatchError."""
        match expression:
            case Literal(text):
                _agree(text, value)
            case Reference(name):
                self._match_reference(name, value)
            case Call("concat" | "join"):
                self._match_parts(expression, value)
            case Call("object"):
                self._match_object(expression, value)
            case Call("if_present"):
                self.match(self._branch(expression), value)
            case Call(operator, arguments) if operator in INVERSES and arguments:
                self.match(_expression(arguments[0][1]), INVERSES[operator](value))
            case _:
                return

    def _match_reference(self, name: str, value: Any) -> None:
        if name in self.known:
            _agree(self.known[name], value)
        elif name in self.bound:
            _agree(self.bound[name], value)
        else:
            step = next((s for s in self.scheme.steps if s.name == name), None)
            if step is None or name == "signature":
                self.bound[name] = value
            else:
                self.match(step.expression, value)

    def _match_parts(self, call: Call, value: Any) -> None:
        parts = self._flattened(call)
        if isinstance(value, bytes):
            try:
                value = value.decode()
            except UnicodeDecodeError:
                return
        if not isinstance(value, str):
            raise MismatchError
        found = re.fullmatch("".join(self._pattern(part) for part in parts), value, re.DOTALL)
        if found is None:
            raise MismatchError
        open_parts = [part for part in parts if not isinstance(part, Literal)]
        for part, text in zip(open_parts, found.groups(), strict=True):
            self.match(part, text)

    def _pattern(self, part: Expression) -> str:
        match part:
            case Literal(text):
                return re.escape(text)
            case Reference(name) if isinstance(self.known.get(name, self.bound.get(name)), str):
                return f"({re.escape(self.known.get(name, self.bound.get(name)))})"
            case Call(operator) if operator in _PATTERNS:
                return f"({_PATTERNS[operator]})"
            case _:
                return "(.*?)"

    def _flattened(self, call: Call) -> list[Expression]:
        """Return the parts with separators between them, nested joins and steps opened."""
        separator = str(call.argument("with")) if call.operator == "join" else ""
        parts: list[Expression] = []
        items = call.argument("parts")
        for index, item in enumerate(items if isinstance(items, tuple) else ()):
            if index and separator:
                parts.append(Literal(separator, call.origin))
            parts += self._opened(_expression(item))
        return parts

    def _opened(self, part: Expression) -> list[Expression]:
        if isinstance(part, Reference) and part.name not in self.known and part.name != "signature":
            step = next((s for s in self.scheme.steps if s.name == part.name), None)
            if step is not None:
                return self._opened(step.expression)
        if isinstance(part, Call) and part.operator == "if_present":
            return self._opened(self._branch(part))
        if isinstance(part, Call) and part.operator in ("concat", "join"):
            return self._flattened(part)
        return [part]

    def _branch(self, call: Call) -> Expression:
        """Return the branch that was taken: the second one where the value is known and empty."""
        of = call.argument("of")
        is_empty = isinstance(of, Reference) and self.known.get(of.name) in ("", b"")
        return _expression(call.argument("else" if is_empty else "then"))

    def _match_object(self, call: Call, value: Any) -> None:
        members = call.argument("members")
        if not isinstance(members, Members) or not isinstance(value, Mapping):
            raise MismatchError
        if list(value) != [name for name, _ in members.items]:
            raise MismatchError
        for name, expression in members.items:
            self.match(expression, value[name])


def _agree(expected: Any, value: Any) -> None:
    if isinstance(value, bytes) and isinstance(expected, str):
        expected = expected.encode()
    if expected != value:
        raise MismatchError


def _expression(argument: Argument | Expression | str) -> Expression:
    if isinstance(argument, Literal | Reference | Call):
        return argument
    raise MismatchError


def strict_hex(value: Any) -> bytes:
    """Return the bytes of lower-case hexadecimal. Raises MismatchError for any other form."""
    return _decoded(crypto_public.strict_hex(value) if isinstance(value, str) else None)


def strict_base64(value: Any, altchars: bytes = b"+/", is_padded: bool = True) -> bytes:
    """Return the bytes of canonical base64. Raises MismatchError for any other form."""
    is_text = isinstance(value, str)
    return _decoded(crypto_public.strict_base64(value, altchars, is_padded) if is_text else None)


def _decoded(raw: bytes | None) -> bytes:
    if raw is None:
        raise MismatchError
    return raw


def _json(value: Any) -> Any:
    try:
        return json.decode(value)
    except (DecodeError, UnicodeDecodeError, TypeError):
        raise MismatchError from None


def _digits(value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MismatchError
    return str(value)


def _unquoted(value: Any) -> str:
    try:
        return unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise MismatchError from None


INVERSES = {
    "hex": strict_hex,
    "base64": strict_base64,
    "base64url": lambda value: strict_base64(value, b"-_"),
    "base64url_unpadded": lambda value: strict_base64(value, b"-_", is_padded=False),
    "percent_encode": _unquoted,
    "json": _json,
    "number": _digits,
}
