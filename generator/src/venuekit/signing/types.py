"""The type of any expression inside a scheme, which emitters need to write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from venuekit.contract.signing import (
    DECODED_TYPE,
    STANDARD_INPUTS,
    Call,
    Expression,
    Literal,
    Reference,
    SigningScheme,
    ValueType,
    children,
)
from venuekit.contract.signing_operators import OPERATORS


def scope_of(scheme: SigningScheme) -> dict[str, ValueType]:
    """Return the type of every name that the scheme's expressions may use."""
    return {
        **STANDARD_INPUTS,
        **{part.name: DECODED_TYPE[part.decoding] for part in scheme.credentials},
        **{declared.name: declared.type for declared in scheme.inputs},
        **{step.name: step.type for step in scheme.steps},
    }


def type_of(expression: Expression, scope: Mapping[str, ValueType]) -> ValueType:
    """Return what an expression yields; the loader has checked it before."""
    match expression:
        case Literal():
            return ValueType.TEXT
        case Reference(name):
            return scope[name]
        case Call(operator, arguments):
            result = OPERATORS[operator].result
            if result is not None:
                return result
            skipped = {"of"} if operator.startswith("if_") else set()
            found = {
                type_of(child, scope)
                for name, argument in arguments
                if name not in skipped
                for child in children(argument)
            }
            return ValueType.BYTES if ValueType.BYTES in found else ValueType.TEXT
        case _:
            assert_never(expression)
