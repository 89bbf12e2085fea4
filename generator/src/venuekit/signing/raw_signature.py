"""Finds the bytes that a private key made inside the text that travels as the signature."""

from __future__ import annotations

from typing import Any

from venuekit.contract.signing import (
    Call,
    Expression,
    Literal,
    Reference,
    SigningScheme,
    children,
)
from venuekit.signing.matching import INVERSES, MismatchError

ASYMMETRIC = frozenset(("ed25519", "rsa_pkcs1", "rsa_pss", "ecdsa_p256", "secp256k1"))
"""The operators that sign with a private key."""
_HALF = 32


def signing_call(scheme: SigningScheme) -> Call | None:
    """Return the operator that signs with a private key; None when a MAC or hash does it."""
    return _find(scheme, scheme.step("signature").expression)


def _find(scheme: SigningScheme, expression: Expression) -> Call | None:
    match expression:
        case Call(operator) if operator in ASYMMETRIC:
            return expression
        case Call("concat" | "join" | "rsv" | "json" | "as_text" | "upper", arguments):
            inner = [child for _, argument in arguments for child in children(argument)]
        case Call(operator, arguments) if operator in INVERSES:
            inner = [child for _, argument in arguments for child in children(argument)]
        case Reference(name):
            inner = [step.expression for step in scheme.steps if step.name == name]
        case _:
            return None
    return next((found for child in inner if (found := _find(scheme, child)) is not None), None)


def signature_bytes(scheme: SigningScheme, expression: Expression, value: Any) -> bytes:
    """Return the raw signature inside of what was received. Raises MismatchError.

    Every encoding is read strictly, so that one signature has one text and a replay cannot hide
    behind another spelling.
    """
    match expression:
        case Call(operator) if operator in ASYMMETRIC:
            if not isinstance(value, bytes):
                raise MismatchError
            return value
        case Call("rsv", arguments):
            return signature_bytes(scheme, _only(arguments[0][1]), _from_rsv(value))
        case Call("concat", arguments):
            return _inside(scheme, expression, value)
        case Call("upper", arguments) if is_hex(scheme, arguments[0][1]):
            return signature_bytes(scheme, _only(arguments[0][1]), _lowered(value))
        case Call(operator, arguments) if operator in INVERSES:
            return signature_bytes(scheme, _only(arguments[0][1]), INVERSES[operator](value))
        case Reference(name):
            return signature_bytes(scheme, scheme.step(name).expression, value)
        case _:
            raise MismatchError


def is_hex(scheme: SigningScheme, argument: Any) -> bool:
    """Return whether what stands there, itself or by a step's name, is hexadecimal."""
    steps = {step.name: step.expression for step in scheme.steps}
    for _ in scheme.steps:
        if isinstance(argument, Reference):
            argument = steps.get(argument.name)
    return isinstance(argument, Call) and argument.operator == "hex"


def _lowered(value: Any) -> str:
    """Turn capitals into what `hex` writes; a text with a small letter was never written."""
    if not isinstance(value, str) or not value.isascii() or value != value.upper():
        raise MismatchError
    return value.lower()


def _inside(scheme: SigningScheme, call: Call, value: Any) -> bytes:
    """Strip constants before and after the one part that holds the signature."""
    parts = children(call.argument("parts"))
    open_parts = [part for part in parts if not isinstance(part, Literal)]
    if len(open_parts) != 1 or not isinstance(value, str):
        raise MismatchError
    index = parts.index(open_parts[0])
    before = "".join(part.text for part in parts[:index] if isinstance(part, Literal))
    after = "".join(part.text for part in parts[index + 1 :] if isinstance(part, Literal))
    if not (value.startswith(before) and value.endswith(after)):
        raise MismatchError
    return signature_bytes(scheme, open_parts[0], value[len(before) : len(value) - len(after)])


def _from_rsv(value: Any) -> bytes:
    try:
        r, s, v = int(value["r"], 16), int(value["s"], 16), int(value["v"])
        raw = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big") + bytes([v])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise MismatchError from None
    if value["r"] != hex(r) or value["s"] != hex(s):
        raise MismatchError
    return raw


def _only(argument: Any) -> Expression:
    if isinstance(argument, Expression):
        return argument
    raise MismatchError
