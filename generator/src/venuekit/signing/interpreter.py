"""Evaluates a signing scheme step by step: the judge of what emitted signers must compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, assert_never

from venuekit.contract.signing import (
    STANDARD_INPUTS,
    Argument,
    Call,
    Decoding,
    Expression,
    Input,
    InputSource,
    Literal,
    Members,
    Reference,
    SignedWire,
    SigningScheme,
    Step,
    StructTypes,
    Use,
    ValueType,
)
from venuekit.contract.signing_operators import OPERATORS
from venuekit.signing.operations import OPERATIONS, REQUEST_OPERATIONS, as_bytes
from venuekit.signing.plan import is_optional, plan
from venuekit.signing.request import SigningRequest
from venuekit_runtime import crypto, crypto_keys, crypto_values
from venuekit_runtime.errors import SigningError

Evaluate = Callable[["Frame"], Any]

_REQUEST_NAMES = frozenset(STANDARD_INPUTS) - {"timestamp", "nonce"}

DECODERS: Mapping[Decoding, Callable[[str, Mapping[str, str], str], Any]] = {
    Decoding.TEXT: crypto.text_part,
    Decoding.UTF8: crypto.utf8_part,
    Decoding.BASE64: crypto.base64_part,
    Decoding.BASE64URL: crypto.base64url_part,
    Decoding.HEX: crypto.hex_part,
    Decoding.ED25519: crypto_keys.ed25519_part,
    Decoding.RSA: crypto_keys.rsa_part,
    Decoding.P256: crypto_keys.p256_part,
    Decoding.SECP256K1: crypto_keys.secp256k1_part,
}


@dataclass(slots=True)
class Frame:
    """What one evaluation sees: the request, and named values as they are computed."""

    request: SigningRequest
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The finished request, and each step's value by name in the order of computation."""

    request: SigningRequest
    steps: Mapping[str, Any]

    @property
    def canonical(self) -> bytes:
        """Return the signed string as bytes."""
        return as_bytes(self.steps["canonical"])


