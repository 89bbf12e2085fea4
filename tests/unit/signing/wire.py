"""A signed request as it stands on the wire, and the same one forged: changed, signature kept."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from venuekit.contract.signing import (
    DECODED_TYPE,
    Expression,
    SignedWire,
    SigningScheme,
    Use,
    ValueType,
)
from venuekit.signing.interpreter import DECODERS, Evaluate, Interpreter
from venuekit.signing.public_keys import public_part
from venuekit.signing.received import Received, Refusal
from venuekit.signing.verifier import Material, Verifier
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.judges import evaluate


class Forger(Interpreter):
    """Writes a request like its signer does, but with a signature that it was given."""

    def __init__(self, scheme: SigningScheme, signature: Any) -> None:
        self._signature_step = scheme.step("signature").expression
        self._signature = signature
        super().__init__(scheme)

    def compile(self, expression: Expression) -> Evaluate:
        if expression is self._signature_step:
            return lambda frame: self._signature
        return super().compile(expression)


class Wire:
    """One use of a scheme between a signer and a server that share keys."""

    def __init__(self, scheme: SigningScheme, use: Use) -> None:
        self.scheme = scheme
        self.use = use
        self.verifier = Verifier(scheme, use.wire)
        self._interpreter = Interpreter(scheme)

    def signed(self, given: PreparedRequest) -> tuple[Received, Any]:
        """The request as it arrives, and its signature."""
        found = evaluate(self._interpreter, self.use, copy.deepcopy(given))
        return self._received(given, found.request), found.steps["signature"]

    def forged(self, given: PreparedRequest, signature: Any) -> Received:
        """A request as it arrives with somebody else's signature."""
        found = evaluate(Forger(self.scheme, signature), self.use, copy.deepcopy(given))
        return self._received(given, found.request)

    def refusal(self, received: Received, material: Material) -> Refusal | None:
        """What the server says about it: first reading, then the signature."""
        placed = self.verifier.read(received)
        if isinstance(placed, Refusal):
            return placed
        return self.verifier.check_signature(received, placed, material)

    def material(self, parts: Mapping[str, str]) -> Material:
        """What the server holds for these credentials."""
        found: dict[str, Any] = {}
        for part in self.scheme.credentials:
            if DECODED_TYPE[part.decoding] in (ValueType.TEXT, ValueType.BYTES):
                found[part.name] = DECODERS[part.decoding](self.scheme.name, parts, part.name)
            else:
                found[part.name] = public_part(part.decoding, parts[part.name])
        return found

    def _received(self, given: PreparedRequest, sent: Any) -> Received:
        is_stream = self.use.wire is SignedWire.WEBSOCKET
        return Received(
            method=sent.method,
            host=sent.host,
            target=sent.target,
            body=sent.body,
            headers=tuple((n.encode("latin-1"), v.encode("latin-1")) for n, v in sent.headers),
            message=copy.deepcopy(sent.message) if is_stream else None,
            tags=tuple(sent.tags),
            inputs=given.inputs,
        )