def decode_credentials(scheme: SigningScheme, parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the bytes, texts and keys that sign. Raises SigningError without quoting secrets."""
    return {
        credential.name: DECODERS[credential.decoding](scheme.name, parts, credential.name)
        for credential in scheme.credentials
    }


class Interpreter:
    """A scheme, compiled once into closures."""

    def __init__(self, scheme: SigningScheme) -> None:
        self.scheme = scheme
        self._compiled: dict[int, Evaluate] = {}
        self._plans = {use.wire: plan(scheme, use) for use in scheme.uses}

    def evaluate(
        self,
        use: Use,
        request: SigningRequest,
        credentials: Mapping[str, Any],
        inputs: Mapping[str, Any],
    ) -> Evaluation:
        """Sign a request in place and return every step.

        `credentials` are decoded; `inputs` hold `timestamp`, `nonce` and what the scheme declares.
        Raises SigningError when an input is absent or not what its operator needs.
        """
        request.is_message = use.wire is SignedWire.WEBSOCKET
        frame = Frame(request, {**credentials, **self._declared(inputs)})
        self._bind(use, frame)
        steps: dict[str, Any] = {}
        for action in self._plans[use.wire].actions:
            if isinstance(action, Step):
                value = self.compile(action.expression)(frame)
                frame.values[action.name] = steps[action.name] = value
            else:
                value = self.compile(action.value)(frame)
                if value != "" or not is_optional(self.scheme, action):
                    request.place(action.slot, action.name, value)
        return Evaluation(request, steps)

    def _declared(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        values = {name: inputs[name] for name in ("timestamp", "nonce") if name in inputs}
        for declared in self.scheme.inputs:
            value = inputs.get(declared.name, declared.default)
            values[declared.name] = typed_input(declared, value)
        return values

    def _bind(self, use: Use, frame: Frame) -> None:
        for name, expression in use.bindings:
            value = self.compile(expression)(frame)
            if name in _REQUEST_NAMES:
                setattr(frame.request, name, as_bytes(value) if name == "body" else value)
            else:
                frame.values[name] = value

    def compile(self, expression: Expression) -> Evaluate:
        """Return a closure for an expression; the same one for the same expression."""
        found = self._compiled.get(id(expression))
        if found is None:
            found = self._compiled[id(expression)] = self._compile(expression)
        return found

    def _compile(self, expression: Expression) -> Evaluate:
        match expression:
            case Literal(text):
                return lambda frame: text
            case Reference("headers" | "tags" | "message" as name):
                return lambda frame: frame.request.read(name)
            case Reference(name) if name in _REQUEST_NAMES:
                return attrgetter(f"request.{name}")
            case Reference(name):
                return lambda frame: _named(frame, name)
            case Call(operator):
                return self._compile_call(operator, expression)
            case _:
                assert_never(expression)

    def _compile_call(self, operator: str, call: Call) -> Evaluate:
        arguments = [self._compile_argument(argument) for _, argument in call.arguments]
        match operator:
            case "if_present":
                of, then, otherwise = arguments
                return lambda frame: then(frame) if of(frame) else otherwise(frame)
            case "if_equal":
                of, to, then, otherwise = arguments
                return lambda frame: then(frame) if of(frame) == to(frame) else otherwise(frame)
            case _ if operator in REQUEST_OPERATIONS:
                seeing = REQUEST_OPERATIONS[operator]
                return lambda frame: seeing(frame.request, *[a(frame) for a in arguments])
            case _:
                return _applied(OPERATIONS[operator], arguments)

    def _compile_argument(self, argument: Argument) -> Evaluate:
        match argument:
            case Literal() | Reference() | Call():
                return self.compile(argument)
            case Members(items):
                members = [(name, self.compile(item)) for name, item in items]
                return lambda frame: {name: item(frame) for name, item in members}
            case tuple():
                parts = [self.compile(item) for item in argument if not isinstance(item, str)]
                if len(parts) != len(argument):
                    return lambda frame: argument
                return lambda frame: [part(frame) for part in parts]
            case StructTypes() | str() | int():
                return lambda frame: argument
            case _:
                assert_never(argument)


def _applied(operation: Callable[..., Any], arguments: list[Evaluate]) -> Evaluate:
    """Return a closure for the usual numbers of arguments, because a server runs them often."""
    match arguments:
        case [only]:
            return lambda frame: operation(only(frame))
        case [first, second]:
            return lambda frame: operation(first(frame), second(frame))
        case [first, second, third]:
            return lambda frame: operation(first(frame), second(frame), third(frame))
        case _:
            return lambda frame: operation(*[argument(frame) for argument in arguments])


def _named(frame: Frame, name: str) -> Any:
    try:
        return frame.values[name]
    except KeyError:
        raise SigningError(f"the input {name!r} is needed to sign, and was not given") from None


def typed_input(declared: Input, value: Any) -> Any:
    """Return a declared input as its type. Raises SigningError when it is not of that type."""
    if value is None:
        if declared.source is InputSource.OPERATION:
            raise SigningError(f"the input {declared.name!r} is needed to sign, and was not given")
        if declared.type in (ValueType.VALUE, ValueType.LIST):
            return () if declared.type is ValueType.LIST else None
        if declared.type is ValueType.NUMBER:
            raise SigningError(f"the input {declared.name!r} is needed to sign, and was not given")
        return b"" if declared.type is ValueType.BYTES else ""
    match declared.type:
        case ValueType.TEXT:
            return crypto_values.as_text(value)
        case ValueType.BYTES:
            return as_bytes(value)
        case ValueType.NUMBER:
            return crypto_values.number(crypto_values.as_text(value))
        case ValueType.LIST:
            pairs = value.items() if isinstance(value, Mapping) else value
            return tuple((str(key), crypto_values.as_text(item)) for key, item in pairs)
        case _:
            return value


def unknown_operators() -> frozenset[str]:
    """Return operators of the vocabulary that have no computation; the tests demand none."""
    branches = {"if_present", "if_equal"}
    return frozenset(OPERATORS) - set(OPERATIONS) - set(REQUEST_OPERATIONS) - branches
